/** Tokens of XPath 1.0 (W3C, section 3.7). */
import { NetException } from '../../csharp/runtime/exception.ts';

export type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'variable'; readonly value: string }
  | { readonly kind: 'operator'; readonly value: string }
  | { readonly kind: 'sign'; readonly value: string };

export function xpathException(message: string): NetException {
  return new NetException('System.Xml.XPath.XPathException', message);
}

const TOKEN =
  /[ \t\r\n]*(?:(\d+(?:\.\d*)?|\.\d+)|"([^"]*)"|'([^']*)'|\$([\p{L}_][\p{L}\p{N}\p{M}._-]*(?::[\p{L}_][\p{L}\p{N}\p{M}._-]*)?)|([\p{L}_][\p{L}\p{N}\p{M}._-]*(?::(?:\*|[\p{L}_][\p{L}\p{N}\p{M}._-]*))?(?!:[\p{L}_*]))|(\/\/|::|\.\.|!=|<=|>=|[()[\].@,/|+\-=<>*]))/uy;
const OPERATOR_NAMES: ReadonlySet<string> = new Set(['and', 'or', 'div', 'mod']);

/** All tokens; names and stars behind an operand are operators (the disambiguation rule of section 3.7). */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    tokens.push(tokenOf(match, tokens.at(-1)));
    end = TOKEN.lastIndex;
  }
  if (text.slice(end).trim() !== '') throw xpathException(`'${text}' has an invalid token.`);
  return tokens;
}

function tokenOf(match: RegExpExecArray, previous: Token | undefined): Token {
  const [, number, double, single, variable, name, sign] = match;
  if (number !== undefined) return { kind: 'number', value: Number(number) };
  if (double !== undefined || single !== undefined) return { kind: 'text', value: double ?? single ?? '' };
  if (variable !== undefined) return { kind: 'variable', value: variable };
  if (name !== undefined) {
    return OPERATOR_NAMES.has(name) && endsOperand(previous) ? { kind: 'operator', value: name } : { kind: 'name', value: name };
  }
  if (sign === '*') return endsOperand(previous) ? { kind: 'operator', value: '*' } : { kind: 'name', value: '*' };
  return { kind: 'sign', value: sign ?? '' };
}

function endsOperand(token: Token | undefined): boolean {
  if (token === undefined || token.kind === 'operator') return false;
  return token.kind !== 'sign' || [')', ']', '..', '.'].includes(token.value);
}
