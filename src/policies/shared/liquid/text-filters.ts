/** Filters over texts. */
import type { Runtime } from '../../../csharp/runtime/runtime.ts';
import { htmlEncode, urlDecode } from '../../../dotnet/net/web-utility.ts';
import { Expression } from '../../../dotnet/regex/expression.ts';
import { matchFrom } from '../../../dotnet/regex/match.ts';
import { readReplacement, replaceOne } from '../../../dotnet/regex/replacement.ts';
import { callStatic } from '../../../exchange/context/library.ts';
import type { Filter } from './filters.ts';
import { EmptyWord, integerOf, isList, type LiquidValue, textOf } from './values.ts';

/** A filter over text; nil stays nil. */
function onText(apply: (text: string, given: readonly string[], runtime: Runtime) => LiquidValue): Filter {
  return (input, given, runtime) => {
    if (input === null) return null;
    const text = textOf(input);
    runtime.budget.allocate(text.length);
    return apply(text, given.map(textOf), runtime);
  };
}

const REGEX = 'System.Text.RegularExpressions.Regex';

/** The first argument is a .NET regular expression (policies-b.yaml: compatibility with DotLiquid 2.0). */
function replaceAll(text: string, pattern: string, replacement: string, runtime: Runtime): string {
  if (pattern === '') return text;
  return String(callStatic(runtime, REGEX, 'Replace', ['string', 'string', 'string'], text, pattern, replacement));
}

function replaceFirst(text: string, pattern: string, replacement: string, runtime: Runtime): string {
  if (pattern === '') return text;
  const expression = new Expression(pattern, 0);
  const match = matchFrom(runtime, expression, text, 0);
  if (!match.success) return text;
  return text.slice(0, match.index) + replaceOne(readReplacement(expression, replacement), match) + text.slice(match.index + match.length);
}

/** TextInfo.ToTitleCase: words all in capitals stay. */
function titleCase(text: string): string {
  return text.replace(/\p{L}[\p{L}\p{M}']*/gu, (word) => {
    const isCapitals = [...word].length > 1 && word === word.toUpperCase() && word !== word.toLowerCase();
    const [first = ''] = word;
    return isCapitals ? word : first.toUpperCase() + word.slice(first.length).toLowerCase();
  });
}

function slice(text: string, offset: number, length: number): string {
  const start = offset < 0 ? offset + text.length : offset;
  const end = start + length;
  return start > text.length ? '' : text.slice(Math.max(0, start), Math.max(0, end));
}

function truncate(text: string, length: number, ellipsis: string): string {
  return text.length > length ? text.slice(0, Math.max(0, length - ellipsis.length)) + ellipsis : text;
}

function truncateWords(text: string, count: number, ellipsis: string): string {
  const words = text.split(' ');
  return words.length > count ? words.slice(0, Math.max(1, count)).join(' ') + ellipsis : text;
}

/** Scripts, styles and comments with what they hold, then tags; linear scans. */
function stripHtml(text: string): string {
  let result = text;
  for (const [open, close] of [
    ['<script', '</script>'],
    ['<!--', '-->'],
    ['<style', '</style>'],
    ['<', '>'],
  ] as const)
    result = withoutBlocks(result, open, close);
  return result;
}

function withoutBlocks(text: string, open: string, close: string): string {
  const lower = text.toLowerCase();
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const start = lower.indexOf(open, at);
    const end = start < 0 ? -1 : lower.indexOf(close, start);
    if (end < 0) break;
    parts.push(text.slice(at, start));
    at = end + close.length;
  }
  return parts.join('') + text.slice(at);
}

function split(text: string, separator: string): LiquidValue {
  if (text.trim() === '') return [text];
  return separator === '' ? [...text] : text.split(separator).filter((part) => part !== '');
}

function isBlank(value: LiquidValue): boolean {
  return value === null || value instanceof EmptyWord || (isList(value) ? value.length === 0 : textOf(value).trim() === '');
}

const htmlEscape = onText((text) => htmlEncode(text));

export const textFilters: Readonly<Record<string, Filter>> = {
  Append: onText((text, [more = '']) => text + more),
  Prepend: onText((text, [before = '']) => before + text),
  Capitalize: onText(titleCase),
  Downcase: onText((text) => text.toLowerCase()),
  Upcase: onText((text) => text.toUpperCase()),
  Default: (input, [otherwise = null]) => (isBlank(input) ? otherwise : input),
  Escape: htmlEscape,
  H: htmlEscape,
  Lstrip: onText((text) => text.trimStart()),
  Rstrip: onText((text) => text.trimEnd()),
  Strip: onText((text) => text.trim()),
  NewlineToBr: onText((text) => text.replace(/(\r?\n)/g, '<br />$1')),
  StripNewlines: onText((text) => text.replace(/\r?\n/g, '')),
  StripHtml: onText(stripHtml),
  Remove: onText((text, [part = '']) => (part === '' ? text : text.replaceAll(part, () => ''))),
  RemoveFirst: onText((text, [pattern = ''], runtime) => replaceFirst(text, pattern, '', runtime)),
  Replace: onText((text, [pattern = '', replacement = ''], runtime) => replaceAll(text, pattern, replacement, runtime)),
  ReplaceFirst: onText((text, [pattern = '', replacement = ''], runtime) => replaceFirst(text, pattern, replacement, runtime)),
  Slice: (input, [offset = 0n, length = 1n]) => (input === null ? null : slice(textOf(input), integerOf(offset), integerOf(length))),
  Split: onText((text, [separator = '']) => split(text, separator)),
  Truncate: (input, [length = 50n, ellipsis = '...']) =>
    input === null ? null : truncate(textOf(input), integerOf(length), textOf(ellipsis)),
  TruncateWords: (input, [count = 15n, ellipsis = '...']) =>
    input === null ? null : truncateWords(textOf(input), integerOf(count), textOf(ellipsis)),
  UrlEncode: onText((text, _given, runtime) => String(callStatic(runtime, 'System.Net.WebUtility', 'UrlEncode', ['string'], text))),
  UrlDecode: onText((text) => urlDecode(text)),
};
