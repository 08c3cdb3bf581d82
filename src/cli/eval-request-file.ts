/** A file that describes the call of `portico eval`: YAML or JSON as in test files, an HTTP message, or a curl command. */
import { environmentVariable } from '../host/node-environment.ts';
import { hasHeader, headerOf } from '../host/raw-headers.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { renderDiagnostic } from '../source/render.ts';
import { readHeaders } from '../testing/request.ts';
import { type Entry, readConfig } from '../workspace/config-file.ts';
import { type CallDescription, PLAIN_CALL, type ReadBytes, type ResponseDescription, splitHeader } from './eval-call.ts';
import { callOfCurl } from './eval-curl.ts';

const REQUEST_ENTRIES = ['method', 'url', 'headers', 'body', 'json', 'form', 'ip', 'parameters'] as const;
const GIVEN_ENTRIES = ['variables', 'product', 'user'] as const;
const RESPONSE_ENTRIES = ['status', 'reason', 'headers', 'body', 'json'] as const;
const FILE_ENTRIES = ['request', 'given', 'response'] as const;

const REQUEST_LINE = /^([A-Z][A-Za-z-]*)[ \t]+(\S+)(?:[ \t]+HTTP\/\d(?:\.\d)?)?[ \t]*$/;

/** Reads the call; throws with line and column on what cannot be read. */
export function readCallFile(text: string, name: string, read: ReadBytes): CallDescription {
  const start = text.replace(/^\uFEFF/, '').trimStart();
  if (/^(\$\s+)?curl(\.exe)?\s/.test(start)) return callOfCurl(start, read);
  return REQUEST_LINE.test(firstLine(start)) ? httpMessage(start) : mapping(text, name);
}

/** Comments (`#`, `//`) and names (`### …`) of `.http` files may stand in front. */
function firstLine(text: string): string {
  return text.split(/\r?\n/).find((line) => line.trim() !== '' && !/^(#|\/\/)/.test(line)) ?? '';
}

function httpMessage(text: string): CallDescription {
  const lines = text.split(/\r?\n/);
  const first = lines.indexOf(firstLine(text));
  const blank = lines.findIndex((line, at) => at > first && line.trim() === '');
  const end = blank < 0 ? lines.length : blank;
  const [, method = 'GET', target = '/'] = REQUEST_LINE.exec(lines[first] ?? '') ?? [];
  const headers = lines.slice(first + 1, end).flatMap(splitHeader);
  const body = lines
    .slice(end + 1)
    .join('\n')
    .trimEnd();
  return { method, url: absolute(target, headers), headers, body: body === '' ? undefined : body };
}

/** A path is called at the Host header's name. */
function absolute(target: string, headers: readonly string[]): string {
  if (!target.startsWith('/')) return target;
  return `https://${headerOf(headers, 'host') ?? 'localhost'}${target}`;
}

function mapping(text: string, name: string): CallDescription {
  const problems: Diagnostic[] = [];
  const root = readConfig(
    text,
    name,
    (problem) => problems.push(problem),
    (variable) => environmentVariable(variable),
  );
  const isWhole = root.get('request').exists || root.get('given').exists || root.get('response').exists;
  root.onlyMembers(isWhole ? FILE_ENTRIES : [...REQUEST_ENTRIES, ...GIVEN_ENTRIES]);
  const call = { ...readRequest(isWhole ? root.get('request') : root), ...readGiven(isWhole ? root.get('given') : root, isWhole) };
  const response = root.get('response').exists ? readResponse(root.get('response')) : undefined;
  if (problems.length > 0) throw new Error(problems.map((problem) => renderDiagnostic(problem)).join('\n'));
  return { ...call, response };
}

function readRequest(entry: Entry): CallDescription {
  if (!entry.exists) return PLAIN_CALL;
  if (!entry.isMapping) return shortRequest(entry.text() ?? '');
  const headers = readHeaders(entry.get('headers'));
  const body = readBody(entry, headers);
  return {
    method: entry.get('method').text()?.toUpperCase() ?? (body === undefined ? 'GET' : 'POST'),
    url: absolute(entry.get('url').text() ?? '/', headers),
    headers,
    body,
    ip: entry.get('ip').text(),
    parameters: Object.fromEntries(
      entry
        .get('parameters')
        .members()
        .map(([key, value]) => [key, value.text() ?? '']),
    ),
  };
}

/** `GET /orders/7` */
function shortRequest(text: string): CallDescription {
  const [, method = 'GET', target = text.trim()] = /^\s*([A-Za-z]+)\s+(\S+)\s*$/.exec(text) ?? [];
  return { method: method.toUpperCase(), url: absolute(target, []), headers: [], body: undefined };
}

/** Adds the content type that goes with `json:` and `form:`. */
function readBody(entry: Entry, headers: string[]): string | undefined {
  const typed = (type: string, text: string): string => {
    if (!hasHeader(headers, 'content-type')) headers.push('Content-Type', type);
    return text;
  };
  if (entry.get('json').exists) return typed('application/json', JSON.stringify(entry.get('json').plain()));
  if (!entry.get('form').exists) return entry.get('body').text();
  const form = entry
    .get('form')
    .members()
    .map(([name, value]): [string, string] => [name, value.text() ?? '']);
  return typed('application/x-www-form-urlencoded', new URLSearchParams(form).toString());
}

function readGiven(entry: Entry, isOwn: boolean): Pick<CallDescription, 'variables' | 'product' | 'user'> {
  if (isOwn) entry.onlyMembers(GIVEN_ENTRIES);
  const plain = (one: Entry) => (one.exists ? (one.plain() as Record<string, unknown>) : undefined);
  return {
    variables: plain(entry.get('variables')) ?? {},
    product: entry.get('product').text(),
    user: plain(entry.get('user')),
  };
}

function readResponse(entry: Entry): ResponseDescription {
  entry.onlyMembers(RESPONSE_ENTRIES);
  const headers = readHeaders(entry.get('headers'));
  const body = readBody(entry, headers);
  return { status: entry.get('status').number() ?? 200, reason: entry.get('reason').text() ?? '', headers, body };
}
