/** Which key signed a token, if any (policies-a, validate-jwt: candidate keys and their order; RFC 8725). */
import type { CandidateKey, KeyImports } from './keys.ts';
import { fits, isKnownAlgorithm } from './keys.ts';
import type { Refusal } from './messages.ts';
import * as messages from './messages.ts';
import type { TokenParts } from './token-parts.ts';

export interface KeyRing {
  readonly inline: readonly CandidateKey[];
  readonly provided: readonly CandidateKey[];
}

export type SignatureResult =
  | { readonly ok: true; readonly key: string }
  | { readonly ok: false; readonly refusal: Refusal; readonly unknownKey: boolean };

/** Verifies with the key whose id equals `kid`, or with each in turn when none has that id. */
export async function verifySignature(parts: TokenParts, ring: KeyRing, imports: KeyImports): Promise<SignatureResult> {
  const { alg, kid, x5t, crit } = parts.header;
  if (crit !== undefined) return refused(messages.criticalHeader());
  if (alg === 'none' || parts.signature === '') return refused(messages.noSignature());
  const total = ring.inline.length + ring.provided.length;
  if (total === 0) return refused(messages.noKeys());
  const id = typeof kid === 'string' ? kid : typeof x5t === 'string' ? x5t : undefined;
  const usable = isKnownAlgorithm(alg) ? usableKeys(ring, alg) : [];
  const named = id === undefined ? [] : usable.filter((key) => isNamed(key, id));
  for (const key of [...named, ...usable.filter((other) => !named.includes(other))]) {
    if (await verifies(parts, key, String(alg), imports)) return { ok: true, key: key.id ?? '' };
  }
  if (named.length > 0) return refused(messages.wrongSignature(id ?? ''));
  if (id === undefined) return refused(messages.noKeyVerified(total));
  return refused(messages.keyNotFound(id, total), true);
}

function refused(refusal: Refusal, unknownKey = false): SignatureResult {
  return { ok: false, refusal, unknownKey };
}

function usableKeys(ring: KeyRing, algorithm: string): CandidateKey[] {
  return [...ring.inline.filter((key) => fits(key, algorithm, false)), ...ring.provided.filter((key) => fits(key, algorithm, true))];
}

function isNamed(key: CandidateKey, id: string): boolean {
  return key.id === id || key.jwk.x5t === id;
}

async function verifies(parts: TokenParts, key: CandidateKey, algorithm: string, imports: KeyImports): Promise<boolean> {
  try {
    const jose = await imports.jose;
    const imported = await imports.import(key, algorithm);
    await jose.compactVerify(`${parts.signed}.${parts.signature}`, imported, { algorithms: [algorithm] });
    return true;
  } catch {
    return false;
  }
}
