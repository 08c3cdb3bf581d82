/** Which key signed a token, if any (policies-a, validate-jwt: candidate keys and their order; RFC 8725). */
import { type CandidateKey, fits, isKnownAlgorithm, type KeyImports, type ReadyKey, UnusableKey } from './keys.ts';
import type { Refusal } from './messages.ts';
import * as messages from './messages.ts';
import { base64UrlBytes, type TokenParts, valueText } from './token-parts.ts';

export interface KeyRing {
  readonly inline: readonly CandidateKey[];
  readonly provided: readonly CandidateKey[];
  /** Why keys of the policy are missing above. */
  readonly faults?: readonly string[];
}

export type SignatureResult =
  | { readonly ok: true; readonly key: string }
  | { readonly ok: false; readonly refusal: Refusal; readonly unknownKey: boolean };

/** Verifies with the key whose id equals `kid` or `x5t`, or with each in turn when none has that id. */
export async function verifySignature(parts: TokenParts, ring: KeyRing, imports: KeyImports): Promise<SignatureResult> {
  const { alg, crit } = parts.header;
  if (crit !== undefined) return refused(messages.criticalHeader());
  if (alg === 'none' || parts.signature === '') return refused(messages.noSignature());
  const all = [...ring.inline, ...ring.provided.filter(({ jwk }) => jwk.use !== 'enc')];
  const faults = [...(ring.faults ?? [])];
  if (all.length === 0) return refused(messages.noKeys(faults));
  const usable = usableKeys(ring, alg);
  const ids = idsOf(parts.header);
  const named = all.filter((key) => ids.some((id) => isNamed(key, id)));
  const turns = [...usable.filter((key) => named.includes(key)), ...usable.filter((key) => !named.includes(key))];
  for (const key of turns) {
    const fault = await failure(parts, key, valueText(alg), imports);
    if (fault === undefined) return { ok: true, key: key.id ?? '' };
    if (fault !== '') faults.push(fault);
  }
  return refusal(ids[0], { named, usable, total: all.length, inlineOnly: ring.provided.length === 0, algorithm: valueText(alg), faults });
}

interface Tried {
  readonly named: readonly CandidateKey[];
  readonly usable: readonly CandidateKey[];
  readonly total: number;
  readonly inlineOnly: boolean;
  readonly algorithm: string;
  readonly faults: readonly string[];
}

function refusal(id: string | undefined, { named, usable, total, inlineOnly, algorithm, faults }: Tried): SignatureResult {
  const details = usable.length === 0 ? [...faults, messages.algorithmOfNoKey(algorithm)] : faults;
  if (id === undefined) return refused(messages.noKeyVerified(total, details));
  if (named.length > 0) return refused(messages.wrongSignature(id, details));
  // Keys of the policy never change: all were tried. A provider may have a newer one.
  if (inlineOnly && usable.length > 0)
    return refused(
      messages.noKeyFits(
        id,
        total,
        details,
        usable.some((key) => key.id !== undefined),
      ),
    );
  return refused(messages.keyNotFound(id, total, details), true);
}

function refused(why: Refusal, unknownKey = false): SignatureResult {
  return { ok: false, refusal: why, unknownKey };
}

/** The header's names for its key; anything but texts is no name. */
function idsOf({ kid, x5t }: TokenParts['header']): string[] {
  return [kid, x5t].filter((id): id is string => typeof id === 'string');
}

function usableKeys(ring: KeyRing, algorithm: unknown): CandidateKey[] {
  if (!isKnownAlgorithm(algorithm)) return [];
  return [...ring.inline.filter((key) => fits(key, algorithm, false)), ...ring.provided.filter((key) => fits(key, algorithm, true))];
}

function isNamed(key: CandidateKey, id: string): boolean {
  if (key.id === id || key.jwk.x5t === id) return true;
  return key.isCertificate === true && key.id?.toLowerCase() === id.toLowerCase();
}

/** Undefined when the key made the signature; why it could not be asked, or an empty text when it did not. */
async function failure(parts: TokenParts, key: CandidateKey, algorithm: string, imports: KeyImports): Promise<string | undefined> {
  try {
    const ready = await imports.import(key, algorithm);
    return (await verifies(parts, ready, algorithm, imports)) ? undefined : '';
  } catch (error) {
    return error instanceof UnusableKey ? `${key.id ?? '(without id)'}: ${error.message}` : '';
  }
}

async function verifies(parts: TokenParts, ready: ReadyKey, algorithm: string, imports: KeyImports): Promise<boolean> {
  if ('smallRsa' in ready) {
    const data = new TextEncoder().encode(parts.signed);
    const padding = algorithm.startsWith('PS') ? 'pss' : 'pkcs1';
    return imports.crypto?.verify(`sha${algorithm.slice(2)}`, ready.smallRsa, data, base64UrlBytes(parts.signature), padding) ?? false;
  }
  const jose = await imports.jose;
  await jose.compactVerify(`${parts.signed}.${parts.signature}`, ready, { algorithms: [algorithm] });
  return true;
}
