/** Small pieces of HTTP for the console's server. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tryJson } from '../../source/json.ts';

/** Largest body that is read. */
const LARGEST_BODY = 3 * 1024 * 1024;

/** Refused with this status and sentence. */
export class RequestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const COMMON = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
} as const;

/** Only what the page itself brings runs; nothing is loaded from anywhere. */
export function pageHeaders(nonce: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ];
  return { ...COMMON, 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy.join('; ') };
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    ...COMMON,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'",
    'Content-Length': String(body.length),
  });
  response.end(body);
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...COMMON, 'Content-Type': 'text/plain; charset=utf-8', 'Content-Security-Policy': "default-src 'none'" });
  response.end(`${text}\n`);
}

export const EVENT_HEADERS = {
  ...COMMON,
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'",
};

/** The body as JSON object. Throws RequestError. */
export async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) throw new RequestError(415, 'send `application/json`');
  if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) throw new RequestError(413, 'the body is too large');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new RequestError(413, 'the body is too large');
    chunks.push(chunk);
  }
  const value = tryJson(Buffer.concat(chunks).toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RequestError(400, 'the body is no JSON object');
  return value as Readonly<Record<string, unknown>>;
}

/** A member that has to be text. */
export function textOf(body: Readonly<Record<string, unknown>>, name: string, longest = 16 * 1024): string {
  const value = body[name];
  if (typeof value !== 'string') throw new RequestError(400, `\`${name}\` is no text`);
  if (value.length > longest) throw new RequestError(413, `\`${name}\` is too long`);
  return value;
}

export function numberOf(body: Readonly<Record<string, unknown>>, name: string): number {
  const value = body[name];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw new RequestError(400, `\`${name}\` is no whole number`);
  return value;
}

/** Header lines: at most 200, each a name and a value that may stand on a wire. */
export function headersOf(value: unknown): readonly (readonly [string, string])[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > 200) throw new RequestError(400, '`headers` is no list of names and values');
  return value.map((line: unknown): readonly [string, string] => {
    const [name, text] = Array.isArray(line) ? (line as readonly unknown[]) : [];
    const fits = typeof name === 'string' && typeof text === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[^\r\n\0]*$/.test(text);
    if (!fits || text.length > 16 * 1024) throw new RequestError(400, 'a header is a name and a value in one line');
    return [name, text];
  });
}
