/** What two results differ in, as a caller, a backend and a called service would see it. */
import type { TestResult } from '../contract.ts';
import type { RecordedRequest } from '../stubs.ts';

export interface Difference {
  /** `status`, `header X-A`, `body`, `forwarded`, `forwarded header X-A`, `call`, `time` (on the virtual clock). */
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

export function differencesOf(before: TestResult, after: TestResult): Difference[] {
  return [
    ...differ('status', String(before.status), String(after.status)),
    ...headerDifferences('header', before.rawHeaders, after.rawHeaders),
    ...differ('body', before.body, after.body),
    ...requestDifferences('forwarded', before.forwarded, after.forwarded),
    ...requestDifferences('call', before.calls, after.calls),
    ...differ('time', `${before.elapsed} ms`, `${after.elapsed} ms`),
  ];
}

function differ(what: string, before: string, after: string): Difference[] {
  return before === after ? [] : [{ what, before, after }];
}

function headerDifferences(what: string, before: readonly string[], after: readonly string[]): Difference[] {
  const [left, right] = [headersOf(before), headersOf(after)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) =>
    differ(`${what} ${name}`, left.get(name) ?? 'absent', right.get(name) ?? 'absent'),
  );
}

function headersOf(raw: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    const known = headers.get(name);
    headers.set(name, known === undefined ? (raw[at + 1] ?? '') : `${known}, ${raw[at + 1] ?? ''}`);
  }
  return headers;
}

function requestDifferences(what: string, before: readonly RecordedRequest[], after: readonly RecordedRequest[]): Difference[] {
  const line = (request: RecordedRequest | undefined) => (request ? `${request.method} ${request.url}` : 'none');
  return Array.from({ length: Math.max(before.length, after.length) }, (_, i) => {
    const [left, right] = [before[i], after[i]];
    if (!left || !right) return differ(what, line(left), line(right));
    return [
      ...differ(what, line(left), line(right)),
      ...headerDifferences(`${what} header`, left.headers, right.headers),
      ...differ(`${what} body`, left.body, right.body),
    ];
  }).flat();
}
