/** Values of the form that the table of the format gives them; anything else is reported with its place, never left out. */
import { isIP } from 'node:net';
import type { Entry } from '../workspace/config-file.ts';
import * as faults from '../workspace/faults.ts';
import { readMoment } from './duration.ts';
import { alternatives, type EntryType, entriesOf, FORMAT, type Shape, type ShapeName } from './format.ts';

/** Members of a mapping: known ones alone, each of its form. Shapes inside shapes are left to their own readers. */
export function checkShape(entry: Entry, shape: ShapeName): void {
  entry.onlyMembers(entriesOf(shape));
  const known: Shape = FORMAT[shape];
  for (const [name, member] of entry.isMapping ? entry.members() : []) {
    const type = known[name]?.type;
    if (type !== undefined && member.exists) checkType(member, type);
  }
}

const CHECKS: Readonly<Record<string, (entry: Entry) => unknown>> = {
  text: (entry) => entry.text(),
  number: (entry) => entry.number(),
  boolean: (entry) => entry.boolean(),
  moment: readMoment,
  status: (entry) => expectText(entry, (text) => /^[1-9]\d\d$/.test(text), 'a whole number from 100 to 999'),
  count: (entry) => expectText(entry, (text) => /^\d+$/.test(text), 'a whole number'),
  base64: (entry) => expectText(entry, isBase64, 'bytes in Base64'),
  ip: (entry) => expectText(entry, (text) => isIP(text) > 0, 'an IP address such as `10.0.0.1`'),
  map: expectMapping,
};

function checkType(entry: Entry, type: EntryType): void {
  const parts = alternatives(type);
  const words = parts.flatMap((part) => /^'(.*)'$/.exec(part)?.[1] ?? []);
  const list = parts.find((part) => part.startsWith('list('));
  if (words.length === parts.length) entry.choice(words);
  else if (entry.isList && list !== undefined) for (const item of entry.items()) checkType(item, list.slice('list('.length, -1));
  else CHECKS[parts[0] ?? '']?.(entry);
  if (parts.length === 1 && list !== undefined) entry.items();
}

function expectText(entry: Entry, fits: (text: string) => boolean, what: string): void {
  const text = entry.text();
  if (text !== undefined && !fits(text)) entry.report(faults.wrongType(entry.name, what));
}

function expectMapping(entry: Entry): void {
  if (!entry.isMapping) entry.report(faults.wrongType(entry.name, 'a mapping'));
}

/** With or without padding, in lines, and in the alphabet of URLs. */
function isBase64(text: string): boolean {
  const digits = text.replace(/\s+/g, '');
  return /^[\w+/-]*={0,2}$/.test(digits) && digits.replace(/=+$/, '').length % 4 !== 1;
}
