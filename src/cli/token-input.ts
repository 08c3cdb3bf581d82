/** What `portico token explain` was given: a token, or a line that somebody found in a log. */
import { isJsonObject, textOf, tryJson } from '../source/json.ts';
import { UsageError } from './output.ts';

/** A failed call as the access log or the audit of `portico run` has it. */
export interface LoggedCall {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly source: string | undefined;
  readonly message: string | undefined;
  /** Ids of API and operation, for lines without a URL (the audit). */
  readonly apiId: string | undefined;
  readonly operationId: string | undefined;
  /** The key that the token named. */
  readonly keyId: string | undefined;
  /** When it happened, milliseconds since 1970. */
  readonly time: number | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface TokenInput {
  /** Undefined where a log line holds none. */
  readonly token: string | undefined;
  readonly logged: LoggedCall | undefined;
}

/** Largest input that is read. */
const LARGEST_INPUT = 1024 * 1024;

/** A JWT inside other text: three parts, or five when encrypted. */
const JWT = /eyJ[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){2,4}/;

/** Reads the argument; `-` and nothing mean standard input. */
export async function readInput(argument: string | undefined): Promise<TokenInput> {
  const text = argument === undefined || argument === '-' ? await standardInput() : argument;
  if (text.trim() === '') throw new UsageError('there is no token: give one as an argument, or `-` and the token on standard input');
  return parseInput(text.trim());
}

export function parseInput(text: string): TokenInput {
  const logged = text.startsWith('{') ? loggedCall(text) : undefined;
  if (logged) return { token: JWT.exec(text)?.[0], logged };
  const bare = text.replace(/^(?:authorization\s*:\s*)?bearer\s+/i, '').replace(/^(["'])(.*)\1$/s, '$2');
  if (!/\s/.test(bare) && !/[?&=:;,{]/.test(bare)) return { token: bare, logged: undefined };
  const found = JWT.exec(bare)?.[0] ?? /bearer\s+([^\s"',;]+)/i.exec(text)?.[1];
  return { token: found ?? bare, logged: undefined };
}

function loggedCall(text: string): LoggedCall | undefined {
  const record = jsonObject(text);
  if (!record) return undefined;
  const error = record.lastError ?? record.error;
  const details = isJsonObject(error) ? error : {};
  return {
    method: textOf(record.method),
    url: textOf(record.url),
    status: typeof record.responseCode === 'number' ? record.responseCode : undefined,
    reason: textOf(details.reason) ?? textOf(record.reason) ?? textOf(record.lastErrorReason),
    source: textOf(details.source) ?? textOf(record.policy) ?? textOf(record.lastErrorSource),
    message: textOf(details.message) ?? textOf(record.lastErrorMessage),
    apiId: textOf(record.apiId),
    operationId: textOf(record.operationId),
    keyId: textOf(record.keyId),
    time: typeof record.time === 'string' && !Number.isNaN(Date.parse(record.time)) ? Date.parse(record.time) : undefined,
    claims: isJsonObject(record.claims) ? record.claims : {},
  };
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  const value = tryJson(text);
  return isJsonObject(value) ? value : undefined;
}

async function standardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > LARGEST_INPUT) throw new UsageError('standard input is larger than 1 MiB: that is no token');
  }
  return text;
}

/** ISO 8601, seconds since 1970, or `now`. */
export function momentOf(at: string | undefined, logged?: LoggedCall): number {
  if (at === undefined || at === 'now') return logged?.time ?? Date.now();
  if (/^\d{9,11}$/.test(at)) return Number(at) * 1000;
  const time = Date.parse(at);
  if (Number.isNaN(time)) throw new UsageError(`\`${at}\` is no moment: write it as 2026-01-01T12:00:00Z, or as seconds since 1970`);
  return time;
}
