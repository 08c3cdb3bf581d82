/** `portico test --import FILE`: tests made of requests that somebody has already: HAR, curl commands, .http files. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, relative, resolve } from 'node:path';
import { harExchanges } from '../testing/record/import-har.ts';
import { httpExchanges } from '../testing/record/import-http.ts';
import { type SeenExchange, suiteText } from '../testing/record/test-writer.ts';
import { callOfCurl } from './eval-curl.ts';
import { count, EXIT, UsageError } from './output.ts';
import { writeOut } from './test-output.ts';

export async function importRequests(file: string, out: string | undefined): Promise<number> {
  if (!existsSync(file)) throw new UsageError(`there is no file \`${file}\``);
  const exchanges = exchangesOf(readFileSync(file, 'utf8'), file);
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

function exchangesOf(text: string, file: string): SeenExchange[] {
  try {
    if (/^\s*\{/.test(text)) return harExchanges(text);
    if (/^\s*(?:\$\s+|#.*\n\s*)*curl(?:\.exe)?\s/.test(text)) return curlExchanges(text, dirname(resolve(file)));
    return httpExchanges(text);
  } catch (error) {
    throw new UsageError(`\`${file}\` cannot be imported: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** One command a line; a backslash at the end, or an open quote, goes on in the next. */
function curlExchanges(text: string, directory: string): SeenExchange[] {
  return commandsIn(text).map((command) => {
    const { method, url, headers, body } = callOfCurl(command, (path) => readFileSync(resolve(directory, path)));
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? new Uint8Array(0));
    return { request: { method, url, headers, body: bytes }, answer: undefined, backend: [], calls: [] };
  });
}

function commandsIn(text: string): string[] {
  const starts = [...text.matchAll(/^[ \t]*(?:\$[ \t]+)?curl(?:\.exe)?[ \t]/gm)].map(({ index }) => index);
  return starts.map((start, at) => withoutComments(text.slice(start, starts[at + 1])));
}

function withoutComments(command: string): string {
  return command.replace(/^\s*#.*$/gm, '').trim();
}
