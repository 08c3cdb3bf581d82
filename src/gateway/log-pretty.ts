/** Log lines for people: time, level, message, and what a call was and became. */
import { tryJson } from '../source/json.ts';
import { withoutControls } from '../source/render.ts';

/** Fields that have a place of their own in the line. */
const PLACED: ReadonlySet<string> = new Set(['time', 'level', 'msg']);
const PLACED_OF_CALLS: ReadonlySet<string> = new Set([...PLACED, 'method', 'url', 'responseCode', 'totalTime', 'isRequestSuccess']);

const COLOURS: Readonly<Record<string, string>> = { trace: '2', debug: '2', info: '32', warn: '33', error: '31' };

/** A JSON line as one for people; what is no JSON stays as it is. */
export function prettyLine(line: string, colours: boolean): string {
  const fields = parsed(line);
  if (!fields) return line;
  const paint = (code: string, text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  const level = String(fields.level);
  const head = `${paint('2', String(fields.time).slice(11, 23))} ${paint(COLOURS[level] ?? '0', level.toUpperCase().padEnd(5))}`;
  const isCall = fields.msg === 'request' && fields.responseCode !== undefined;
  const text = isCall ? `${fields.method} ${fields.url} ${fields.responseCode} ${fields.totalTime} ms` : String(fields.msg);
  const rest = Object.entries(fields).flatMap(([name, value]) =>
    (isCall ? PLACED_OF_CALLS : PLACED).has(name) ? [] : [paint('2', `${name}=${shown(value)}`)],
  );
  return [head, withoutControls(text), ...rest].join(' ');
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return withoutControls(/[\s"]/.test(text) && typeof value === 'string' ? JSON.stringify(text) : text);
}

function parsed(line: string): Record<string, unknown> | undefined {
  const value = tryJson(line);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
