/** Terraform's functions over texts, lists and maps. */
import { basename, dirname, extname, resolve } from 'node:path';
import { MappedText } from '../../source/mapped-text.ts';
import * as faults from './faults.ts';
import type { HclExpression } from './hcl-tree.ts';
import { entries, fromPlain, HclMap, type HclValue, listOf, memberOf, number, plainOf, toText, truth, unknown } from './hcl-values.ts';
import { joinTexts, replaceText, textAt } from './texts.ts';

export type HclFunction = (args: readonly HclValue[], at: HclExpression) => HclValue;

const onText =
  (change: (text: string, ...more: string[]) => string | boolean): HclFunction =>
  (args, at) =>
    fromPlain(change(...(args.map((arg) => toText(arg, at).text) as [string])), at);

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
  return joinTexts(
    text.file,
    [...parts, text.slice(last)].filter((part) => part.text !== ''),
    at.start,
  );
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
  ['urlencode', onText((text) => encodeURIComponent(text))],
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
    ([by, list], at) =>
      fromPlain(
        listOf(list ?? null)
          .map((item) => toText(item, at).text)
          .join(toText(by ?? null, at).text),
        at,
      ),
  ],
  ['jsonencode', ([value], at) => fromPlain(JSON.stringify(plainOf(value ?? null)), at)],
  ['jsondecode', ([text], at) => fromPlain(JSON.parse(toText(text ?? null, at).text) as unknown, at)],
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
]);

/** A pattern between slashes is a regular expression, which is not run over policy texts here. */
function replaced(text: MappedText, from: string, to: MappedText, at: HclExpression): HclValue {
  if (from.length > 2 && from.startsWith('/') && from.endsWith('/'))
    return unknown(faults.unknownFunction('replace with a regular expression'), at);
  return replaceText(text, from, to);
}

function trimmed(text: MappedText): MappedText {
  const start = text.text.length - text.text.trimStart().length;
  return text.slice(start, Math.max(start, text.text.trimEnd().length));
}

function chomped(text: MappedText): MappedText {
  let end = text.text.length;
  while (end > 0 && /[\r\n]/.test(text.text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function substring(text: MappedText, from: number, count: number): MappedText {
  return text.slice(from, count < 0 ? text.text.length : Math.min(text.text.length, from + count));
}
