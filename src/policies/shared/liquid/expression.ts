/** Values, filters and conditions as they are written inside the marks of a template. */
import { decimalFromText } from '../../../dotnet/numbers/decimal.ts';
import { operatorNamed } from './compare.ts';
import { LiquidSyntaxError, liquidError } from './errors.ts';
import { filterNamed } from './filters.ts';
import type { Scope } from './scope.ts';
import { EMPTY_WORD, integerOf, isTrue, type LiquidValue, memberOf } from './values.ts';

/** Computes a value from what is in scope. */
export type Evaluate = (scope: Scope) => LiquidValue;

const WORDS: ReadonlyMap<string, LiquidValue> = new Map<string, LiquidValue>([
  ['nil', null],
  ['null', null],
  ['true', true],
  ['false', false],
  ['blank', EMPTY_WORD],
  ['empty', EMPTY_WORD],
]);

/** One token: a quoted text, a range, an operator, or a word with its brackets. */
const TOKEN = /\s*(?:("[^"]*"|'[^']*')|\((\S+?)\.\.(\S+?)\)|([=!<>]+)|([,:|])|((?:[^\s,:|'"=!<>[\]]|\[(?:"[^"]*"|'[^']*'|[^\]])*\])+))/y;

interface Token {
  readonly kind: 'text' | 'range' | 'operator' | 'mark' | 'word';
  readonly text: string;
  readonly to?: string;
}

function tokensOf(markup: string): Token[] {
  const pattern = new RegExp(TOKEN);
  const tokens: Token[] = [];
  const end = markup.trimEnd().length;
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex;
    const match = pattern.exec(markup);
    if (!match) throw new LiquidSyntaxError(`\`${markup.slice(from).trim().slice(0, 40)}\` cannot be read`);
    tokens.push(tokenOf(match));
  }
  return tokens;
}

function tokenOf(match: RegExpExecArray): Token {
  const [, text, from, to, operator, mark, word] = match;
  if (text !== undefined) return { kind: 'text', text: text.slice(1, -1) };
  if (from !== undefined) return { kind: 'range', text: from, to: to ?? '' };
  if (operator !== undefined) return { kind: 'operator', text: operator };
  return mark === undefined ? { kind: 'word', text: word ?? '' } : { kind: 'mark', text: mark };
}

/** Reads a value alone, such as the collection of a loop. */
export function readValue(markup: string): Evaluate {
  const tokens = tokensOf(markup);
  const [token] = tokens;
  if (!token || tokens.length > 1) throw new LiquidSyntaxError(`\`${markup}\` is not a value`);
  return tokenValue(token);
}

/** Reads values with commas between them: `cycle`, `when`. */
export function readValues(markup: string, separator: RegExp): Evaluate[] {
  const groups: Token[][] = [[]];
  for (const token of tokensOf(markup)) {
    if (token.kind !== 'text' && separator.test(token.text)) groups.push([]);
    else groups.at(-1)?.push(token);
  }
  return groups.map((group) => {
    const [token] = group;
    if (!token || group.length > 1) throw new LiquidSyntaxError(`\`${markup}\` is not a list of values`);
    return tokenValue(token);
  });
}

/** Reads a value with filters: `item.name | Replace: 'a', 'b'`. */
export function readOutput(markup: string): Evaluate {
  const tokens = tokensOf(markup);
  const first = tokens.shift();
  let value: Evaluate = first === undefined ? () => null : tokenValue(first);
  while (tokens.length > 0) {
    if (tokens.shift()?.text !== '|') throw new LiquidSyntaxError(`\`${markup}\` needs \`|\` between value and filters`);
    value = filtered(value, tokens, markup);
  }
  return value;
}

function filtered(input: Evaluate, tokens: Token[], markup: string): Evaluate {
  const name = tokens.shift();
  if (name?.kind !== 'word') throw new LiquidSyntaxError(`\`${markup}\` lacks the name of a filter`);
  const given = argumentsOf(tokens);
  const filter = filterNamed(name.text);
  return (scope) => {
    if (!filter) throw liquidError(`Unknown filter '${name.text}'`);
    const value = input(scope);
    return filter(
      value,
      given.map((argument) => argument(scope)),
      scope.runtime,
    );
  };
}

function argumentsOf(tokens: Token[]): Evaluate[] {
  const given: Evaluate[] = [];
  while (tokens[0] && !(tokens[0].kind === 'mark' && tokens[0].text === '|')) {
    const token = tokens.shift();
    if (token && token.kind !== 'mark') given.push(tokenValue(token));
  }
  return given;
}

function tokenValue(token: Token): Evaluate {
  if (token.kind === 'text') return () => token.text;
  if (token.kind === 'range') return range(readValue(token.text), readValue(token.to ?? ''));
  if (token.kind !== 'word') throw new LiquidSyntaxError(`\`${token.text}\` is not a value`);
  const { text } = token;
  const word = WORDS.get(text);
  if (word !== undefined) return () => word;
  return numberOf(text) ?? path(text);
}

function numberOf(text: string): Evaluate | undefined {
  if (/^[+-]?\d{1,40}$/.test(text)) {
    const whole = BigInt(text);
    if (BigInt.asIntN(64, whole) !== whole) throw new LiquidSyntaxError(`\`${text}\` is too large for an Int64`);
    return () => whole;
  }
  if (!/^[+-]?\d{1,20}\.\d{1,20}$/.test(text)) return undefined;
  const decimal = decimalFromText(text);
  return () => decimal;
}

function range(from: Evaluate, to: Evaluate): Evaluate {
  return (scope) => {
    const [first, last] = [integerOf(from(scope)), integerOf(to(scope))];
    scope.runtime.budget.step(Math.max(0, last - first));
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => BigInt(first + at));
  };
}

const PART = /\[((?:"[^"]*"|'[^']*'|[^\]])*)\]|([\w-]+\??)|\./y;

/** `body.a["b"][0].c`: a name in scope, then members. What is missing is nil. */
function path(text: string): Evaluate {
  const parts = partsOf(text);
  const [root, ...members] = parts;
  if (!root) throw new LiquidSyntaxError(`\`${text}\` is not a value`);
  return (scope) => {
    const name = root(scope);
    let value: LiquidValue = typeof name === 'string' ? scope.lookUp(name) : null;
    for (const member of members) {
      if (value === null) return null;
      value = memberOf(value, member(scope)) ?? null;
    }
    return value;
  };
}

function partsOf(text: string): Evaluate[] {
  const pattern = new RegExp(PART);
  const parts: Evaluate[] = [];
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) throw new LiquidSyntaxError(`\`${text}\` is not a value`);
    const [, bracketed, name] = match;
    if (bracketed !== undefined) parts.push(readValue(bracketed));
    else if (name !== undefined) parts.push(() => name);
  }
  return parts;
}

/** Reads the condition of `if`; `and` and `or` bind alike and associate to the right. */
export function readCondition(markup: string): (scope: Scope) => boolean {
  return conditionOf(tokensOf(markup), markup);
}

function conditionOf(tokens: readonly Token[], markup: string): (scope: Scope) => boolean {
  const at = tokens.findIndex((token) => token.kind === 'word' && /^(?:and|or)$/i.test(token.text));
  if (at < 0) return comparison(tokens, markup);
  const left = comparison(tokens.slice(0, at), markup);
  const right = conditionOf(tokens.slice(at + 1), markup);
  return tokens[at]?.text.toLowerCase() === 'and' ? (scope) => left(scope) && right(scope) : (scope) => left(scope) || right(scope);
}

function comparison(tokens: readonly Token[], markup: string): (scope: Scope) => boolean {
  const [first, operator, second] = tokens;
  if (!first || tokens.length === 2 || tokens.length > 3) throw new LiquidSyntaxError(`\`${markup}\` is not a condition`);
  const left = tokenValue(first);
  if (!operator || !second) return (scope) => isTrue(left(scope));
  const compare = operatorNamed(operator.text);
  const right = tokenValue(second);
  if (!compare) throw new LiquidSyntaxError(`\`${operator.text}\` is not an operator`);
  return (scope) => compare(left(scope), right(scope));
}
