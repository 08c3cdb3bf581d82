/** Terraform's functions over texts, lists and maps. */
import { createHash } from 'node:crypto';
import { basename, dirname, extname, resolve } from 'node:path';
import { MappedText } from '../../source/mapped-text.ts';
import * as faults from './faults.ts';
import type { HclExpression } from './hcl-tree.ts';
import {
  checkLength,
  entries,
  fromJson,
  fromPlain,
  HclMap,
  type HclValue,
  listOf,
  memberOf,
  number,
  plainOf,
  toText,
  truth,
  unknown,
} from './hcl-values.ts';
import { joinTexts, replaceText, textAt } from './texts.ts';

export type HclFunction = (args: readonly HclValue[], at: HclExpression) => HclValue;

const onText =
  (change: (text: string, ...more: string[]) => string | boolean): HclFunction =>
  ([first = null, ...more], at) =>
    fromPlain(change(toText(first, at).text, ...more.map((arg) => toText(arg, at).text)), at);

function format([pattern, ...values]: readonly HclValue[], at: HclExpression): HclValue {
  const rest = [...values];
  const text = toText(pattern ?? null, at);
  const parts: MappedText[] = [];
  let last = 0;
  for (const match of text.text.matchAll(/%(?:%|[#+-]?\d*(?:\.\d+)?[sdvqft])/g)) {
    parts.push(text.slice(last, match.index));
    const value = match[0] === '%%' ? textAt(at.file, '%', at.start) : toText(rest.shift() ?? null, at);
    parts.push(match[0].endsWith('q') ? textAt(at.file, JSON.stringify(value.text), at.start) : value);
    last = match.index + match[0].length;
  }
  const all = [...parts, text.slice(last)].filter((part) => part.text !== '');
  checkLength(
    all.reduce((sum, part) => sum + part.text.length, 0),
    at,
  );
  return joinTexts(text.file, all, at.start);
}

function lookup([map, key, fallback]: readonly HclValue[], at: HclExpression): HclValue {
  return memberOf(map ?? null, toText(key ?? null, at).text) ?? fallback ?? null;
}

/** Functions that need nothing but their arguments. */
export const HCL_FUNCTIONS: ReadonlyMap<string, HclFunction> = new Map<string, HclFunction>([
  ['format', format],
  ['replace', ([text, from, to], at) => replaced(toText(text ?? null, at), toText(from ?? null, at).text, toText(to ?? null, at), at)],
  ['lower', onText((text) => text.toLowerCase())],
  ['upper', onText((text) => text.toUpperCase())],
  ['title', onText((text) => text.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()))],
  ['trimspace', ([text], at) => trimmed(toText(text ?? null, at))],
  ['chomp', ([text], at) => chomped(toText(text ?? null, at))],
  ['trimprefix', onText((text, start = '') => (text.startsWith(start) ? text.slice(start.length) : text))],
  ['trimsuffix', onText((text, end = '') => (end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text))],
  ['startswith', onText((text, start = '') => text.startsWith(start))],
  ['endswith', onText((text, end = '') => text.endsWith(end))],
  ['basename', onText((text) => basename(text))],
  ['dirname', onText((text) => dirname(text))],
  ['abspath', onText((text) => resolve(text))],
  ['urlencode', onText((text) => encodeURIComponent(wellFormed(text)))],
  ['base64encode', onText((text) => Buffer.from(text).toString('base64'))],
  ['base64decode', onText((text) => Buffer.from(text, 'base64').toString())],
  ['substr', ([text, from, count], at) => substring(toText(text ?? null, at), number(from ?? 0, at), number(count ?? -1, at))],
  [
    'split',
    ([by, text], at) =>
      toText(text ?? null, at)
        .text.split(toText(by ?? null, at).text)
        .map((part) => fromPlain(part, at)),
  ],
  [
    'join',
    ([by, list], at) => {
      const items = listOf(list ?? null).map((item) => toText(item, at).text);
      const separator = toText(by ?? null, at).text;
      checkLength(
        items.reduce((sum, { length }) => sum + length + separator.length, 0),
        at,
      );
      return fromPlain(items.join(separator), at);
    },
  ],
  ['jsonencode', ([value], at) => fromPlain(JSON.stringify(plainOf(value ?? null)), at)],
  ['jsondecode', ([text], at) => fromJson(toText(text ?? null, at).text, at)],
  ['length', ([value]) => (value instanceof MappedText ? value.text.length : entries(value ?? null).length)],
  ['concat', (args) => args.flatMap((arg) => [...listOf(arg)])],
  ['flatten', ([list]) => listOf(list ?? null).flatMap((item) => (Array.isArray(item) ? (item as readonly HclValue[]) : [item]))],
  ['merge', (args) => new HclMap(new Map(args.flatMap((arg) => (arg instanceof HclMap ? [...arg.members] : []))))],
  ['toset', ([value]) => listOf(value ?? null)],
  ['tolist', ([value]) => listOf(value ?? null)],
  ['tomap', ([value]) => value ?? null],
  ['tostring', ([value], at) => (value === null || value === undefined ? null : toText(value, at))],
  ['tonumber', ([value], at) => number(value ?? null, at)],
  ['tobool', ([value]) => truth(value ?? null)],
  ['keys', ([value], at) => entries(value ?? null).map(([key]) => fromPlain(String(key), at))],
  ['values', ([value]) => listOf(value ?? null)],
  ['element', ([list, index], at) => listOf(list ?? null)[number(index ?? 0, at) % Math.max(1, listOf(list ?? null).length)] ?? null],
  ['lookup', lookup],
  ['contains', ([list, item]) => listOf(list ?? null).some((one) => plainOf(one) === plainOf(item ?? null))],
  ['nonsensitive', ([value]) => value ?? null],
  ['sensitive', ([value]) => value ?? null],
  ['extname', onText((text) => extname(text))],
  ['trim', onText((text, set = '') => withoutEnds(text, set))],
  ['strrev', onText((text) => [...text].reverse().join(''))],
  ['indent', ([count, text], at) => indented(number(count ?? 0, at), toText(text ?? null, at), at)],
  ...['md5', 'sha1', 'sha256', 'sha512'].map((name): [string, HclFunction] => [
    name,
    onText((text) => createHash(name).update(text).digest('hex')),
  ]),
  ['compact', ([list], at) => listOf(list ?? null).filter((item) => item !== null && toText(item, at).text !== '')],
  ['distinct', ([list]) => unique(listOf(list ?? null))],
  ['setunion', (lists) => unique(lists.flatMap((list) => [...listOf(list)]))],
  ['reverse', ([list]) => [...listOf(list ?? null)].reverse()],
  ['sort', ([list], at) => [...listOf(list ?? null)].sort((a, b) => (toText(a, at).text < toText(b, at).text ? -1 : 1))],
  ['slice', ([list, from, to], at) => listOf(list ?? null).slice(number(from ?? 0, at), number(to ?? 0, at))],
  ['one', ([list]) => listOf(list ?? null)[0] ?? null],
  ['zipmap', ([keys, values], at) => zipped(listOf(keys ?? null), listOf(values ?? null), at)],
  ['alltrue', ([list]) => listOf(list ?? null).every(truth)],
  ['anytrue', ([list]) => listOf(list ?? null).some(truth)],
  ['max', (values, at) => Math.max(...values.map((value) => number(value, at)))],
  ['min', (values, at) => Math.min(...values.map((value) => number(value, at)))],
  ['floor', ([value], at) => Math.floor(number(value ?? 0, at))],
  ['ceil', ([value], at) => Math.ceil(number(value ?? 0, at))],
  ['abs', ([value], at) => Math.abs(number(value ?? 0, at))],
]);

/** A pattern between slashes is a regular expression, which is not run over policy texts here. */
function replaced(text: MappedText, from: string, to: MappedText, at: HclExpression): HclValue {
  if (from.length > 2 && from.startsWith('/') && from.endsWith('/'))
    return unknown(faults.unknownFunction('replace with a regular expression'), at);
  checkLength(text.text.length + (text.text.split(from).length - 1) * to.text.length, at);
  return replaceText(text, from, to);
}

/** Halves of a character, of which no URL can be made, are characters that are not known. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

function trimmed(text: MappedText): MappedText {
  const start = text.text.length - text.text.trimStart().length;
  return text.slice(start, Math.max(start, text.text.trimEnd().length));
}

/** Without the characters of a set at both ends. */
function withoutEnds(text: string, set: string): string {
  const characters = [...text];
  const first = characters.findIndex((one) => !set.includes(one));
  return first < 0 ? '' : characters.slice(first, characters.findLastIndex((one) => !set.includes(one)) + 1).join('');
}

/** Blanks before every line but the first. */
function indented(count: number, text: MappedText, at: HclExpression): MappedText {
  checkLength(text.text.length + (text.text.split('\n').length - 1) * Math.min(200, Math.max(0, count)), at);
  return replaceText(text, '\n', textAt(text.file, `\n${' '.repeat(Math.min(200, Math.max(0, count)))}`, text.sourceOffset(0)));
}

function unique(list: readonly HclValue[]): HclValue[] {
  const seen = new Set<string>();
  return list.filter((item) => {
    const key = JSON.stringify(plainOf(item));
    return !seen.has(key) && seen.add(key);
  });
}

function zipped(keys: readonly HclValue[], values: readonly HclValue[], at: HclExpression): HclMap {
  return new HclMap(new Map(keys.map((key, index) => [toText(key, at).text, values[index] ?? null])));
}

function chomped(text: MappedText): MappedText {
  let end = text.text.length;
  while (end > 0 && /[\r\n]/.test(text.text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function substring(text: MappedText, from: number, count: number): MappedText {
  return text.slice(from, count < 0 ? text.text.length : Math.min(text.text.length, from + count));
}
