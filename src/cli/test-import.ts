/** `portico test --import FILE`: tests made of requests that somebody has already: HAR, curl commands, .http files. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import type { HttpRequest, HttpSetting } from '../testing/record/http-variables.ts';
import { harExchanges } from '../testing/record/import-har.ts';
import { httpExchanges } from '../testing/record/import-http.ts';
import { type SeenExchange, suiteText } from '../testing/record/test-writer.ts';
import { callOfCurl } from './eval-curl.ts';
import { count, EXIT, UsageError } from './output.ts';
import { writeOut } from './write-out.ts';

/** `environment` is one of `http-client.env.json` beside a `.http` file. */
export async function importRequests(file: string, out: string | undefined, environment?: string): Promise<number> {
  if (!existsSync(file)) throw new UsageError(`there is no file \`${file}\``);
  const exchanges = exchangesOf(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''), file, environment);
  if (exchanges.length === 0) throw new UsageError(`\`${file}\` holds no request`);
  const directory = out === undefined ? process.cwd() : dirname(resolve(out));
  const policies = relative(directory, process.cwd()).replaceAll('\\', '/') || '.';
  const text = suiteText({ suite: basename(file, extname(file)), policies }, exchanges);
  if (out === undefined) process.stdout.write(text);
  else {
    writeOut(out, text);
    process.stdout.write(`${count(exchanges.length, 'test')} written to ${out}; correct \`policies\` and what the tests expect\n`);
  }
  return EXIT.clean;
}

function exchangesOf(text: string, file: string, environment: string | undefined): SeenExchange[] {
  try {
    if (/^\s*\{/.test(text)) return harExchanges(text);
    if (/^\s*(?:\$\s+|#.*\n\s*)*curl(?:\.exe)?\s/.test(text)) return curlExchanges(text, dirname(resolve(file)));
    return httpExchanges(text, httpSetting(dirname(resolve(file)), environment));
  } catch (error) {
    throw new UsageError(`\`${file}\` cannot be imported: ${reasonOf(error)}`);
  }
}

/** Of files that it names, without the words of the system. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' && path !== undefined ? `there is no file \`${path}\`` : error.message;
}

/** One command a line; a backslash at the end, or an open quote, goes on in the next. */
function curlExchanges(text: string, directory: string): SeenExchange[] {
  return commandsIn(text).map((command) => ({ request: curlRequest(command, directory), answer: undefined, backend: [], calls: [] }));
}

/** curl takes a URL without a scheme for one of `http`. */
function curlRequest(command: string, directory: string): HttpRequest {
  const { method, url, headers, body } = callOfCurl(command, (path) => readFileSync(resolve(directory, path)));
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? new Uint8Array(0));
  return { method, url: /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`, headers, body: bytes };
}

function commandsIn(text: string): string[] {
  const starts = [...text.matchAll(/^[ \t]*(?:\$[ \t]+)?curl(?:\.exe)?[ \t]/gm)].map(({ index }) => index);
  return starts.map((start, at) => text.slice(start, starts[at + 1]).trim());
}

// ------------------------------------------------------------ .http files

function httpSetting(directory: string, environment: string | undefined): HttpSetting {
  const dotenv = dotenvOf(join(directory, '.env'));
  return {
    read: (path) => readFileSync(resolve(directory, path)),
    variables: environmentOf(directory, environment),
    environment: (name) => process.env[name] ?? dotenv.get(name),
    curl: (command) => curlRequest(command, directory),
    warn: (message) => process.stderr.write(`portico: ${message}\n`),
  };
}

type Environments = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What all environments share, then the one that was chosen; private files win. The only one there is needs no name. */
function environmentOf(directory: string, chosen: string | undefined): Readonly<Record<string, string>> {
  const files = ['http-client.env.json', 'http-client.private.env.json']
    .map((name) => join(directory, name))
    .filter((file) => existsSync(file));
  const known = files.map((file) => JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')) as Environments);
  const names = [...new Set(known.flatMap((one) => Object.keys(one)))].filter((name) => name !== '$shared');
  const name = chosen ?? (names.length === 1 ? names[0] : undefined);
  if (chosen !== undefined && !names.includes(chosen))
    throw new Error(
      names.length === 0 ? `there is no \`http-client.env.json\` with \`${chosen}\`` : `\`${chosen}\` is none of ${names.join(', ')}`,
    );
  const merged = Object.assign(
    {},
    ...known.map((one) => one.$shared),
    ...known.map((one) => (name === undefined ? {} : one[name])),
  ) as object;
  return Object.fromEntries(Object.entries(merged).flatMap(([key, value]) => (typeof value === 'object' ? [] : [[key, String(value)]])));
}

function dotenvOf(file: string): ReadonlyMap<string, string> {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const pairs = [...text.matchAll(/^[ \t]*(?:export[ \t]+)?([\w.]+)[ \t]*=[ \t]*(.*?)[ \t]*$/gm)];
  return new Map(pairs.map(([, name = '', value = '']): [string, string] => [name, value.replace(/^(['"])(.*)\1$/, '$2')]));
}
