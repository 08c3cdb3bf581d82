/** Headers in wire order: name, value, name, value … */
import type { RawHeaders } from './host.ts';

/** The first value of a header, its name in lower case. */
export function headerOf(headers: RawHeaders, name: string): string | undefined {
  for (let at = 0; at + 1 < headers.length; at += 2) if (headers[at]?.toLowerCase() === name) return headers[at + 1];
  return undefined;
}

/** Whether there is a header, its name in lower case. */
export function hasHeader(headers: RawHeaders, name: string): boolean {
  return headerOf(headers, name) !== undefined;
}

/** A list without the headers named, in lower case. */
export function withoutHeaders(headers: RawHeaders, names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    if (!names.has(name.toLowerCase())) kept.push(name, headers[at + 1] ?? '');
  }
  return kept;
}
