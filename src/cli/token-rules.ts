/** The token checks that a call meets: the policies run offline up to them, and their rules are caught on the way. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ExchangeEvent, StepInfo } from '../exchange/events.ts';
import { responseOf } from '../exchange/forward.ts';
import { Headers } from '../exchange/headers.ts';
import { Url } from '../exchange/url.ts';
import { createFrozenHost } from '../host/frozen.ts';
import type { Host } from '../host/host.ts';
import { environmentVariable } from '../host/node-environment.ts';
import type { TokenOutcome, TokenRequirements, TokenRules } from '../identity/token-validator.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { policyDocuments } from '../workspace/documents.ts';
import { enclosingDirectory } from '../workspace/enclosing-directory.ts';
import { createEngine } from '../workspace/engine.ts';
import { createExpressions } from '../workspace/expressions.ts';
import { loadWorkspace } from '../workspace/load.ts';
import type { Workspace } from '../workspace/model.ts';
import { attributeNamed, childElements, type XmlElement } from '../xml/tree.ts';
import { UsageError } from './output.ts';
import { jsonAnswer, stores } from './token-sources.ts';

export interface RuleSource {
  readonly workspace: Workspace;
  readonly method: string;
  readonly path: string;
  readonly host: Host;
  readonly token: string;
  /** Other headers of the call: name, value, name, value … */
  readonly headers?: readonly string[];
}

/** What became of the call behind the token checks. */
export interface CallEnd {
  readonly status: number;
  /** The step that answered in the backend's place, if one did. */
  readonly answeredBy: StepInfo | undefined;
  /** Calls to services that were answered with an empty object, because nothing leaves this machine. */
  readonly pretended: readonly string[];
  /** LastError of a call that failed elsewhere. */
  readonly error: { readonly source: string; readonly reason: string; readonly message: string } | undefined;
}

export type Judge = (rules: TokenRules, step: StepInfo | undefined) => Promise<TokenOutcome>;

/** The policy directory or document; a lone document gets named values and certificates of the directory around it. */
export function loadPolicies(path: string): Workspace {
  if (!existsSync(path)) throw new UsageError(`there is no policy \`${path}\``);
  const environment = (name: string) => environmentVariable(name);
  const workspace = loadWorkspace(path, { environment });
  if (statSync(path).isDirectory()) return workspace;
  const around = enclosingDirectory(resolve(path));
  if (around === undefined) return workspace;
  const outer = loadWorkspace(around, { environment });
  return {
    ...workspace,
    namedValues: outer.namedValues,
    certificates: outer.certificates,
    fragments: outer.fragments,
    backends: outer.backends,
    local: outer.local,
  };
}

/** Runs one call offline; `judge` answers each token check. Throws PolicyErrors when the policies have errors. */
export async function runPolicies(source: RuleSource, judge: Judge): Promise<CallEnd> {
  const { workspace, host } = source;
  let step: StepInfo | undefined;
  let answeredBy: StepInfo | undefined;
  const pretended: string[] = [];
  const engine = createEngine(workspace, {
    host: createFrozenHost({ ...stores(), now: host.now(), certificates: host.certificates, send: pretend(pretended) }),
    expressions: createExpressions({ anyMember: true }),
    tokens: { validate: ({ token: _token, ...rules }: TokenRequirements) => judge(rules, step) },
    forwarder: async () => responseOf(jsonAnswer({})),
    lenient: true,
  });
  const errors = engine.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new PolicyErrors(errors);
  const url = urlOf(source);
  if (!engine.router.match({ method: source.method, path: url.path, query: url.queryString, header: () => undefined }))
    throw new UsageError(`${source.method} ${url.path} matches no operation`);
  const listener = (event: ExchangeEvent) => {
    if (event.kind !== 'step-started') return;
    step = event.step;
    if (event.step.policy === 'return-response' || event.step.policy === 'mock-response') answeredBy = event.step;
  };
  const headers = new Headers(headersOf(source, url));
  const exchange = await engine.run({ method: source.method, url, headers, ipAddress: '127.0.0.1', listener, given: { skipKey: true } });
  const { lastError } = exchange;
  const error = lastError ? { source: lastError.source, reason: lastError.reason ?? 'no reason', message: lastError.message } : undefined;
  return { status: exchange.ensureResponse().status, answeredBy, pretended, error };
}

/** Answers every call with `{}`, so that the policies come to their token checks. */
function pretend(pretended: string[]): Host['send'] {
  return async ({ method, origin, path }) => {
    pretended.push(`${method} ${origin}${path}`);
    return jsonAnswer({});
  };
}

/** Errors in the policies; the caller prints them. */
export class PolicyErrors extends Error {
  readonly problems: readonly Diagnostic[];

  constructor(problems: readonly Diagnostic[]) {
    super('the policies have errors');
    this.problems = problems;
  }
}

function urlOf({ path, workspace, token }: RuleSource): Url {
  const given = Url.parse(/^https?:\/\//.test(path) ? path : `https://gateway.test${path.startsWith('/') ? '' : '/'}${path}`);
  if (!given) throw new UsageError(`\`${path}\` is no path`);
  const names = sourceNames(workspace, 'query-parameter-name');
  const query = names.map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(token)}`).join('&');
  if (query === '') return given;
  return Url.parse(`${given.toString()}${given.queryString === '' ? '?' : '&'}${query}`) ?? given;
}

/** The token stands wherever a policy of the directory looks for one. */
function headersOf({ workspace, token, headers = [] }: RuleSource, url: Url): string[] {
  const scheme = sourceNames(workspace, 'require-scheme')[0] ?? 'Bearer';
  const names = new Set(['Authorization', ...sourceNames(workspace, 'header-name')].map((name) => name.toLowerCase()));
  return ['Host', url.authority, ...headers, ...[...names].flatMap((name) => [name, `${scheme} ${token}`])];
}

/** Literal values of an attribute of the token policies. */
function sourceNames(workspace: Workspace, attribute: string): string[] {
  const values = tokenElements(workspace).flatMap((element) => {
    const value = attributeNamed(element, attribute)?.value;
    return value?.kind === 'literal' ? [value.text.text.trim()] : [];
  });
  return [...new Set(values)].filter((value) => value !== '' && !value.includes('{{'));
}

/** Every validate-jwt and validate-azure-ad-token of a workspace. */
export function tokenElements(workspace: Workspace): XmlElement[] {
  return policyDocuments(workspace).flatMap(({ elements }) => elements.flatMap(tokenElementsIn));
}

function tokenElementsIn(element: XmlElement): XmlElement[] {
  const inside = childElements(element).flatMap(tokenElementsIn);
  return element.name === 'validate-jwt' || element.name === 'validate-azure-ad-token' ? [element, ...inside] : inside;
}
