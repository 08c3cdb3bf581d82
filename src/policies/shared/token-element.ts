/** What validate-jwt and validate-azure-ad-token share: where the token stands, required claims, refusals, the validated token. */
import type { Exchange } from '../../exchange/exchange.ts';
import { JwtToken } from '../../exchange/jwt.ts';
import { PolicyError } from '../../exchange/policy-error.ts';
import { queryValues } from '../../exchange/query.ts';
import type { RequiredClaim, TokenOutcome, TokenRefused, TokenRules } from '../../identity/token-validator.ts';
import type { Input, PolicyCompiler, PolicyElement } from '../compiler.ts';
import { type ChildDeclaration, optional, required, UNBOUNDED, valueChild } from '../definition.ts';
import * as faults from '../faults.ts';
import type { Step } from '../step.ts';
import { valueSpan } from './attribute-span.ts';
import { addDecision, tellChecks } from './decision.ts';
import { combined, needed, type Reader, texts } from './inputs.ts';
import { refusalStatus } from './refusal-status.ts';
import { setVariable } from './variables.ts';

export const CLAIM_ELEMENT: ChildDeclaration = {
  name: 'claim',
  min: 1,
  max: UNBOUNDED,
  content: 'children',
  attributes: [
    required('name', 'string', 'Claim name as in the token.'),
    optional('match', 'enum', 'Whether all or any of the values must be there.', { values: ['all', 'any'], default: 'all' }),
    optional('separator', 'string', 'Splits a single text into values.'),
  ],
  children: [valueChild('value', 0, UNBOUNDED)],
};

/** Everything but the token itself, computed for a call. */
export type RequirementsReader = Reader<TokenRules>;

const ABSENT: TokenRefused = { ok: false, reason: 'TokenNotPresent', message: 'JWT not present.', checks: [] };

/** Where the token stands when the element does not say: the header, and the scheme that Authorization then needs. */
export interface TokenPlace {
  readonly header: string;
  readonly scheme: string;
}

/** The step: finds the token, has it checked, refuses or keeps it. */
export function tokenStep(element: PolicyElement, compiler: PolicyCompiler, requirements: RequirementsReader, defaults?: TokenPlace): Step {
  const token = tokenReader(element, defaults);
  const refuse = refusalOf(element);
  const output = outputOf(element, compiler);
  return (exchange) => {
    const text = token(exchange);
    if (text === undefined) {
      tellOutcome(ABSENT, exchange);
      throw refuse(exchange, ABSENT.reason, ABSENT.message, ABSENT.message);
    }
    const { tokens } = compiler.services;
    if (!tokens) throw new PolicyError({ reason: 'TokenValidatorMissing', message: 'No token validator is configured.' });
    const rules = requirements.read(exchange);
    const outcome = tokens.known?.(text, rules) ?? tokens.validate({ token: text, ...rules });
    const settle = (result: TokenOutcome): undefined => {
      tellOutcome(result, exchange);
      if (!result.ok) throw refuse(exchange, result.reason, result.message, 'Invalid JWT.');
      if (output !== undefined) setVariable(exchange, output, new JwtToken(result.token.header, result.token.payload));
    };
    return outcome instanceof Promise ? outcome.then(settle) : settle(outcome);
  };
}

/** The schema wants one character at least. */
function outputOf(element: PolicyElement, compiler: PolicyCompiler): string | undefined {
  const name = element.literal('output-token-variable-name');
  if (name?.trim() === '')
    compiler.report(faults.emptyName('output-token-variable-name'), valueSpan(element, 'output-token-variable-name'));
  return name;
}

/** Both outcomes become a decision; the claims of an acceptance go into the access log, too. */
function tellOutcome(result: TokenOutcome, exchange: Exchange): void {
  tellChecks(result.checks, exchange);
  const { subject = NO_CLAIMS, keyId = null } = result;
  if (result.ok) exchange.verifiedClaims = subject;
  addDecision(exchange, { outcome: result.ok ? 'accepted' : 'refused', reason: result.ok ? null : result.reason, claims: subject, keyId });
}

const NO_CLAIMS = {};

type Refusal = (exchange: Exchange, reason: string, message: string, shown: string) => PolicyError;

/** The author's text is computed once LastError is set: `@(context.LastError.Message)` is common (observed). */
function refusalOf(element: PolicyElement): Refusal {
  const status = element.number('failed-validation-httpcode');
  const text = element.text('failed-validation-error-message');
  return (exchange, reason, message, shown) => {
    const late = text ? { lateClientMessage: () => text.read(exchange) ?? shown, messageIsEscaped: !text.isExpression } : {};
    return new PolicyError({ reason, message, status: status ? refusalStatus(status.read(exchange)) : 401, clientMessage: shown, ...late });
  };
}

/** The bare token from the one configured source; undefined when there is none. */
function tokenReader(element: PolicyElement, defaults: TokenPlace | undefined): (exchange: Exchange) => string | undefined {
  const header = element.text('header-name');
  const query = element.text('query-parameter-name');
  const value = element.text('token-value');
  const scheme = element.text('require-scheme');
  const schemeOf = (exchange: Exchange) => scheme?.read(exchange) ?? defaults?.scheme;
  return (exchange) => {
    if (header) return fromHeader(header.read(exchange) ?? '', schemeOf(exchange), exchange);
    if (query) return queryValues(exchange.request.queryString, query.read(exchange) ?? '')[0] || undefined;
    if (value) return value.read(exchange)?.trim() || undefined;
    return defaults && fromHeader(defaults.header, schemeOf(exchange), exchange);
  };
}

/** Authorization: what follows the first blank, whatever the scheme unless one is required. Elsewhere a leading Bearer is dropped. */
function fromHeader(name: string, scheme: string | undefined, exchange: Exchange): string | undefined {
  const text = exchange.request.headers.first(name)?.trim() ?? '';
  const blank = text.indexOf(' ');
  const word = blank < 0 ? '' : text.slice(0, blank);
  const rest = text.slice(blank + 1).trim();
  if (name.toLowerCase() !== 'authorization') return (word.toLowerCase() === 'bearer' ? rest : text) || undefined;
  if (scheme !== undefined && word.toLowerCase() !== scheme.toLowerCase()) return undefined;
  return rest || undefined;
}

/** The texts of `<group><name>…</name></group>`. */
export function textList(element: PolicyElement, group: string, name: string): Input<readonly string[]> {
  return texts(element.children(group).flatMap((one) => one.children(name).map((child) => needed(child.content(), name))));
}

/** A `<claim>` for a call. */
export function claimReader(claim: PolicyElement): Reader<RequiredClaim> {
  const name = needed(claim.text('name'), 'name');
  const match = claim.text('match');
  const separator = claim.text('separator');
  const values = texts(claim.children('value').map((child) => needed(child.content(), 'value')));
  return combined([name, match, separator, values], (exchange) => ({
    name: name.read(exchange) ?? '',
    match: match?.read(exchange) === 'any' ? ('any' as const) : ('all' as const),
    separator: separator?.read(exchange) ?? null,
    values: values.read(exchange),
  }));
}
