/** Writes tokens as text: JsonTextWriter with its default settings, and the settings that matter. */
import { Boxed } from '../../csharp/runtime/values.ts';
import { netTypeName, primitiveOf } from '../core/protocol.ts';
import { NetDecimal } from '../numbers/decimal.ts';
import { formatFloating } from '../numbers/format-number.ts';
import { isoOffsetText, isoText, NetDateTime, NetDateTimeOffset } from './dates.ts';
import { quote } from './escape.ts';
import { KIND } from './kinds.ts';
import { JArray, JConstructor, type JContainer, JObject, JProperty, type JToken, JValue, type Scalar } from './tokens.ts';
import { scalarText } from './values.ts';

/** What changes the text; all of it has Newtonsoft's defaults. */
export interface WriteOptions {
  readonly indented: boolean;
  /** StringEscapeHandling: 0 default, 1 escape non-ASCII, 2 escape HTML. */
  readonly escapeHandling?: number;
  /** FloatFormatHandling: 0 String, 1 Symbol, 2 DefaultValue. */
  readonly floatHandling?: number;
  /** Custom .NET format of dates; undefined means ISO. */
  readonly dateFormat?: string | undefined;
  /** DateTimeZoneHandling: 0 Local, 1 Utc, 2 Unspecified, 3 RoundtripKind (default). */
  readonly zoneHandling?: number;
  /** DateFormatHandling: 0 ISO, 1 Microsoft. */
  readonly microsoftDates?: boolean;
}

export function tokenText(token: JToken, indented: boolean): string {
  return writeToken(token, { indented });
}

/** The JSON text of a token; lines end with `\n`. */
export function writeToken(token: JToken, options: WriteOptions): string {
  const writer = new Writer(options);
  writer.write(token, 0);
  return writer.text;
}

const LINES = Array.from({ length: 16 }, (_, depth) => `\n${'  '.repeat(depth)}`);

/** A line end and the indentation of a level. */
function lineOf(depth: number): string {
  return LINES[depth] ?? `\n${'  '.repeat(depth)}`;
}

class Writer {
  text = '';
  readonly #options: WriteOptions;

  constructor(options: WriteOptions) {
    this.#options = options;
  }

  write(token: JToken, depth: number): void {
    if (token instanceof JValue) this.text += valueText(token, this.#options);
    else if (token instanceof JProperty) this.#property(token, depth);
    else if (token instanceof JObject) this.#list(token, '{', '}', depth);
    else if (token instanceof JArray) this.#list(token, '[', ']', depth);
    else if (token instanceof JConstructor) this.#list(token, `new ${token.name ?? ''}(`, ')', depth);
  }

  #property(property: JProperty, depth: number): void {
    this.text += quote(property.name, this.#options.escapeHandling) + (this.#options.indented ? ': ' : ':');
    const { value } = property;
    if (value !== null) this.write(value, depth);
  }

  #list(container: JContainer, open: string, close: string, depth: number): void {
    const { children } = container;
    const line = this.#options.indented ? lineOf(depth + 1) : '';
    this.text += open + (children.length > 0 ? line : '');
    for (let at = 0; at < children.length; at += 1) {
      if (at > 0) this.text += `,${line}`;
      this.write(children[at] as JToken, depth + 1);
    }
    this.text += this.#options.indented && children.length > 0 ? lineOf(depth) + close : close;
  }
}

function valueText(token: JValue, options: WriteOptions): string {
  switch (token.kind) {
    case KIND.Comment:
      return `/*${token.netToString()}*/`;
    case KIND.Undefined:
      return 'undefined';
    case KIND.Raw:
      return token.netToString();
    default:
      return scalarJson(token.value, options);
  }
}

/** JSON text of a scalar. */
export function scalarJson(value: Scalar, options: WriteOptions = { indented: false }): string {
  switch (typeof value) {
    case 'string':
      return quote(value, options.escapeHandling);
    case 'number':
      return floatJson(value, false, options.floatHandling);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return String(value);
    default:
      return value === null ? 'null' : objectJson(value, options);
  }
}

function objectJson(value: Exclude<Scalar, string | bigint | number | boolean | null>, options: WriteOptions): string {
  if (value instanceof Uint8Array) return `"${base64(value)}"`;
  if (value instanceof Boxed)
    return primitiveOf(value.type) === 'float' ? floatJson(Number(value.value), true, options.floatHandling) : String(value.value);
  if (value instanceof NetDecimal) return withDecimalPlace(value.netToString());
  if (value instanceof NetDateTime) return quote(dateText(value, options));
  if (value instanceof NetDateTimeOffset) return quote(options.dateFormat ? value.netFormat(options.dateFormat) : isoOffsetText(value));
  return quote(netTypeName(value.netType) === 'System.Uri' ? originalUri(value) : scalarText(value), options.escapeHandling);
}

function originalUri(value: object): string {
  const original = (value as { originalString?: unknown }).originalString;
  return typeof original === 'string' ? original : scalarText(value as Exclude<Scalar, null>);
}

/** 0 converts nothing but the kind here: the local zone is UTC. */
function dateText(value: NetDateTime, options: WriteOptions): string {
  const kind = [2, 1, 0][options.zoneHandling ?? 3];
  const date = kind === undefined ? value : new NetDateTime(value.ticks, kind);
  if (options.dateFormat) return date.netFormat(options.dateFormat);
  if (!options.microsoftDates) return isoText(date);
  const milliseconds = (date.ticks - 621_355_968_000_000_000n) / 10_000n;
  return `/Date(${milliseconds}${date.kind === 1 ? '' : '+0000'})/`;
}

const SPECIAL_FLOATS = new Map<number, string>([
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
]);

function floatJson(value: number, single: boolean, handling = 0): string {
  if (Number.isFinite(value)) return withDecimalPlace(formatFloating(value, single));
  const name = SPECIAL_FLOATS.get(value) ?? 'NaN';
  return handling === 0 ? `"${name}"` : handling === 1 ? name : '0.0';
}

/** `1` becomes `1.0`, so that it reads back as the same kind of number. */
function withDecimalPlace(text: string): string {
  return /[.eE]/.test(text) ? text : `${text}.0`;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const left = bytes.length - at;
    parts.push(
      ALPHABET.charAt(a >> 2),
      ALPHABET.charAt(((a & 3) << 4) | (b >> 4)),
      left > 1 ? ALPHABET.charAt(((b & 15) << 2) | (c >> 6)) : '=',
      left > 2 ? ALPHABET.charAt(c & 63) : '=',
    );
  }
  return parts.join('');
}
