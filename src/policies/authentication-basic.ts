import type { PolicyElement } from './compiler.ts';
import { ALL_SCOPES, type PolicyDefinition, required } from './definition.ts';
import { applyHeader } from './shared/header-element.ts';
import { needed } from './shared/inputs.ts';
import { keepSecret } from './shared/secrets.ts';
import type { Step } from './step.ts';

/** `<authentication-basic>`: sends user and password to the backend, in place of what the caller sent. */
export const authenticationBasic: PolicyDefinition = {
  name: 'authentication-basic',
  summary: 'Sends user and password to the backend.',
  page: 'authentication-basic-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  cardinality: 'once-per-section',
  attributes: [required('username', 'string', 'User.'), required('password', 'string', 'Password.')],
  content: 'empty',
  compile: compileBasic,
};

function compileBasic(element: PolicyElement): Step {
  const user = needed(element.text('username'), 'username');
  const password = needed(element.text('password'), 'password');
  return (exchange) => {
    const credentials = base64(`${user.read(exchange) ?? ''}:${password.read(exchange) ?? ''}`);
    keepSecret(exchange, credentials);
    const change = { name: 'Authorization', action: 'override', values: [`Basic ${credentials}`] } as const;
    applyHeader(change, exchange.request.headers, 'request', exchange);
    return undefined;
  };
}

/** UTF-8 (RFC 7617, section 2.1), as Base64. */
function base64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
