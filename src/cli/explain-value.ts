/** `portico explain METHOD PATH --value NAME`: makes the call offline and prints how the value came about. */
import { existsSync } from 'node:fs';
import type { Diagnostic } from '../source/diagnostic.ts';
import { renderDiagnostic } from '../source/render.ts';
import { PolicyProblems, type TestGateway, type TestResult } from '../testing/contract.ts';
import { createPolicyGateway } from '../testing/gateway.ts';
import { loadSubject, readWorkspace } from '../testing/prepare.ts';
import { chainOf, type Link, targetNamed } from '../testing/provenance-chain.ts';
import { readBackend, readStubs } from '../testing/read-stubs.ts';
import { recordOf, type TestRequest } from '../testing/request.ts';
import { readConfig } from '../workspace/config-file.ts';
import { visible } from './control-characters.ts';
import { EXIT, painter, UsageError } from './output.ts';

export interface ExplainValueOptions {
  readonly dir: string;
  readonly value: string;
  readonly env?: string;
  readonly product?: string;
  readonly anyMember?: boolean;
  readonly header?: readonly string[];
  readonly body?: string;
  readonly token?: string;
  readonly answer?: string;
  readonly calls?: string;
  readonly format: 'text' | 'json';
}

export async function explainValue(method: string, url: string, options: ExplainValueOptions): Promise<number> {
  const target = targetNamed(options.value);
  if (!target) throw new UsageError(`\`${options.value}\` is no value: write ${NAMES}`);
  const request = requestOf(method, url, options);
  const setup = {
    given: { variables: {}, skipKey: true, product: options.product },
    backend: options.answer === undefined ? [] : read(options.answer, '--answer', readBackend),
    calls: options.calls === undefined ? [] : read(options.calls, '--calls', readStubs),
  };
  const gateway = await load(options);
  if (!gateway) return EXIT.problems;
  const result = await gateway.call(request, setup);
  const chain = chainOf(result.events, target);
  const actual = actualOf(options.value, result);
  process.stdout.write(
    options.format === 'json'
      ? `${JSON.stringify({ value: options.value, actual, chain }, undefined, 2)}\n`
      : text(options.value, actual, chain, result),
  );
  return EXIT.clean;
}

const NAMES =
  '`response.status`, `response.headers.NAME`, `response.body` (or `headers.NAME`, `status`, `body`), `request.url`, `request.method`, `request.headers.NAME`, `request.query.NAME`, `request.body` or `variables.NAME`';

async function load({ dir, anyMember, env }: ExplainValueOptions): Promise<TestGateway | undefined> {
  if (!existsSync(dir)) throw new UsageError(`there is no directory \`${dir}\``);
  try {
    return await createPolicyGateway({
      policies: dir,
      workspace: loadSubject({ policies: dir, loaded: readWorkspace(dir, env) }),
      clock: Date.now(),
      anyMember: anyMember ?? false,
    });
  } catch (error) {
    if (!(error instanceof PolicyProblems)) throw error;
    for (const problem of error.problems) process.stderr.write(`${renderDiagnostic(problem, painter(process.stderr))}\n\n`);
    return undefined;
  }
}

function requestOf(method: string, url: string, { header = [], body, token }: ExplainValueOptions): TestRequest {
  const headers = header.flatMap((line) => {
    const at = line.indexOf(':');
    if (at <= 0) throw new UsageError(`\`${line}\` is no header: write it as \`Name: value\``);
    return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });
  return {
    method: method.toUpperCase(),
    url,
    headers,
    body,
    token: claimsOf(token),
    ip: '127.0.0.1',
  };
}

function claimsOf(token: string | undefined): Readonly<Record<string, unknown>> | undefined {
  return token === undefined ? undefined : read(token, '--token', recordOf);
}

/** A value of the command line in YAML, where JSON is a part of. */
function read<T>(text: string, name: string, reader: (entry: ReturnType<typeof readConfig>) => T): T {
  const problems: Diagnostic[] = [];
  const value = reader(readConfig(text, name, (problem) => problems.push(problem)));
  const [first] = problems;
  if (first) throw new UsageError(`${name}: ${first.message.replace(/^the file must/, 'it must')}`);
  return value;
}

function actualOf(name: string, { status, reason, header, body, forwarded, variables }: TestResult): string {
  const last = forwarded[forwarded.length - 1];
  const text = name
    .replace(/^forwarded\./, 'request.')
    .replace(/^(headers\.|status$|reason$|body$)/, 'response.$1')
    .replace(/^(url|method)$/, 'request.$1');
  const [side, member = '', ...rest] = text.split('.');
  const key = rest.join('.');
  if (side === 'variables' || side === 'variable') return variables[text.slice(side.length + 1)] ?? 'absent';
  if (side === 'response') {
    if (member.startsWith('header')) return header(key) ?? 'absent';
    return member === 'status' ? String(status) : member === 'reason' ? reason : body;
  }
  if (!last) return 'no request reached the backend';
  if (member.startsWith('header')) return headerOf(last.headers, key);
  if (member === 'query') return new URL(last.url).searchParams.get(key) ?? new URL(last.url).search;
  return member === 'method' ? last.method : member === 'body' ? last.body : last.url;
}

function headerOf(raw: readonly string[], name: string): string {
  const values = raw.filter((_, at) => at % 2 === 1 && raw[at - 1]?.toLowerCase() === name.toLowerCase());
  return values.length > 0 ? (/^authorization$/i.test(name) ? '****' : values.join(',')) : 'absent';
}

function text(name: string, actual: string, chain: readonly Link[], result: TestResult): string {
  const head = `${name} = ${visible(actual)}\n`;
  if (chain.length === 0) return `${head}\nNo policy wrote it${whoElse(name, result)}.\n`;
  return `${head}\n${chain.map((link, at) => linkLines(link, `${at + 1}. `, '').join('\n')).join('\n')}\n`;
}

/** Who did, where nobody of the policies has. */
function whoElse(name: string, { forwarded }: TestResult): string {
  if (name.startsWith('variable')) return '';
  if (!/^(?:response|headers|status|reason|body)\b/.test(name)) return ': it is as the caller sent it';
  return forwarded.length > 0 ? ': it is as the backend sent it' : ', and no backend was called';
}

function linkLines(link: Link, mark: string, indent: string): string[] {
  const { policy, file, line, column, scope, section, before, after, because, inputs } = link;
  const place = file === '' ? '' : `  ${file}:${line}:${column}`;
  const inner = `${indent}${' '.repeat(mark.length)}`;
  return [
    `${indent}${mark}${policy}${place}  ${scope} ${section}`,
    `${inner}${before === undefined ? after : `${before} -> ${after}`}`,
    ...because.map((one) => `${inner}because of ${one.policy} ${one.file}:${one.line}: ${one.branch}`),
    ...inputs.flatMap(({ expression, value, reads }) => [
      `${inner}${/[;}]\s*$/.test(expression) ? `@{ ${expression} }` : `@(${expression})`} = ${value}`,
      ...reads.flatMap((one) => [
        `${inner}  reads ${one.name}: ${one.origin}`,
        ...one.chain.slice(-1).flatMap((last) => linkLines(last, '- ', `${inner}    `)),
      ]),
    ]),
  ];
}
