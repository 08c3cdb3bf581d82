/** The checks behind the signature, in the library's order: lifetime, audience, issuer; then the required claims. */
import type { CheckLog } from './check-log.ts';
import type { Refusal } from './messages.ts';
import * as messages from './messages.ts';
import { valueText } from './token-parts.ts';
import type { RequiredClaim, TokenRequirements } from './token-validator.ts';

export type Payload = Readonly<Record<string, unknown>>;

/** `now` in seconds. nbf > now + skew and exp < now - skew refuse; equality passes. */
export function checkLifetime(payload: Payload, requirements: TokenRequirements, now: number, log: CheckLog): Refusal | undefined {
  const { exp, nbf } = payload;
  const skew = requirements.clockSkewSeconds;
  const refusal = lifetimeRefusal(exp, nbf, requirements.requireExpirationTime, now, skew);
  log.add(
    'lifetime',
    `nbf <= ${now + skew} and exp >= ${now - skew}`,
    `nbf ${valueText(nbf)}, exp ${valueText(exp)}`,
    refusal === undefined,
  );
  return refusal;
}

function lifetimeRefusal(exp: unknown, nbf: unknown, required: boolean, now: number, skew: number): Refusal | undefined {
  const end = typeof exp === 'number' ? exp : undefined;
  const start = typeof nbf === 'number' ? nbf : undefined;
  if (end === undefined && required) return messages.noExpiration();
  if (start !== undefined && end !== undefined && start > end) return messages.startsAfterEnd(start, end);
  if (start !== undefined && start > now + skew) return messages.notYetValid(start, now);
  if (end !== undefined && end < now - skew) return messages.expired(end, now);
  return undefined;
}

export function checkAudience(payload: Payload, allowed: readonly string[], log: CheckLog): Refusal | undefined {
  if (allowed.length === 0) return undefined;
  const actual = textsOf(payload.aud);
  const passed = actual.some((audience) => allowed.some((wanted) => sameAudience(audience, wanted)));
  log.add('audience', allowed.join(', '), actual.join(', ') || 'absent', passed);
  if (passed) return undefined;
  return actual.length === 0 ? messages.noAudience() : messages.wrongAudience(actual, allowed);
}

/** Ordinal; one trailing slash on either side makes no difference (the library's default). */
function sameAudience(a: string, b: string): boolean {
  return a === b || (a !== '' && b !== '' && withoutSlash(a) === withoutSlash(b));
}

function withoutSlash(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : text;
}

/** `{tenantid}` in a discovery issuer is filled from the token's tid. */
export function checkIssuer(payload: Payload, allowed: readonly string[], log: CheckLog): Refusal | undefined {
  if (allowed.length === 0) return undefined;
  const { iss, tid } = payload;
  const issuer = typeof iss === 'string' ? iss : '';
  const filled = allowed.map((wanted) => (typeof tid === 'string' ? wanted.replaceAll('{tenantid}', tid) : wanted));
  const passed = issuer !== '' && filled.includes(issuer);
  log.add('issuer', filled.join(', '), issuer || 'absent', passed);
  if (passed) return undefined;
  return issuer.trim() === '' ? messages.noIssuer() : messages.wrongIssuer(issuer, filled);
}

/** Version 1 tokens of Microsoft Entra ID name the client application `appid`, version 2 tokens `azp`. */
export function checkClient(payload: Payload, allowed: readonly string[], log: CheckLog): Refusal | undefined {
  if (allowed.length === 0) return undefined;
  const name = typeof payload.appid === 'string' ? 'appid' : 'azp';
  const actual = typeof payload[name] === 'string' ? String(payload[name]) : undefined;
  const passed = actual !== undefined && allowed.some((id) => id.toLowerCase() === actual.toLowerCase());
  log.add('client application', allowed.join(', '), actual ?? 'absent', passed);
  if (passed) return undefined;
  return actual === undefined ? messages.claimsMissing(['appid']) : messages.claimNotAllowed(name, actual);
}

/** Every claim element must pass; all that are absent are named together. */
export function checkClaims(payload: Payload, required: readonly RequiredClaim[], log: CheckLog): Refusal | undefined {
  const missing = required.filter(({ name }) => claimValues(payload, name, null) === undefined);
  for (const { name, values } of missing) log.add(`claim ${name}`, values.join(', ') || 'present', 'absent', false);
  if (missing.length > 0) return messages.claimsMissing(missing.map(({ name }) => name));
  for (const claim of required) {
    const actual = claimValues(payload, claim.name, claim.separator) ?? [];
    const passed = claimPasses(claim, actual);
    log.add(`claim ${claim.name}`, `${claim.match} of ${claim.values.join(', ')}`, actual.join(', '), passed);
    if (!passed) return messages.claimNotAllowed(claim.name, actual.join(','));
  }
  return undefined;
}

function claimPasses({ match, values }: RequiredClaim, actual: readonly string[]): boolean {
  if (values.length === 0) return true;
  return match === 'any' ? values.some((value) => actual.includes(value)) : values.every((value) => actual.includes(value));
}

/** Arrays are sets; numbers, booleans and objects count as their JSON text; a separator splits a single string. */
function claimValues(payload: Payload, name: string, separator: string | null): string[] | undefined {
  if (!Object.hasOwn(payload, name)) return undefined;
  const value = payload[name];
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.map(claimText);
  const text = claimText(value);
  return separator ? text.split(separator) : [text];
}

function claimText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
