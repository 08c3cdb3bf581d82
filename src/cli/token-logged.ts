/** A failed call of which only the log line is left: the reason says which check refused, the policy says what it wants. */
import { concludedIssuer } from '../identity/explain/concluded-issuer.ts';
import type { TokenFacts } from '../identity/explain/facts.ts';
import { recognize } from '../identity/explain/recognize.ts';
import { issuerRepairs } from '../identity/explain/repairs/issuer.ts';
import { keyRepairs } from '../identity/explain/repairs/key.ts';
import type { Explanation, ReplayedCheck } from '../identity/explain/replay.ts';
import type { TokenOutcome, TokenRules } from '../identity/token-validator.ts';
import { textOf } from '../source/json.ts';
import { UsageError } from './output.ts';
import type { LoggedCall } from './token-input.ts';
import type { ExplainReport, PolicyReport } from './token-report.ts';
import { runPolicies } from './token-rules.ts';

type Call = Omit<Parameters<typeof runPolicies>[0], 'token'>;

/** What each reason is about: the check, what the policy asks for, and what usually repairs it. */
const REASONS: Readonly<Record<string, { readonly check: string; wanted(rules: TokenRules): string; readonly repair: string }>> = {
  TokenNotPresent: {
    check: 'format',
    wanted: () => 'a token where the policy looks for it',
    repair:
      'send `Authorization: Bearer <token>`; a proxy in front may have dropped the header, and another scheme than `require-scheme` counts as none',
  },
  TokenSignatureKeyNotFound: {
    check: 'key',
    wanted: ({ openIdConfigs }) => `a key of ${openIdConfigs.join(', ') || '<issuer-signing-keys>'}`,
    repair:
      'the token is of another provider, of Microsoft Graph, of an application with keys of its own (`?appid=`), or older than a change of keys',
  },
  TokenSignatureInvalid: {
    check: 'signature',
    wanted: ({ openIdConfigs }) => `made by a key of ${openIdConfigs.join(', ') || '<issuer-signing-keys>'}`,
    repair: 'the token was changed on its way, is for Microsoft Graph, or comes from somebody else',
  },
  TokenExpired: {
    check: 'lifetime',
    wanted: ({ clockSkewSeconds }) => `not over (clock-skew ${clockSkewSeconds} s)`,
    repair: 'get a new token; a client that keeps tokens must ask again before `exp`',
  },
  TokenAudienceNotAllowed: {
    check: 'audience',
    wanted: ({ audiences, moreAudiences = [] }) => [...audiences, ...moreAudiences].join(', '),
    repair:
      'the token is for another API (often Microsoft Graph), is an ID token, or names this API by its client id where the policy has `api://`',
  },
  TokenIssuerNotAllowed: {
    check: 'issuer',
    wanted: ({ issuers, openIdConfigs }) => [...issuers, ...openIdConfigs].join(', '),
    repair:
      'the token is of version 1 where the policy takes version 2 (or the other way), of another tenant, or the issuers differ in a slash at the end',
  },
  TokenClaimNotFound: {
    check: 'claims',
    wanted: ({ requiredClaims }) => requiredClaims.map(({ name }) => name).join(', '),
    repair: "an application's token has `roles` and no `scp`; ID tokens have neither",
  },
  TokenClaimValueNotAllowed: {
    check: 'claims',
    wanted: ({ requiredClaims }) => requiredClaims.map(({ name, match, values }) => `${name}: ${match} of ${values.join(', ')}`).join('; '),
    repair: 'the scope or role was not granted; several values in one text need `separator=" "`',
  },
  JwtInvalid: {
    check: 'format',
    wanted: () => 'a JWT that is signed, whole and valid already',
    repair: 'the token is opaque or cut off, not valid yet, without `exp`, encrypted, or the provider could not be reached',
  },
};

export async function explainLogged(logged: LoggedCall | undefined, call: Call): Promise<ExplainReport> {
  if (!logged) throw new UsageError('there is no token');
  const { reason = '' } = logged;
  const known = Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined;
  if (!known) throw new UsageError(notATokenFailure(logged));
  const policies: PolicyReport[] = [];
  // Up to and with the check that refused: it is the last that the call came to.
  const judge = async (rules: TokenRules, step: PolicyReport['step']): Promise<TokenOutcome> => {
    policies.push({ step, explanation: explanationOf(logged, known, rules) });
    return { ok: false, reason: 'JwtInvalid', message: reason, checks: [] };
  };
  await runPolicies({ ...call, token: 'logged' }, judge);
  if (policies.length === 0) throw new UsageError(`${call.method} ${call.path} does not come to a token check`);
  const notes = ['the line holds no token (none is ever logged): give the token itself to see every check'];
  return { verdict: 'refused', policies, notes, end: undefined };
}

function notATokenFailure({ reason, status, source }: LoggedCall): string {
  if (reason === undefined) return `this call was not refused for its token${status === undefined ? '' : ` (status ${status})`}`;
  return `this call was not refused for its token, but by ${source ?? 'another policy'}: ${reason}`;
}

function explanationOf(logged: LoggedCall, { check, wanted, repair }: (typeof REASONS)[string], rules: TokenRules): Explanation {
  const replayed: ReplayedCheck = {
    check,
    outcome: 'failed',
    expected: wanted(rules) || 'what the policy says',
    actual: actualOf(check, logged) ?? logged.message ?? 'not in the log',
    decidedBy: undefined,
    repairs: repairsOf(check, logged, rules) ?? [repair],
  };
  const message = logged.message ?? `status ${logged.status ?? 401}`;
  return { verdict: 'refused', reason: logged.reason, message, checks: [replayed], remarks: [], token: undefined };
}

/** What the audit holds of a refused token: a few claims, and the id of its key. */
function actualOf(check: string, { claims, keyId }: LoggedCall): string | undefined {
  if (check === 'key' || check === 'signature') return keyId === undefined ? undefined : `the key \`${keyId}\``;
  return check === 'issuer' ? textOf(claims.iss) : undefined;
}

/** An issuer and a key's id are enough for the advice that a whole token gets. */
function repairsOf(check: string, logged: LoggedCall, rules: TokenRules): readonly string[] | undefined {
  const { claims, keyId } = logged;
  if ((check !== 'issuer' && check !== 'key') || textOf(claims.iss) === undefined) return undefined;
  const header = keyId === undefined ? {} : { kid: keyId };
  const facts: TokenFacts = {
    header,
    payload: claims,
    rules,
    providers: rules.openIdConfigs.map((url) => ({ url, keys: undefined, failure: undefined })),
    recognized: recognize(header, claims),
    now: Math.floor((logged.time ?? 0) / 1000),
    issuers: [...rules.issuers, ...rules.openIdConfigs.map((url) => concludedIssuer(url).issuer)],
    applicationKeys: undefined,
  };
  return check === 'issuer' ? issuerRepairs(facts) : keyRepairs(facts);
}
