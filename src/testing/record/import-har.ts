/** HTTP archives, as browsers and proxies save them: each entry is a call, its answer what the backend said. */
import type { SeenAnswer, SeenExchange } from './test-writer.ts';

type Json = Readonly<Record<string, unknown>>;

/** Throws an Error when the text is no archive. */
export function harExchanges(text: string): SeenExchange[] {
  const root = JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  const entries = listOf(member(member(root, 'log'), 'entries'));
  if (entries.length === 0) throw new Error('the archive has no entries under `log.entries`');
  // Browsers also list what they read from `data:` and `blob:` URLs, and sockets.
  return entries.filter((entry) => /^https?:/i.test(textOf(member(member(entry, 'request'), 'url')))).map(exchangeOf);
}

function exchangeOf(entry: unknown): SeenExchange {
  const request = member(entry, 'request');
  const answer = answerOf(member(entry, 'response'));
  const time = Date.parse(textOf(member(entry, 'startedDateTime')));
  const seen = {
    method: textOf(member(request, 'method')).toUpperCase() || 'GET',
    url: textOf(member(request, 'url')),
    headers: headersOf(request),
    body: postedBody(member(request, 'postData')),
  };
  return {
    request: seen,
    ...(Number.isNaN(time) ? {} : { time }),
    answer: answer && !('fault' in answer) ? answer : undefined,
    backend: answer ? [{ request: seen, answer }] : [],
    calls: [],
    direct: true,
  };
}

/** Status 0 is a call that got no answer. */
function answerOf(response: unknown): SeenAnswer | undefined {
  const status = Number(member(response, 'status'));
  if (!Number.isInteger(status)) return undefined;
  if (status === 0) return { fault: 'refuse' };
  const content = member(response, 'content');
  const text = textOf(member(content, 'text'));
  const isBase64 = member(content, 'encoding') === 'base64';
  const body = isBase64 ? new Uint8Array(Buffer.from(text, 'base64')) : new TextEncoder().encode(text);
  // The archive holds the content decoded.
  return { status, reason: textOf(member(response, 'statusText')), headers: withoutHeader(headersOf(response), 'content-encoding'), body };
}

function postedBody(posted: unknown): Uint8Array {
  const text = textOf(member(posted, 'text'));
  if (text !== '')
    return member(posted, 'encoding') === 'base64' ? new Uint8Array(Buffer.from(text, 'base64')) : new TextEncoder().encode(text);
  const form = listOf(member(posted, 'params')).map((one): [string, string] => [textOf(member(one, 'name')), textOf(member(one, 'value'))]);
  return new TextEncoder().encode(form.length > 0 ? new URLSearchParams(form).toString() : '');
}

/** Pseudo headers of HTTP/2 begin with a colon. */
function headersOf(message: unknown): string[] {
  return listOf(member(message, 'headers')).flatMap((one) => {
    const name = textOf(member(one, 'name'));
    return name === '' || name.startsWith(':') ? [] : [name, textOf(member(one, 'value'))];
  });
}

function withoutHeader(headers: readonly string[], name: string): string[] {
  return headers.filter((_, at) => (headers[at % 2 === 0 ? at : at - 1] ?? '').toLowerCase() !== name);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Json)[name] : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
