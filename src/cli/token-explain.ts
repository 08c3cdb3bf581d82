/** `portico token explain`: every check of a token against a policy, and what would repair it. */
import type { StepInfo } from '../exchange/events.ts';
import { maskSecrets } from '../exchange/exchange.ts';
import { nodeCrypto } from '../host/node-crypto.ts';
import { type Explanation, explainToken } from '../identity/explain/replay.ts';
import type { TokenOutcome, TokenRules } from '../identity/token-validator.ts';
import { renderDiagnostic } from '../source/render.ts';
import { certificatesOf } from '../workspace/certificates.ts';
import type { Workspace } from '../workspace/model.ts';
import { EXIT, painter, UsageError } from './output.ts';
import { type LoggedCall, momentOf, readInput } from './token-input.ts';
import { explainLogged } from './token-logged.ts';
import { type ExplainReport, jsonReport, type PolicyReport, prettyReport } from './token-report.ts';
import { type CallEnd, loadPolicies, PolicyErrors, runPolicies, tokenElements } from './token-rules.ts';
import { type TokenSources, tokenSources } from './token-sources.ts';

export interface ExplainOptions {
  readonly policy?: string;
  readonly dir?: string;
  readonly operation?: string;
  readonly at?: string;
  readonly keys?: string;
  readonly openidConfig?: string;
  readonly header: readonly string[];
  readonly offline?: boolean;
  readonly format: 'pretty' | 'json';
}

export async function explain(argument: string | undefined, options: ExplainOptions): Promise<void> {
  const input = await readInput(argument);
  const workspace = loadPolicies(policiesOf(options));
  const { method, path } = operationOf(options, input.logged, workspace);
  const sources = tokenSources({
    at: momentOf(options.at, input.logged),
    offline: options.offline ?? false,
    keys: options.keys,
    openidConfig: options.openidConfig,
    certificates: certificatesOf(workspace, nodeCrypto()),
    standIns: workspace.local.identity.providers,
    trustedRoots: workspace.local.trustedRoots,
  });
  try {
    const errors = workspace.problems.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new PolicyErrors(errors);
    if (tokenElements(workspace).length === 0) throw new UsageError('the policies have neither validate-jwt nor validate-azure-ad-token');
    const call = { workspace, method, path, host: sources.host, headers: options.header.flatMap(headerOf) };
    const report =
      input.token === undefined ? await explainLogged(input.logged, call) : await explainCall({ ...call, token: input.token }, sources);
    write(report, options, secretsOf(workspace));
  } catch (error) {
    if (!(error instanceof PolicyErrors)) throw error;
    for (const problem of error.problems) process.stderr.write(`${renderDiagnostic(problem, painter(process.stderr))}\n\n`);
    throw new UsageError('the policies have errors: nothing can be explained before they are repaired');
  } finally {
    await sources.close();
  }
}

/** Values of secret named values stay out, also where the policy compares with one. */
function write(report: ExplainReport, { format }: ExplainOptions, secrets: readonly string[]): void {
  const text = format === 'json' ? jsonReport(report) : prettyReport(report, painter(process.stdout));
  process.stdout.write(maskSecrets(text, secrets));
  process.exitCode = report.verdict === 'refused' ? EXIT.problems : EXIT.clean;
}

function secretsOf({ namedValues }: Workspace): string[] {
  return [...namedValues.values()].flatMap(({ value, secret }) => (secret && value !== undefined && value !== '' ? [value] : []));
}

function policiesOf({ policy, dir }: ExplainOptions): string {
  if (policy !== undefined && dir !== undefined) throw new UsageError('write either --policy FILE or --dir DIRECTORY');
  const path = policy ?? dir;
  if (path === undefined) throw new UsageError('say what judges the token: --policy FILE, or --dir DIRECTORY with --operation "GET /path"');
  return path;
}

/** `GET /orders/7`, or a path alone; of a log line where nothing is said; `GET /` of a lone document. */
function operationOf(
  { operation, dir }: ExplainOptions,
  logged: LoggedCall | undefined,
  workspace: Workspace,
): { readonly method: string; readonly path: string } {
  if (operation !== undefined) {
    const match = /^(?:([A-Za-z]+)\s+)?(\/\S*|https?:\/\/\S+)$/.exec(operation.trim());
    if (!match) throw new UsageError(`\`${operation}\` is no operation: write it as "GET /orders/7"`);
    return { method: (match[1] ?? 'GET').toUpperCase(), path: match[2] ?? '/' };
  }
  if (logged?.url !== undefined)
    return { method: logged.method ?? 'GET', path: URL.canParse(logged.url) ? new URL(logged.url).pathname : logged.url };
  const named = logged && operationById(logged, workspace);
  if (named) return named;
  if (dir !== undefined) throw new UsageError('a directory has many policies: say which call with --operation "GET /path"');
  return { method: 'GET', path: '/' };
}

/** A call that comes to the operation of an audit line: any value will do for its parameters. */
function operationById(
  { apiId, operationId }: LoggedCall,
  { apis }: Workspace,
): { readonly method: string; readonly path: string } | undefined {
  const api = apis.find(({ info }) => info.id === apiId);
  const operation = api?.operations.find(({ info }) => info.id === operationId);
  if (!api || !operation) return undefined;
  const template = operation.info.urlTemplate.replace(/\{[^}]*\}/g, '1').replace(/\*$/, '');
  return {
    method: operation.info.method,
    path: `/${[api.info.path, template.replace(/^\//, '')].filter((part) => part !== '').join('/')}`,
  };
}

type ExplainedCall = Parameters<typeof runPolicies>[0];

/** One report a token check that the call meets, up to the first that refuses. */
async function explainCall(call: ExplainedCall, { blind, notes }: TokenSources): Promise<ExplainReport> {
  const policies: PolicyReport[] = [];
  const judge = async (rules: TokenRules, step: StepInfo | undefined): Promise<TokenOutcome> => {
    const explanation = await explainToken({ host: call.host, token: call.token, rules, offline: blind });
    policies.push({ step, explanation });
    return outcomeOf(explanation);
  };
  const end = await runPolicies(call, judge);
  if (policies.length === 0) throw new UsageError(notReached(call, end));
  const refused = policies.find(({ explanation }) => explanation.verdict === 'refused');
  const unverified = policies.some(({ explanation }) => explanation.verdict === 'unverified');
  const verdict = refused ? 'refused' : unverified ? 'unverified' : 'accepted';
  return {
    verdict,
    policies,
    notes: [...notes, ...new Set(policies.flatMap(({ explanation }) => explanation.remarks)), ...pretendedNotes(end)],
    end: refused ? undefined : afterwards(end),
  };
}

/** The call's own end is a guess where a service would have had its say. */
function pretendedNotes({ pretended }: CallEnd): string[] {
  return pretended.map((line) => `${line} was answered with \`{}\`: nothing leaves this machine`);
}

function headerOf(text: string): string[] {
  const colon = text.indexOf(':');
  if (colon <= 0) throw new UsageError(`\`--header ${text}\`: write it as "Name: value"`);
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

/** The policies go on with a token that is accepted, and with one that could not be verified. */
function outcomeOf({ verdict, reason, message, token }: Explanation): TokenOutcome {
  if (verdict !== 'refused' && token) return { ok: true, token: { header: token.header, payload: token.payload }, checks: [] };
  return { ok: false, reason: (reason ?? 'JwtInvalid') as 'JwtInvalid', message: message ?? 'refused', checks: [] };
}

function notReached({ method, path }: ExplainedCall, { error, answeredBy, status }: CallEnd): string {
  const why = error
    ? `${error.source} failed before: ${error.reason}, ${error.message}`
    : answeredBy
      ? `${answeredBy.policy} answered ${status} before`
      : 'no policy of this operation checks tokens';
  return `${method} ${path} does not come to a token check: ${why}`;
}

/** Only an answer that a policy gave because of the token's rights is worth a word. */
function afterwards(end: CallEnd): CallEnd | undefined {
  return end.answeredBy && end.status >= 400 ? end : undefined;
}
