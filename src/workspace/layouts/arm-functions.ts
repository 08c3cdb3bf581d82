/** Functions of ARM templates that can be worked out without a deployment. */
import { createHash } from 'node:crypto';
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { MappedText } from '../../source/mapped-text.ts';
import { replaceText } from './texts.ts';

/** Texts keep their places; objects and arrays are nodes of the template or plain data. */
export type ArmValue = MappedText | number | boolean | null | readonly ArmValue[] | ArmObject | Node;
export interface ArmObject {
  readonly members: ReadonlyMap<string, ArmValue>;
}

/** A function cannot be worked out here, or its arguments do not fit. */
export class ArmValueError extends Error {
  readonly unknown: boolean;

  constructor(message: string, unknown = false) {
    super(message);
    this.unknown = unknown;
  }
}

export interface FunctionContext {
  /** Where new texts stand: the place of the call. */
  readonly make: (text: string) => MappedText;
  readonly join: (parts: readonly MappedText[]) => MappedText;
  /** Evaluates nodes that a value may hold. */
  readonly open: (value: ArmValue) => ArmValue;
}

type ArmFunction = (args: readonly ArmValue[], context: FunctionContext) => ArmValue;

export function textOf(value: ArmValue | undefined, { make }: FunctionContext): MappedText {
  if (value instanceof MappedText) return value;
  if (value === undefined || value === null) return make('');
  if (typeof value === 'number' || typeof value === 'boolean')
    return make(typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value));
  return make(JSON.stringify(plain(value)));
}

/** As JavaScript data. */
function plain(value: ArmValue | undefined): unknown {
  if (value === undefined) return undefined;
  if (value instanceof MappedText) return value.text;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly ArmValue[]).map(plain);
  if ('members' in value) return Object.fromEntries([...value.members].map(([name, one]) => [name, plain(one)]));
  return (value as { toJSON(): unknown }).toJSON();
}

export function listOf(value: ArmValue | undefined, { open }: FunctionContext): readonly ArmValue[] {
  const opened = value === undefined ? [] : open(value);
  if (Array.isArray(opened)) return opened as readonly ArmValue[];
  return isNode(opened) && isSeq(opened) ? opened.items.map((item) => open(item as Node)) : [];
}

export function isNode(value: ArmValue | undefined): value is Node {
  return typeof value === 'object' && value !== null && (isMap(value) || isSeq(value) || isScalar(value));
}

function number(value: ArmValue | undefined): number {
  const found = typeof value === 'number' ? value : Number(value instanceof MappedText ? value.text : Number.NaN);
  if (!Number.isFinite(found)) throw new ArmValueError('a number is expected');
  return found;
}

function truth(value: ArmValue | undefined): boolean {
  if (value instanceof MappedText) return value.text.toLowerCase() === 'true';
  return value === true || (typeof value === 'number' && value !== 0);
}

function equal(a: ArmValue | undefined, b: ArmValue | undefined): boolean {
  const [left, right] = [plain(a), plain(b)];
  return typeof left === 'object' ? JSON.stringify(left) === JSON.stringify(right) : left === right;
}

function isEmpty(value: ArmValue | undefined, context: FunctionContext): boolean {
  if (value === undefined || value === null) return true;
  if (value instanceof MappedText) return value.text === '';
  if (isNode(value) && isMap(value)) return value.items.length === 0;
  if (typeof value === 'object' && 'members' in value) return value.members.size === 0;
  return listOf(value, context).length === 0;
}

const onText =
  (change: (text: string) => string): ArmFunction =>
  ([value], context) =>
    context.make(change(textOf(value, context).text));
const onNumbers =
  (change: (a: number, b: number) => number): ArmFunction =>
  ([a, b]) =>
    change(number(a), number(b));
const compared =
  (holds: (order: number) => boolean): ArmFunction =>
  ([a, b]) => {
    const [left, right] = [plain(a), plain(b)];
    if (typeof left === 'number' && typeof right === 'number') return holds(left - right);
    return holds(String(left) < String(right) ? -1 : String(left) > String(right) ? 1 : 0);
  };

/** Thirteen letters that depend on the arguments alone, as the real ones do. */
function uniqueString(args: readonly ArmValue[], context: FunctionContext): ArmValue {
  const hash = createHash('sha256').update(args.map((arg) => textOf(arg, context).text).join('-'));
  return context.make(
    BigInt(`0x${hash.digest('hex').slice(0, 20)}`)
      .toString(36)
      .slice(0, 13)
      .padStart(13, 'a'),
  );
}

/** `{0}`, `{1}` … ; `{{` and `}}` stand for braces. Formats behind a colon are left to .NET. */
function format([pattern, ...values]: readonly ArmValue[], context: FunctionContext): ArmValue {
  const text = textOf(pattern, context);
  const parts: MappedText[] = [];
  let last = 0;
  for (const match of text.text.matchAll(/\{\{|\}\}|\{(\d+)(?:[^{}]*)\}/g)) {
    parts.push(text.slice(last, match.index));
    parts.push(match[1] === undefined ? text.slice(match.index, match.index + 1) : textOf(values[Number(match[1])], context));
    last = match.index + match[0].length;
  }
  parts.push(text.slice(last));
  return context.join(parts.filter((part) => part.text !== ''));
}

function concat(args: readonly ArmValue[], context: FunctionContext): ArmValue {
  const first = args[0] === undefined ? undefined : context.open(args[0]);
  if (Array.isArray(first) || (isNode(first) && isSeq(first))) return args.flatMap((arg) => listOf(arg, context));
  return context.join(args.map((arg) => textOf(arg, context)));
}

/** Only the segments count, and of those mostly the last. */
function resourceId(args: readonly ArmValue[], context: FunctionContext): ArmValue {
  const texts = args.map((arg) => textOf(arg, context).text);
  const at = texts.findIndex((text) => text.includes('/'));
  const [provider = '', ...kinds] = (texts[at] ?? '').split('/');
  const names = texts.slice(at + 1);
  return context.make(`/providers/${provider}/${kinds.map((kind, index) => `${kind}/${names[index] ?? ''}`).join('/')}`);
}

function union(args: readonly ArmValue[], context: FunctionContext): ArmValue {
  const members = new Map<string, ArmValue>();
  for (const arg of args) for (const [name, value] of membersOf(arg, context)) members.set(name, value);
  return { members };
}

export function membersOf(value: ArmValue | undefined, { open }: FunctionContext): [string, ArmValue][] {
  const opened = value === undefined ? null : open(value);
  if (isNode(opened) && isMap(opened))
    return opened.items.map((pair) => [String(isScalar(pair.key) ? pair.key.value : pair.key), open((pair.value as Node | null) ?? null)]);
  if (typeof opened === 'object' && opened !== null && 'members' in opened) return [...opened.members];
  return [];
}

function createObject(args: readonly ArmValue[], context: FunctionContext): ArmValue {
  const members = new Map<string, ArmValue>();
  for (let at = 0; at + 1 < args.length; at += 2) members.set(textOf(args[at], context).text, args[at + 1] ?? null);
  return { members };
}

function contains([whole, part]: readonly ArmValue[], context: FunctionContext): ArmValue {
  const wanted = textOf(part, context).text;
  if (whole instanceof MappedText) return whole.text.includes(wanted);
  const members = membersOf(whole, context);
  if (members.length > 0) return members.some(([name]) => name.toLowerCase() === wanted.toLowerCase());
  return listOf(whole, context).some((item) => equal(item, part));
}

function length([value]: readonly ArmValue[], context: FunctionContext): ArmValue {
  if (value instanceof MappedText) return value.text.length;
  return membersOf(value, context).length || listOf(value, context).length;
}

function cut(value: ArmValue | undefined, from: number, to: number | undefined, context: FunctionContext): ArmValue {
  return value instanceof MappedText ? value.slice(from, to) : listOf(value, context).slice(from, to);
}

function json([value]: readonly ArmValue[], context: FunctionContext): ArmValue {
  return fromPlain(JSON.parse(textOf(value, context).text), context.make);
}

export function fromPlain(value: unknown, make: (text: string) => MappedText): ArmValue {
  if (typeof value === 'string') return make(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((item) => fromPlain(item, make));
  if (typeof value !== 'object' || value === null) return null;
  return { members: new Map(Object.entries(value).map(([name, one]) => [name, fromPlain(one, make)])) };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const fromBase64 = (text: string) => Buffer.from(text, 'base64').toString();

/** By name in lower case. */
export const ARM_FUNCTIONS: ReadonlyMap<string, ArmFunction> = new Map<string, ArmFunction>([
  ['concat', concat],
  ['format', format],
  ['tolower', onText((text) => text.toLowerCase())],
  ['toupper', onText((text) => text.toUpperCase())],
  ['trim', onText((text) => text.trim())],
  ['uricomponent', onText(encodeURIComponent)],
  ['uricomponenttostring', onText(decodeURIComponent)],
  ['base64', onText(base64)],
  ['base64tostring', onText(fromBase64)],
  ['string', ([value], context) => textOf(value, context)],
  ['int', ([value]) => number(value)],
  ['bool', ([value]) => truth(value)],
  ['json', json],
  ['null', () => null],
  ['true', () => true],
  ['false', () => false],
  ['replace', ([text, from, to], context) => replaceText(textOf(text, context), textOf(from, context).text, textOf(to, context))],
  ['substring', ([text, from, count], context) => substring(textOf(text, context), number(from), count)],
  ['split', ([text, by], context) => split(textOf(text, context), textOf(by, context).text)],
  [
    'join',
    ([list, by], context) =>
      context.make(
        listOf(list, context)
          .map((item) => textOf(item, context).text)
          .join(textOf(by, context).text),
      ),
  ],
  ['startswith', ([a, b], context) => textOf(a, context).text.toLowerCase().startsWith(textOf(b, context).text.toLowerCase())],
  ['endswith', ([a, b], context) => textOf(a, context).text.toLowerCase().endsWith(textOf(b, context).text.toLowerCase())],
  ['uri', ([base, relative], context) => context.make(new URL(textOf(relative, context).text, textOf(base, context).text).toString())],
  ['not', ([value]) => !truth(value)],
  ['and', (args) => args.every(truth)],
  ['or', (args) => args.some(truth)],
  ['equals', ([a, b]) => equal(a, b)],
  ['less', compared((order) => order < 0)],
  ['lessorequals', compared((order) => order <= 0)],
  ['greater', compared((order) => order > 0)],
  ['greaterorequals', compared((order) => order >= 0)],
  ['add', onNumbers((a, b) => a + b)],
  ['sub', onNumbers((a, b) => a - b)],
  ['mul', onNumbers((a, b) => a * b)],
  ['div', onNumbers((a, b) => Math.trunc(a / b))],
  ['mod', onNumbers((a, b) => a % b)],
  ['min', (args, context) => Math.min(...numbersOf(args, context))],
  ['max', (args, context) => Math.max(...numbersOf(args, context))],
  ['empty', ([value], context) => isEmpty(value, context)],
  ['length', length],
  ['contains', contains],
  ['first', ([value], context) => (value instanceof MappedText ? value.slice(0, 1) : (listOf(value, context)[0] ?? null))],
  ['last', ([value], context) => (value instanceof MappedText ? value.slice(-1) : (listOf(value, context).at(-1) ?? null))],
  ['skip', ([value, count], context) => cut(value, number(count), undefined, context)],
  ['take', ([value, count], context) => cut(value, 0, number(count), context)],
  ['coalesce', (args) => args.find((arg) => arg !== null) ?? null],
  ['createarray', (args) => args],
  ['array', ([value], context) => (listOf(value, context).length > 0 ? listOf(value, context) : [value ?? null])],
  ['createobject', createObject],
  ['union', union],
  ['range', ([from, count]) => Array.from({ length: Math.min(number(count), 800) }, (_, at) => number(from) + at)],
  ['uniquestring', uniqueString],
  ['guid', uniqueString],
  ['resourceid', resourceId],
  ['subscriptionresourceid', resourceId],
  ['extensionresourceid', (args, context) => resourceId(args.slice(1), context)],
]);

function substring(text: MappedText, from: number, count: ArmValue | undefined): MappedText {
  return text.slice(from, count === undefined ? text.text.length : from + number(count));
}

function split(text: MappedText, by: string): MappedText[] {
  const parts: MappedText[] = [];
  let at = 0;
  for (const part of text.text.split(by)) {
    parts.push(text.slice(at, at + part.length));
    at += part.length + by.length;
  }
  return parts;
}

function numbersOf(args: readonly ArmValue[], context: FunctionContext): number[] {
  return args.flatMap((arg) => (typeof arg === 'number' ? [arg] : listOf(arg, context).map((item) => number(item))));
}
