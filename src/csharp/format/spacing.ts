/** How much white space stands between two tokens of one line, in the way C# is usually written. */
import type { Expression, SyntaxTree } from '../syntax/ast.ts';
import type { Token } from '../syntax/token.ts';
import { childrenOf, type Placed } from '../syntax/walk.ts';

/** What only the syntax tree can tell about the punctuation of a text: `<` of a comparison or of a type, unary or binary `-`. */
export interface Punctuation {
  /** Offsets of tokens that have a blank before them. */
  readonly blankBefore: ReadonlySet<number>;
  /** Ends of tokens that have a blank behind them. */
  readonly blankBehind: ReadonlySet<number>;
  /** Ends of tokens that touch what follows: targets of calls, unary operators. */
  readonly touching: ReadonlySet<number>;
  /** Offsets of the `{` of statement blocks; any other `{` opens an initializer. */
  readonly blocks: ReadonlySet<number>;
}

class Collector {
  readonly blankBefore = new Set<number>();
  readonly blankBehind = new Set<number>();
  readonly touching = new Set<number>();
  readonly blocks = new Set<number>();
  readonly #text: string;
  readonly #tokens: readonly Token[];

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  visit(root: Placed): void {
    const pending: Placed[] = [root];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (node.kind !== undefined) this.#look(node as Expression);
      if (node.kind !== 'interpolatedString') pending.push(...childrenOf(node));
    }
  }

  #look(node: Expression | { readonly kind: 'block' | 'postfix'; readonly span: Placed['span'] }): void {
    if (node.kind === 'binary' || node.kind === 'assignment') this.#spaced(node.operatorSpan.start, node.operatorSpan.end);
    else if (node.kind === 'conditional') {
      this.#operatorBetween(node.condition, node.whenTrue, '?');
      this.#operatorBetween(node.whenTrue, node.whenFalse, ':');
    } else if (node.kind === 'unary') this.touching.add(node.operatorSpan.end);
    else if (node.kind === 'invocation' || node.kind === 'elementAccess') this.touching.add(node.target.span.end);
    else if (node.kind === 'objectCreation' && node.args !== undefined) this.touching.add(node.type.span.end);
    else if (node.kind === 'block' && this.#text.charAt(node.span.start) === '{') this.blocks.add(node.span.start);
  }

  #spaced(start: number, end: number): void {
    this.blankBefore.add(start);
    this.blankBehind.add(end);
  }

  #operatorBetween(left: Expression, right: Expression, operator: string): void {
    const from = lowerBound(this.#tokens, left.span.end);
    for (let i = from; i < this.#tokens.length; i += 1) {
      const token = this.#tokens[i];
      if (token === undefined || token.start >= right.span.start) return;
      if (token.kind === operator) this.#spaced(token.start, token.end);
    }
  }
}

/** Index of the first token that starts at or behind `offset`. */
function lowerBound(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function punctuationOf(tree: SyntaxTree, tokens: readonly Token[]): Punctuation {
  const collector = new Collector(tree.text, tokens);
  collector.visit(tree.root);
  return collector;
}

/** Always operators, wherever they stand. */
const OPERATORS: ReadonlySet<string> = new Set('= => == != <= >= && || ?? ??= += -= *= /= %= &= |= ^= <<='.split(' '));
const KEYWORDS_BEFORE_PARENTHESIS: ReadonlySet<string> = new Set(
  'if for foreach while switch catch using lock return in is as throw case else'.split(' '),
);
/** Words that begin a statement, which stands behind the `)` of a condition and never behind that of a cast. */
const STATEMENTS: ReadonlySet<string> = new Set('return continue break throw if for foreach while do switch try using goto'.split(' '));
const CALL_LIKE: ReadonlySet<string> = new Set('typeof sizeof default checked unchecked'.split(' '));

/** Blank between two tokens that stand on one line; `written`: the author put one there. */
export function blankBetween(before: Token, next: Token, written: boolean, punctuation: Punctuation): boolean {
  const wanted = wantedBlank(before, next, punctuation);
  return wanted === false && mayMerge(before, next) ? written : (wanted ?? written);
}

function wantedBlank(before: Token, next: Token, punctuation: Punctuation): boolean | undefined {
  if (next.kind === ';' || next.kind === ',') return before.kind === ';' && next.kind === ';' ? undefined : false;
  if (next.kind === ')' || next.kind === ']' || before.kind === '(' || before.kind === '[') return false;
  if (before.kind === ',' || before.kind === ';') return true;
  if (OPERATORS.has(before.kind) || OPERATORS.has(next.kind)) return true;
  if (punctuation.blankBefore.has(next.start) || punctuation.blankBehind.has(before.end)) return true;
  if (before.kind === '{' || next.kind === '}') return before.kind !== '{' || next.kind !== '}' ? true : undefined;
  if (next.kind === '{') return true;
  return wantedInside(before, next, punctuation);
}

function wantedInside(before: Token, next: Token, punctuation: Punctuation): boolean | undefined {
  if (next.kind === '(' && KEYWORDS_BEFORE_PARENTHESIS.has(before.kind)) return true;
  if (next.kind === '(' && CALL_LIKE.has(before.kind)) return false;
  if (before.kind === ':') return true;
  if (before.kind === '}' && /^\w/.test(next.text)) return true;
  if (before.kind === ')' && (STATEMENTS.has(next.kind) || next.text === 'when')) return true;
  if ((next.kind === '(' || next.kind === '[') && punctuation.touching.has(before.end)) return false;
  if (next.kind === '(' && before.text === 'when') return true;
  if ('!~+-'.includes(before.kind) && punctuation.touching.has(before.end)) return false;
  if (next.kind === '.' || before.kind === '.') return before.kind === 'literal' ? undefined : false;
  if (next.kind === '++' || next.kind === '--' || before.kind === '++' || before.kind === '--') return undefined;
  return undefined;
}

/** Two pieces of punctuation, or two words, that would read as one token without a blank. */
function mayMerge(before: Token, next: Token): boolean {
  const isPunctuation = (token: Token) => !/^[\w@"'$]/.test(token.text) && token.kind !== 'literal' && token.kind !== 'interpolated';
  const bracket = (token: Token) => '()[]{},;'.includes(token.kind);
  if (bracket(before) || bracket(next)) return false;
  return isPunctuation(before) === isPunctuation(next);
}
