/**
 * Every check of a token in the order of the gateway, each on its own, so that one failure does not hide the next: what
 * was expected, what was found, which claim decided, what would repair it. The verdict is the gateway's validator's own.
 */
import type { Host } from '../../host/host.ts';
import { textOf } from '../../source/json.ts';
import { CheckLog } from '../check-log.ts';
import { checkAudience, checkClaims, checkClient, checkIssuer, checkLifetime } from '../checks.ts';
import { openEncrypted } from '../decryption.ts';
import { Discovery, DiscoveryError } from '../discovery.ts';
import { fits, inlineKey, isKnownAlgorithm, KeyImports } from '../keys.ts';
import type { Refusal } from '../messages.ts';
import { type KeyRing, verifySignature } from '../signature.ts';
import { splitToken, type TokenFault, type TokenParts, valueText } from '../token-parts.ts';
import type { RequiredClaim, TokenRules } from '../token-validator.ts';
import { createTokenValidator } from '../validator.ts';
import { concludedIssuer } from './concluded-issuer.ts';
import type { ProviderFacts, TokenFacts } from './facts.ts';
import { recognize } from './recognize.ts';
import { remarks } from './remarks.ts';
import { audienceRepairs } from './repairs/audience.ts';
import { claimRepairs } from './repairs/claims.ts';
import { formatRepairs } from './repairs/format.ts';
import { issuerRepairs } from './repairs/issuer.ts';
import { algorithmRepairs, keyRepairs, signatureRepairs } from './repairs/key.ts';
import { lifetimeRepairs } from './repairs/lifetime.ts';

export interface ReplayedCheck {
  /** `format`, `algorithm`, `key`, `signature`, `lifetime`, `audience`, `issuer`, `client application`, `claim <name>`. */
  readonly check: string;
  /** `skipped`: what it needs could not be had. */
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly expected: string;
  readonly actual: string;
  /** The header member or claim that decided, as it stands in the token. */
  readonly decidedBy: string | undefined;
  readonly repairs: readonly string[];
}

/** A check with the gateway's own words for its failure. */
interface JudgedCheck extends ReplayedCheck {
  readonly refusal?: Refusal | undefined;
}

export interface Explanation {
  /** `unverified`: nothing refuses the token, but its signature could not be checked. */
  readonly verdict: 'accepted' | 'refused' | 'unverified';
  /** LastError.Reason and LastError.Message of a refusal. */
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly checks: readonly ReplayedCheck[];
  /** What is worth a word about a token that is not refused. */
  readonly remarks: readonly string[];
  /** Undefined when the text is no token. */
  readonly token: TokenSummary | undefined;
}

export interface TokenSummary {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly provider: string | undefined;
  readonly kind: 'access' | 'application' | 'id' | undefined;
}

export interface ReplayOptions {
  /** Its clock is the moment of the check, its network leads to the providers. */
  readonly host: Host;
  readonly token: string;
  readonly rules: TokenRules;
  /** No key can be had but those of the policy: leaves signatures of providers unchecked. */
  readonly offline: boolean;
}

export async function explainToken({ host, token, rules, offline }: ReplayOptions): Promise<Explanation> {
  const discovery = new Discovery(host);
  const parts = await opened(token, rules, host);
  if ('failed' in parts) return refusedFormat(token, rules, parts.failed, host, discovery);
  const providers = offline ? offlineProviders(rules) : await Promise.all(rules.openIdConfigs.map((url) => providerFacts(url, discovery)));
  const facts = await factsOf(parts, rules, providers, host, offline);
  const unverifiable = offline && rules.openIdConfigs.length > 0;
  const signature = await signatureChecks(parts, facts, host, unverifiable);
  const checks: readonly JudgedCheck[] = [format(parts, token), ...signature, ...claimChecks(facts, unverifiable)];
  const summary = { header: parts.header, payload: facts.payload, provider: facts.recognized.provider, kind: facts.recognized.kind };
  const said = remarks(facts);
  if (unverifiable) return unverified(checks, summary, said);
  const outcome = await createTokenValidator({ host, discovery, cache: false }).validate({ token, ...rules });
  if (outcome.ok)
    return { verdict: 'accepted', reason: undefined, message: undefined, checks: checks.map(shown), remarks: said, token: summary };
  const { reason, message } = outcome;
  return { verdict: 'refused', reason, message, checks: withFailure(checks.map(shown), message), remarks: [], token: summary };
}

/** Without the provider there is no verdict of the validator: the first check that fails decides. */
function unverified(checks: readonly JudgedCheck[], token: TokenSummary, said: readonly string[]): Explanation {
  const failed = checks.find(({ outcome }) => outcome === 'failed');
  const verified = checks.some(({ check, outcome }) => check === 'signature' && outcome === 'passed');
  const verdict = failed ? 'refused' : verified && checks.every(({ outcome }) => outcome === 'passed') ? 'accepted' : 'unverified';
  const message = failed && (failed.refusal?.message ?? `${failed.check}: expected ${failed.expected}, found ${failed.actual}`);
  return { verdict, reason: failed?.refusal?.reason, message, checks: checks.map(shown), remarks: failed ? [] : said, token };
}

function shown({ refusal: _refusal, ...check }: JudgedCheck): ReplayedCheck {
  return check;
}

/** A refusal that no check of ours shows is told all the same. */
function withFailure(checks: readonly ReplayedCheck[], message: string): readonly ReplayedCheck[] {
  if (checks.some(({ outcome }) => outcome === 'failed')) return checks;
  return [...checks, { check: 'validator', outcome: 'failed', expected: 'accepted', actual: message, decidedBy: undefined, repairs: [] }];
}

// ------------------------------------------------------------ format

async function opened(token: string, rules: TokenRules, host: Host): Promise<TokenParts | { readonly failed: string }> {
  const outer = splitToken(token);
  if (typeof outer === 'string') return { failed: FAULTS[outer] };
  if (outer.kind === 'signed') return outer;
  const inner = await openEncrypted(token, outer.header, rules.decryptionKeys, host, new KeyImports(host.crypto));
  const parts = inner === undefined ? undefined : splitToken(inner);
  if (parts === undefined) return { failed: 'encrypted, and no decryption key fits' };
  if (typeof parts === 'string') return { failed: `encrypted; inside: ${FAULTS[parts]}` };
  return parts.kind === 'encrypted' ? { failed: 'encrypted twice' } : parts;
}

const FAULTS: Readonly<Record<TokenFault, string>> = {
  unreadable: 'empty parts, or characters that are not Base64url',
  'wrong-parts': 'not three parts',
  'too-large': 'larger than 250 KiB',
  'bad-header': 'a header that is no Base64url JSON object',
  'bad-payload': 'a payload that is no Base64url JSON object',
};

async function refusedFormat(token: string, rules: TokenRules, actual: string, host: Host, discovery: Discovery): Promise<Explanation> {
  const outcome = await createTokenValidator({ host, discovery, cache: false }).validate({ token, ...rules, openIdConfigs: [] });
  const check: ReplayedCheck = {
    check: 'format',
    outcome: 'failed',
    expected: 'a signed JWT: header.payload.signature, each Base64url',
    actual: `${actual} (${token.split('.').length} part(s), ${token.length} characters)`,
    decidedBy: undefined,
    repairs: formatRepairs(token),
  };
  const refusal = outcome.ok ? { reason: undefined, message: undefined } : { reason: outcome.reason, message: outcome.message };
  return { verdict: 'refused', ...refusal, checks: [check], remarks: [], token: undefined };
}

function format({ kind }: TokenParts, token: string): ReplayedCheck {
  return passedCheck('format', 'a JWT of at most 250 KiB', `${kind}, ${token.length} characters`);
}

function passedCheck(check: string, expected: string, actual: string, decidedBy?: string): ReplayedCheck {
  return { check, outcome: 'passed', expected, actual, decidedBy, repairs: [] };
}

// ------------------------------------------------------------ providers

function offlineProviders({ openIdConfigs }: TokenRules): ProviderFacts[] {
  return openIdConfigs.map((url) => ({ url, keys: undefined, failure: undefined }));
}

async function providerFacts(url: string, discovery: Discovery): Promise<ProviderFacts> {
  try {
    return { url, keys: await discovery.keys(url), failure: undefined };
  } catch (error) {
    if (!(error instanceof DiscoveryError)) throw error;
    return { url, keys: undefined, failure: error.message };
  }
}

async function factsOf(
  parts: TokenParts,
  rules: TokenRules,
  providers: readonly ProviderFacts[],
  host: Host,
  offline: boolean,
): Promise<TokenFacts> {
  const payload = parts.payload ?? {};
  const provided = providers.flatMap(({ keys }) => keys?.issuer ?? []);
  return {
    header: parts.header,
    payload,
    rules,
    providers,
    recognized: recognize(parts.header, payload),
    now: Math.floor(host.now() / 1000),
    issuers: acceptedIssuers(rules, provided, payload.tid),
    applicationKeys: offline ? undefined : await applicationKeys(parts, providers, host),
  };
}

function acceptedIssuers({ issuers, tenantIssuer }: TokenRules, provided: readonly string[], tid: unknown): string[] {
  const tenants = tenantIssuer === undefined ? [] : provided.flatMap((issuer) => firstVersion(issuer, tenantIssuer));
  return [...issuers, ...provided, ...tenants].map((issuer) => (typeof tid === 'string' ? issuer.replaceAll('{tenantid}', tid) : issuer));
}

/** The version 1 issuer of the tenant that a version 2 issuer names (validate-azure-ad-token accepts both). */
function firstVersion(issuer: string, template: string): string[] {
  const tenant = /^https:\/\/[^/]+\/([^/]+)\/v2\.0\/?$/.exec(issuer)?.[1];
  return tenant === undefined ? [] : [template.replaceAll('{tenantid}', tenant)];
}

/** Entra gives applications with claims mapping keys of their own, under the same address with `?appid=`. */
async function applicationKeys(
  { header, payload = {} }: TokenParts,
  providers: readonly ProviderFacts[],
  host: Host,
): Promise<string | undefined> {
  const { kid } = header;
  const application = textOf(payload.appid) ?? textOf(payload.azp);
  if (typeof kid !== 'string' || application === undefined || providers.some(({ keys }) => keys?.keys.some((key) => key.kid === kid)))
    return undefined;
  for (const { url } of providers) {
    if (!/\/\/(?:login\.microsoftonline\.|[^/]*\.(?:ciamlogin|b2clogin)\.)/.test(url) || url.includes('?')) continue;
    const address = `${url}?appid=${encodeURIComponent(application)}`;
    const { keys } = await providerFacts(address, new Discovery(host));
    if (keys?.keys.some((key) => key.kid === kid)) return address;
  }
  return undefined;
}

// ------------------------------------------------------------ signature

async function signatureChecks(parts: TokenParts, facts: TokenFacts, host: Host, unverifiable: boolean): Promise<ReplayedCheck[]> {
  const { alg, kid } = parts.header;
  if (alg === 'none' && parts.signature === '' && !facts.rules.requireSignedTokens)
    return [passedCheck('signature', 'not required', 'alg none', 'alg')];
  const algorithm = algorithmCheck(facts);
  if (algorithm.outcome === 'failed') return [algorithm];
  const ring = ringOf(facts, host);
  const known = [...ring.inline, ...ring.provided];
  if (unverifiable && known.length === 0) return [algorithm, skippedSignature(kid)];
  const result = await verifySignature(parts, ring, new KeyImports(host.crypto));
  const named = known.find(({ id, jwk }) => id === kid || (kid === undefined && jwk.x5t === parts.header.x5t && jwk.x5t !== undefined));
  const usable = known.filter((key) => fits(key, valueText(alg), ring.provided.includes(key)));
  const found = result.ok || (named !== undefined && usable.includes(named)) || (kid === undefined && usable.length > 0);
  const key: ReplayedCheck = {
    check: 'key',
    outcome: found ? 'passed' : unverifiable ? 'skipped' : 'failed',
    expected: kid === undefined ? `a key for ${valueText(alg)}` : `the key \`${valueText(kid)}\`, for ${valueText(alg)}`,
    actual: keysText(
      known.map(({ id }) => id),
      facts,
    ),
    decidedBy: kid === undefined ? undefined : 'kid',
    repairs: found ? [] : keyRepairs(facts),
  };
  if (!found) return [algorithm, key];
  const signature: ReplayedCheck = {
    check: 'signature',
    outcome: result.ok ? 'passed' : 'failed',
    expected: 'made by the key',
    actual: result.ok ? `verified${result.key ? ` by \`${result.key}\`` : ''}` : 'not made by it',
    decidedBy: undefined,
    repairs: result.ok ? [] : signatureRepairs(facts),
  };
  return [algorithm, key, signature];
}

function skippedSignature(kid: unknown): ReplayedCheck {
  return {
    check: 'signature',
    outcome: 'skipped',
    expected: kid === undefined ? 'a key of the provider' : `the key \`${valueText(kid)}\``,
    actual: 'the provider is not asked (--offline)',
    decidedBy: undefined,
    repairs: ['give the keys with `--keys jwks.json`, or leave `--offline` out'],
  };
}

function algorithmCheck(facts: TokenFacts): ReplayedCheck {
  const { alg } = facts.header;
  const known = isKnownAlgorithm(alg);
  const symmetric = known && alg.startsWith('HS') && facts.rules.signingKeys.every(({ secret }) => secret === undefined);
  return {
    check: 'algorithm',
    outcome: known && !symmetric ? 'passed' : 'failed',
    expected: symmetric ? 'RS, PS or ES: the policy has no symmetric key' : 'RS, PS, ES or HS with 256, 384 or 512 bits',
    actual: valueText(alg),
    decidedBy: 'alg',
    repairs: known && !symmetric ? [] : algorithmRepairs(facts),
  };
}

function ringOf({ rules, providers }: TokenFacts, host: Host): KeyRing {
  return {
    inline: rules.signingKeys.flatMap((key) => inlineKey(key, host) ?? []),
    provided: providers.flatMap(({ keys }) => (keys?.keys ?? []).map((jwk) => ({ id: textOf(jwk.kid), jwk }))),
  };
}

/** Ids of keys; a long list is cut. */
function keysText(ids: readonly (string | undefined)[], { providers }: TokenFacts): string {
  const failures = providers.flatMap(({ url, failure }) => (failure === undefined ? [] : [`${url}: ${failure}`]));
  const names = ids.slice(0, 6).map((id) => (id === undefined ? '(without id)' : `\`${id}\``));
  const more = ids.length > names.length ? ` and ${ids.length - names.length} more` : '';
  const known = ids.length === 0 ? 'no keys' : `keys ${names.join(', ')}${more}`;
  return [known, ...failures].join('; ');
}

// ------------------------------------------------------------ claims

function claimChecks(facts: TokenFacts, unverifiable: boolean): JudgedCheck[] {
  const { payload, rules, now } = facts;
  const requirements = { ...rules, token: '' };
  return [
    ...judged(
      (log) => checkLifetime(payload, requirements, now, log),
      lifetimeClaim(facts),
      () => lifetimeRepairs(facts),
      datesOf(facts),
    ),
    ...judged(
      (log) => checkAudience(payload, rules.audiences, log),
      'aud',
      () => audienceRepairs(facts),
    ),
    ...judged(
      (log) => checkAudience(payload, rules.moreAudiences ?? [], log),
      'aud',
      () => audienceRepairs(facts),
    ),
    ...issuerCheck(facts, unverifiable),
    ...judged(
      (log) => checkClient(payload, rules.clientApplications ?? [], log),
      clientClaim(facts),
      () => [
        `if this client may call, add \`<application-id>${valueText(payload.appid ?? payload.azp)}</application-id>\` to \`<client-application-ids>\``,
      ],
    ),
    ...rules.requiredClaims.flatMap((claim) => requiredClaim(claim, facts)),
  ];
}

/** Without the documents their issuers are concluded from the addresses, which is not always enough for a no. */
function issuerCheck(facts: TokenFacts, unverifiable: boolean): JudgedCheck[] {
  const concluded = unverifiable ? facts.rules.openIdConfigs.map(concludedIssuer) : [];
  const { tid } = facts.payload;
  const filled = concluded.map(({ issuer }) => (typeof tid === 'string' ? issuer.replaceAll('{tenantid}', tid) : issuer));
  const tenants =
    facts.rules.tenantIssuer === undefined ? [] : filled.flatMap((issuer) => firstVersion(issuer, facts.rules.tenantIssuer ?? ''));
  const known = { ...facts, issuers: [...facts.issuers, ...filled, ...tenants] };
  const checks = judged(
    (log) => checkIssuer(facts.payload, known.issuers, log),
    'iss',
    () => issuerRepairs(known),
  );
  if (concluded.every(({ certain }) => certain)) return checks;
  return checks.map((check) => (check.outcome === 'failed' ? { ...check, outcome: 'skipped', refusal: undefined } : check));
}

function requiredClaim(claim: RequiredClaim, facts: TokenFacts): JudgedCheck[] {
  return judged(
    (log) => checkClaims(facts.payload, [claim], log),
    claim.name,
    () => claimRepairs(claim, facts),
  );
}

/** One of the gateway's own checks; nothing when it has nothing to check. */
function judged(
  check: (log: CheckLog) => Refusal | undefined,
  decidedBy: string,
  repairs: () => readonly string[],
  texts?: { readonly expected: string; readonly actual: string },
): JudgedCheck[] {
  const log = new CheckLog();
  const refusal = check(log);
  return log.checks.map(({ check: name, expected, actual }) => ({
    check: name,
    outcome: refusal === undefined ? 'passed' : 'failed',
    expected,
    actual,
    ...texts,
    decidedBy,
    repairs: refusal === undefined ? [] : repairs(),
    refusal,
  }));
}

function lifetimeClaim({ payload, now, rules }: TokenFacts): string {
  const { nbf } = payload;
  return typeof nbf === 'number' && nbf > now + rules.clockSkewSeconds ? 'nbf' : 'exp';
}

function clientClaim({ payload }: TokenFacts): string {
  return typeof payload.appid === 'string' ? 'appid' : 'azp';
}

/** Seconds since 1970 say nothing to people. */
function datesOf({ payload, now, rules }: TokenFacts): { readonly expected: string; readonly actual: string } {
  const skew = rules.clockSkewSeconds === 0 ? '' : ` (clock-skew ${rules.clockSkewSeconds} s)`;
  return {
    expected: `valid at ${moment(now)}${skew}`,
    actual: `${payload.nbf === undefined ? '' : `nbf ${moment(payload.nbf)}, `}exp ${moment(payload.exp)}`,
  };
}

function moment(seconds: unknown): string {
  if (seconds === undefined) return 'absent';
  if (typeof seconds !== 'number' || Math.abs(seconds) > 8.64e12) return valueText(seconds);
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
