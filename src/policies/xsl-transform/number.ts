/** xsl:number (XSLT 1.0, section 7.7). */
import type { ElementValue } from '../../dotnet/xml/nodes.ts';
import { toNumber } from '../../dotnet/xml/xpath.ts';
import { walk, type XPathNode } from '../../dotnet/xml/xpath-axes.ts';
import { compileTemplate, compileXPath, type State } from './expression.ts';
import { attributeOf } from './names.ts';
import { compilePattern, type Pattern } from './pattern.ts';

type Test = (node: XPathNode, state: State) => boolean;

/** The text that xsl:number writes. */
export function compileNumber(element: ElementValue): (state: State) => string {
  const value = attributeOf(element, 'value');
  const numbers = value === undefined ? counted(element) : valued(compileXPath(value, element));
  const format = compileTemplate(attributeOf(element, 'format') ?? '1', element);
  const separator = compileTemplate(attributeOf(element, 'grouping-separator') ?? '', element);
  const size = compileTemplate(attributeOf(element, 'grouping-size') ?? '0', element);
  return (state) => formatted(numbers(state), format(state), separator(state), Number(size(state)));
}

function valued(read: ReturnType<typeof compileXPath>): (state: State) => number[] {
  return (state) => [Math.round(toNumber(read(state)))];
}

function counted(element: ElementValue): (state: State) => number[] {
  const level = attributeOf(element, 'level') ?? 'single';
  const count = testOf(attributeOf(element, 'count'), element);
  const from = testOf(attributeOf(element, 'from'), element);
  return (state) => {
    const { node } = state.focus;
    const counts: Test = count ?? ((other) => sameKind(node, other));
    if (level === 'any') return anyLevel(node, counts, from, state);
    const chain = upTo([...walk(node, 'ancestor-or-self')], from, state);
    const matching = chain.filter((one) => counts(one, state));
    const chosen = level === 'multiple' ? matching.reverse() : matching.slice(0, 1);
    return chosen.map((one) => 1 + [...walk(one, 'preceding-sibling')].filter((sibling) => counts(sibling, state)).length);
  };
}

function testOf(text: string | undefined, element: ElementValue): Test | undefined {
  if (text === undefined) return undefined;
  const patterns: readonly Pattern[] = compilePattern(text, element);
  return (node, state) => patterns.some((pattern) => pattern.matches(node, state));
}

function upTo(nodes: readonly XPathNode[], from: Test | undefined, state: State): readonly XPathNode[] {
  const end = from ? nodes.findIndex((node) => from(node, state)) : -1;
  return end < 0 ? nodes : nodes.slice(0, end);
}

function anyLevel(node: XPathNode, counts: Test, from: Test | undefined, state: State): number[] {
  const before = [...walk(node, 'ancestor-or-self'), ...walk(node, 'preceding')];
  const places = state.transform.order(topOf(node));
  const ordered = before.sort((a, b) => (places.get(b) ?? 0) - (places.get(a) ?? 0));
  const total = upTo(ordered, from, state).filter((one) => counts(one, state)).length;
  return total === 0 ? [] : [total];
}

function topOf(node: XPathNode) {
  const chain = [...walk(node, 'ancestor-or-self')];
  return chain.at(-1) as Parameters<State['transform']['order']>[0];
}

function sameKind(a: XPathNode, b: XPathNode): boolean {
  if (a.nodeType !== b.nodeType) return false;
  return 'name' in a && 'name' in b ? String(nameText(a)) === String(nameText(b)) : true;
}

function nameText(node: XPathNode): string {
  return 'attributes' in node ? (node as ElementValue).name.netToString() : '';
}

/** Numbers with the tokens of the format between them: `1.1`, `A`, `i`, `01`. */
function formatted(numbers: readonly number[], format: string, separator: string, size: number): string {
  const parts = format.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}]+/gu) ?? ['1'];
  const tokens = parts.filter((part) => /[\p{L}\p{N}]/u.test(part));
  const marks = separatorsOf(parts);
  const prefix = /[\p{L}\p{N}]/u.test(parts[0] ?? '') ? '' : (parts[0] ?? '');
  const last = parts.at(-1) ?? '';
  const suffix = tokens.length > 0 && !/[\p{L}\p{N}]/u.test(last) ? last : '';
  const texts = numbers.map((number, at) => tokenText(number, tokens[Math.min(at, tokens.length - 1)] ?? '1', separator, size));
  let joined = '';
  for (const [at, text] of texts.entries()) joined += (at === 0 ? '' : (marks[Math.min(at, marks.length) - 1] ?? '.')) + text;
  return prefix + joined + suffix;
}

/** What stands between tokens, without what stands before the first and behind the last. */
function separatorsOf(parts: readonly string[]): string[] {
  const isToken = (part: string) => /[\p{L}\p{N}]/u.test(part);
  const first = parts.findIndex(isToken);
  const last = parts.findLastIndex(isToken);
  return parts.slice(first, last + 1).filter((part) => !isToken(part));
}

function tokenText(number: number, token: string, separator: string, size: number): string {
  if (!Number.isFinite(number) || number < 1) return String(number);
  if (token === 'A' || token === 'a') return letters(number, token === 'A');
  if (token === 'I' || token === 'i') return number < 5000 ? roman(number, token === 'I') : String(number);
  const digits = String(number).padStart(/^0*1$/.test(token) ? token.length : 1, '0');
  return separator === '' || !(size > 0) ? digits : digits.replace(new RegExp(`\\B(?=(\\d{${Math.floor(size)}})+$)`, 'g'), () => separator);
}

function letters(number: number, upper: boolean): string {
  let text = '';
  for (let left = number; left > 0; left = Math.floor((left - 1) / 26)) text = String.fromCharCode(65 + ((left - 1) % 26)) + text;
  return upper ? text : text.toLowerCase();
}

const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

function roman(number: number, upper: boolean): string {
  let left = number;
  let text = '';
  for (const [value, sign] of ROMAN) {
    while (left >= value) {
      text += sign;
      left -= value;
    }
  }
  return upper ? text : text.toLowerCase();
}
