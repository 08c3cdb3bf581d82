/** Expectations on a request that left the gateway. */
import type { Entry } from '../workspace/config-file.ts';
import { bodyCheck, type Check, membersCheck, passes, textCheck } from './matching.ts';
import type { RecordedRequest } from './stubs.ts';

/** Compares what the mapping mentions: method, url, query, headers, body; `but` leaves some out. */
export function requestCheck(entry: Entry, but: readonly string[] = []): Check {
  const checks: ((request: RecordedRequest, what: string, note: Parameters<Check>[2]) => void)[] = [];
  const add = (name: string, make: (member: Entry) => Check, value: (request: RecordedRequest) => unknown) => {
    const member = entry.get(name);
    if (!member.exists || but.includes(name)) return;
    const check = make(member);
    checks.push((request, what, note) => check(value(request), what === '' ? name : `${what}.${name}`, note));
  };
  add('method', textCheck, ({ method }) => method);
  add('url', textCheck, ({ url }) => url);
  add('query', queryCheck, ({ url }) => url);
  add('headers', headersCheck, ({ headers }) => headers);
  add('body', bodyCheck, ({ body }) => body);
  return (actual, what, note) => {
    for (const check of checks) check(actual as RecordedRequest, what, note);
  };
}

function queryCheck(entry: Entry): Check {
  return membersCheck(entry, valuesCheck, (url, name) => {
    const query = String(url).split('?')[1] ?? '';
    return new URLSearchParams(query).getAll(name);
  });
}

/** Headers by name, out of a flat list. */
export function headersCheck(entry: Entry): Check {
  return membersCheck(entry, valuesCheck, (raw, name) => valuesOf(raw as readonly string[], name));
}

/** A list with each value, anything else with all of them joined by `,`. */
function valuesCheck(entry: Entry): Check {
  if (!entry.isList) {
    const check = textCheck(entry);
    return (values, what, note) => check(joined(values), what, note);
  }
  const checks = entry.items().map(textCheck);
  const expected = entry.texts();
  return (values, what, note) => {
    const list = values as readonly string[];
    let same = list.length === checks.length;
    for (const [at, check] of checks.entries()) same &&= passes(check, list[at]);
    if (!same) note(entry, what, expected.join(' | '), list.join(' | ') || 'absent');
  };
}

function joined(values: unknown): string | undefined {
  const list = values as readonly string[];
  return list.length > 0 ? list.join(',') : undefined;
}

function valuesOf(raw: readonly string[], name: string): string[] {
  return raw.flatMap((part, at) => (at % 2 === 1 && raw[at - 1]?.toLowerCase() === name.toLowerCase() ? [part] : []));
}
