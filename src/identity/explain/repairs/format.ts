/** A text that is no JWT. */
import { advice } from '../facts.ts';

export function formatRepairs(token: string): readonly string[] {
  const parts = token.split('.');
  return advice(
    parts.length === 5 &&
      'this token is encrypted: give the policy `<decryption-keys>`, or ask the provider for a signed token (Auth0 encrypts, for itself, when no `audience` is asked for)',
    parts.length === 2 && 'the signature is missing: the token was copied only in part',
    parts.length < 2 &&
      'this is an opaque token, which only its provider can read: ask for a JWT (Auth0: pass `audience`; PingFederate: a JSON web token manager; others: an API of your own as audience), or ask the introspection endpoint with send-request',
    parts.length === 3 && 'the token was copied only in part, or changed on its way: get it again without quotes, blanks and line breaks',
    parts.length === 4 && 'the token was changed on its way: a JWT has three parts',
  );
}
