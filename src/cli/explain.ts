/** `portico explain METHOD URL`: which rule matched, why others did not, and the effective policy with the origin of every line. */
import { type Command, Option } from 'commander';
import { joinPath, resolvedUrl, Url } from '../exchange/url.ts';
import type { EffectivePolicy } from '../pipeline/document.ts';
import type { CompiledStep } from '../policies/step.ts';
import type { Engine } from '../workspace/engine.ts';
import type { Workspace } from '../workspace/model.ts';
import { type NearMiss, nearMisses } from '../workspace/near-misses.ts';
import { preflightOf } from '../workspace/preflight.ts';
import type { Match, Routable } from '../workspace/router.ts';
import { collectHeader, hasErrors, headerLookup, type OpenOptions, openDirectory, withEnvironment } from './open-directory.ts';
import { EXIT, UsageError } from './output.ts';

interface ExplainOptions extends OpenOptions {
  readonly dir: string;
  readonly product?: string;
  readonly header: readonly string[];
  readonly format: 'text' | 'json';
  readonly all?: boolean;
  readonly value?: string;
  readonly body?: string;
  readonly token?: string;
  readonly answer?: string;
  readonly calls?: string;
}

/** Near misses that are shown unless all are asked for. */
const SHOWN = 5;

export function register(program: Command): void {
  withEnvironment(
    program
      .command('explain <method> <url>')
      .description('print which operation a request is for, why no other, and its effective policy with the origin of every line')
      .option('--dir <directory>', 'policy directory, template or document', '.')
      .option('--product <id>', 'as it runs for callers of this product')
      .option('-H, --header <header>', 'header of the request, `Name: value`; may be repeated', collectHeader, [])
      .option('--any-member', "accept .NET members outside Azure's published list")
      .option('--all', 'show every operation that does not fit, not only the nearest')
      .addOption(new Option('--format <format>', 'how it is printed').choices(['text', 'json']).default('text'))
      .option('--value <name>', 'make the call offline and tell how a value came about, such as `response.headers.x-a` or `variables.id`')
      .option('--body <text>', 'with --value: body of the request')
      .option('--token <claims>', 'with --value: claims of a token to mint, such as `{ scp: orders.read }`')
      .option('--answer <answer>', 'with --value: what the backend answers, such as `{ status: 200, json: { id: 7 } }`')
      .option('--calls <stubs>', 'with --value: a list of stubs for called services, as in test files'),
  )
    .addHelpText('after', '\nExit code: 0 an operation matches, 1 none does or the policies have errors, 2 wrong use.')
    .action(async (method: string, url: string, options: ExplainOptions) => {
      checkRequest(method, url);
      if (options.value === undefined) {
        checkNoCall(options);
        return explain(method, url, options);
      }
      const { explainValue } = await import('./explain-value.ts');
      process.exitCode = await explainValue(method, url, { ...options, value: options.value });
    });
}

/** What describes a call means nothing where none is made. */
function checkNoCall(options: ExplainOptions): void {
  for (const name of ['body', 'token', 'answer', 'calls'] as const)
    if (options[name] !== undefined) throw new UsageError(`--${name} needs --value: without it no call is made`);
}

/** A method as HTTP has them (RFC 9110, 9.1), and a path or a whole URL. */
function checkRequest(method: string, url: string): void {
  const example = 'portico explain GET /orders/7';
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(method)) {
    const swapped = /^[A-Za-z]+$/.test(url)
      ? `: write \`portico explain ${url.toUpperCase()} ${method}\``
      : `: write it as in \`${example}\``;
    throw new UsageError(`\`${method}\` is no method${swapped}`);
  }
  if (url.startsWith('/') || (/^https?:\/\/[^/?#]/i.test(url) && URL.canParse(url))) return;
  const isOther = /^[a-z][a-z\d+.-]*:/i.test(url) || !/^[\w.~-]/.test(url);
  throw new UsageError(`\`${url}\` is no path or URL: write ${isOther ? `it as in \`${example}\`` : `\`/${url}\``}`);
}

interface Explanation {
  readonly request: Routable;
  readonly match: Match | undefined;
  readonly policy: EffectivePolicy | undefined;
  /** Only cors policies answer it, for the operation that is asked about. */
  readonly isPreflight: boolean;
  readonly misses: readonly NearMiss[];
}

function explain(method: string, text: string, options: ExplainOptions): void {
  const written = Url.parse(text.startsWith('/') ? `http://localhost${text}` : text);
  if (!written) throw new UsageError(`\`${text}\` is no path`);
  const url = resolvedUrl(written);
  for (const header of options.header) if (!header.includes(':')) throw new UsageError(`\`${header}\` is no header: write \`Name: value\``);
  const engine = openDirectory(options.dir, options);
  checkProduct(engine.workspace, options.product);
  const request = { method: method.toUpperCase(), path: url.path, query: url.queryString, header: headerLookup(options.header) };
  const explanation = explained(engine, request, options);
  process.stdout.write(options.format === 'json' ? jsonText(explanation, engine) : textOf(explanation, options));
  process.exitCode = !explanation.match || hasErrors(engine) ? EXIT.problems : EXIT.clean;
}

function explained(engine: Engine, request: Routable, { product }: ExplainOptions): Explanation {
  const policyOf = (match: Match) => engine.policyFor(match.api, match.operation, boundProduct(engine.workspace, match, product));
  const own = engine.router.match(request);
  const preflight = own && !own.operation.isCatchAll ? undefined : preflightOf(request, engine.router, policyOf);
  const match = preflight?.match ?? own;
  return {
    request,
    match,
    policy: preflight?.policy ?? (match && policyOf(match)),
    isPreflight: preflight !== undefined,
    misses: nearMisses(engine.workspace.apis, preflight ? { ...request, method: preflight.match.operation.info.method } : request, match),
  };
}

function checkProduct({ products }: Workspace, id: string | undefined): void {
  if (id === undefined || products.some(({ info }) => info.id === id)) return;
  throw new UsageError(`there is no product \`${id}\``);
}

/** A product without the API has no part in the call. */
function boundProduct({ products }: Workspace, { api }: Match, id: string | undefined): string | undefined {
  const product = products.find(({ info }) => info.id === id);
  if (product && !product.apiIds.has(api.info.id)) throw new UsageError(`product \`${id}\` does not hold API \`${api.info.id}\``);
  return product?.info.id;
}

// ------------------------------------------------------------ text

function textOf({ request, match, policy, isPreflight, misses }: Explanation, { all = false }: ExplainOptions): string {
  const target = request.path + request.query;
  if (!match || !policy) {
    const line = `${request.method} ${target} matches no operation: the caller gets 404, only the global on-error runs\n`;
    return line + missText('nearest', misses, all);
  }
  const sections = Object.entries(policy.sections).map(([section, steps]) => sectionText(section, steps));
  // Where any method and path will do, nothing was decided against another operation.
  const inApi = match.operation.isCatchAll ? [] : misses.filter(({ operation, distance }) => operation !== '' && distance < 8);
  return heading(request, match, isPreflight) + sections.join('') + missText('not taken', inApi, all);
}

function heading(request: Routable, match: Match, isPreflight: boolean): string {
  const { api, operation, parameters } = match;
  const values = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return [
    `${request.method} ${request.path}`,
    `  API        ${api.info.id} (/${api.info.path})${revisionText(match)}`,
    `  operation  ${operation.info.id} (${operation.info.method} ${operation.info.urlTemplate})${values.length > 0 ? ` ${values.join(', ')}` : ''}`,
    `  rule       ${ruleOf(match)}`,
    isPreflight ? '  preflight  cors policies alone answer, before any key is asked for' : `  backend    ${backendOf(match)}`,
    '',
  ].join('\n');
}

function revisionText({ api: { info } }: Match): string {
  const version = info.version === null ? '' : `, version ${info.version}`;
  return info.isCurrentRevision ? version : `${version}, revision ${info.revision}`;
}

/** What decided: API path, version, template. */
function ruleOf({ api, operation }: Match): string {
  const { info, versioning } = api;
  const parts = [info.path === '' ? 'API at the root' : `longest API path \`/${info.path}\``];
  if (versioning && info.version)
    parts.push(
      `version \`${info.version}\` ${versioning.scheme === 'Segment' ? 'as segment' : `in ${versioning.scheme.toLowerCase()} \`${versioning.name}\``}`,
    );
  if (!info.isCurrentRevision) parts.push(`\`;rev=${info.revision}\``);
  parts.push(operation.isCatchAll ? 'any path, since no operations are declared' : `template \`${operation.info.urlTemplate}\``);
  return parts.join(', ');
}

function backendOf({ api, operation, rest }: Match): string {
  if (operation.target) return operation.target.toString();
  if (api.backendId !== undefined) return `backend entity ${api.backendId}, ${rest || '/'}`;
  return api.info.serviceUrl ? joinPath(api.info.serviceUrl.toString(), rest) : 'none';
}

function missText(title: string, misses: readonly NearMiss[], all: boolean): string {
  if (misses.length === 0) return '';
  const shown = all ? misses : misses.slice(0, SHOWN);
  const lines = shown.map((miss) => `    ${nameOf(miss)}: ${miss.reasons.join('; ')}`);
  const more = misses.length > shown.length ? [`    and ${misses.length - shown.length} more (--all shows them)`] : [];
  return `\n  ${title}\n${[...lines, ...more].join('\n')}\n`;
}

function nameOf({ api, operation, method, path }: NearMiss): string {
  return operation === '' ? `API ${api} (${path})` : `${method} ${path} (${api}/${operation})`;
}

function sectionText(section: string, steps: readonly CompiledStep[]): string {
  const lines = steps.flatMap(({ info: { file, span, scope } }) =>
    file.linesOf(span).map(({ text, line }) => `    ${withBlanks(text).padEnd(72)}  ${scope.padEnd(9)} ${file.name}:${line}`),
  );
  return `\n  ${section}\n${lines.length > 0 ? lines.join('\n') : '    (nothing)'}\n`;
}

/** Exports are indented by tabs, behind which no column would stand. */
function withBlanks(text: string): string {
  return text.replace(/^\t+/, (tabs) => '    '.repeat(tabs.length));
}

// ------------------------------------------------------------ JSON

function jsonText({ request, match, policy, isPreflight, misses }: Explanation, { problems }: Engine): string {
  const sections = Object.entries(policy?.sections ?? {}).map(([name, steps]) => [name, (steps as readonly CompiledStep[]).map(stepRow)]);
  const result = {
    request: { method: request.method, path: request.path, query: request.query },
    matched: match !== undefined,
    ...(match
      ? {
          api: { id: match.api.info.id, path: match.api.info.path, version: match.api.info.version, revision: match.api.info.revision },
          operation: { id: match.operation.info.id, method: match.operation.info.method, urlTemplate: match.operation.info.urlTemplate },
          parameters: match.parameters,
          rule: ruleOf(match),
          backend: isPreflight ? null : backendOf(match),
          preflight: isPreflight,
          sections: Object.fromEntries(sections),
        }
      : {}),
    misses,
    errors: problems.filter(({ severity }) => severity === 'error').length,
  };
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

function stepRow({ info }: CompiledStep): object {
  const { line, column } = info.file.positionAt(info.span.start);
  return {
    policy: info.policy,
    scope: info.scope,
    path: info.path,
    file: info.file.name,
    line,
    column,
    text: info.file.text.slice(info.span.start, info.span.end),
  };
}
