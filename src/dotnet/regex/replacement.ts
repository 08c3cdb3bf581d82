/** Replacement patterns: `$1`, `${name}`, `$$`, `$&`, `` $` ``, `$'`, `$+`, `$_`. */

import type { Expression } from './expression.ts';
import type { MatchValue } from './match.ts';

/** A part of a replacement: literal text, or what is taken from a match. */
export type ReplacementPart = string | ((match: MatchValue) => string);

/** Reads a replacement pattern; what means nothing in it stays as it is. */
export function readReplacement(expression: Expression, replacement: string): ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  const tokens = /\$(?:(\$)|([&`'+_])|([0-9]{1,9})|\{(\w+)\})/g;
  let from = 0;
  for (const token of replacement.matchAll(tokens)) {
    parts.push(replacement.slice(from, token.index), partOf(expression, token));
    from = token.index + token[0].length;
  }
  parts.push(replacement.slice(from));
  return parts.filter((part) => part !== '');
}

function partOf(expression: Expression, token: RegExpMatchArray): ReplacementPart {
  const [whole, dollar, sign, digits, name] = token;
  if (dollar !== undefined) return '$';
  if (sign !== undefined) return signPart(sign);
  const number = digits === undefined ? expression.numberOfName(name ?? '') : Number(digits);
  return expression.hasGroup(number) ? (match) => match.groupText(number) : whole;
}

function signPart(sign: string): ReplacementPart {
  switch (sign) {
    case '&':
      return (match) => match.value;
    case '`':
      return (match) => match.input.slice(0, match.index);
    case "'":
      return (match) => match.input.slice(match.index + match.length);
    case '_':
      return (match) => match.input;
    default:
      return (match) => match.lastGroupText();
  }
}

/** The text that a replacement makes of a match. */
export function replaceOne(parts: readonly ReplacementPart[], match: MatchValue): string {
  return parts.map((part) => (typeof part === 'string' ? part : part(match))).join('');
}
