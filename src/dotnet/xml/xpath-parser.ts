import { type Token, tokenize, xpathException } from './xpath-lexer.ts';
import type { Axis, Step, XPath } from './xpath-tree.ts';

const AXES: ReadonlySet<string> = new Set([
  'child',
  'descendant',
  'descendant-or-self',
  'self',
  'parent',
  'ancestor',
  'ancestor-or-self',
  'attribute',
  'following-sibling',
  'preceding-sibling',
  'following',
  'preceding',
  'namespace',
]);
const NODE_TESTS: ReadonlySet<string> = new Set(['text', 'node', 'comment', 'processing-instruction']);
/** Operators by binding, loosest first. */
const LEVELS: readonly (readonly string[])[] = [['or'], ['and'], ['=', '!='], ['<', '<=', '>', '>='], ['+', '-'], ['*', 'div', 'mod']];
const DESCENDANTS: Step = { axis: 'descendant-or-self', test: 'node()', predicates: [] };
const DEEPEST = 100;

/** Parses an expression; XPathException for a malformed one. */
export function parseXPath(text: string): XPath {
  return new XPathParser(text).parse();
}

class XPathParser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #target: string | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  parse(): XPath {
    const expression = this.#expression();
    if (this.#at < this.#tokens.length) throw this.#invalid();
    return expression;
  }

  #invalid() {
    if (this.#at >= this.#tokens.length) return xpathException('Expression must evaluate to a node-set.');
    return xpathException(`'${this.#text}' has an invalid token.`);
  }

  #peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  #isSign(value: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token?.kind === 'sign' && token.value === value;
  }

  #take(value: string): boolean {
    if (!this.#isSign(value)) return false;
    this.#at += 1;
    return true;
  }

  #expect(value: string): void {
    if (!this.#take(value)) throw this.#invalid();
  }

  #expression(): XPath {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw xpathException('The xpath query is too complex.');
    const expression = this.#binary(0);
    this.#depth -= 1;
    return expression;
  }

  #binary(level: number): XPath {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (let operator = this.#operator(operators); operator !== undefined; operator = this.#operator(operators)) {
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1) };
    }
    return left;
  }

  #operator(wanted: readonly string[]): string | undefined {
    const token = this.#peek();
    if (token === undefined || (token.kind !== 'sign' && token.kind !== 'operator') || !wanted.includes(token.value)) return undefined;
    this.#at += 1;
    return token.value;
  }

  #unary(): XPath {
    let negations = 0;
    while (this.#take('-')) negations += 1;
    const operand = this.#union();
    return negations % 2 === 0 ? operand : { kind: 'negate', operand };
  }

  #union(): XPath {
    let left = this.#path();
    while (this.#take('|')) left = { kind: 'binary', operator: '|', left, right: this.#path() };
    return left;
  }

  #path(): XPath {
    if (this.#take('//')) return { kind: 'path', start: 'root', steps: [DESCENDANTS, ...this.#steps()] };
    if (this.#take('/')) return { kind: 'path', start: 'root', steps: this.#startsStep() ? this.#steps() : [] };
    const primary = this.#primary();
    if (primary === undefined) return { kind: 'path', start: undefined, steps: this.#steps() };
    const predicates = this.#predicates();
    const operand: XPath = predicates.length === 0 ? primary : { kind: 'filter', operand: primary, predicates };
    if (this.#take('//')) return { kind: 'path', start: operand, steps: [DESCENDANTS, ...this.#steps()] };
    return this.#take('/') ? { kind: 'path', start: operand, steps: this.#steps() } : operand;
  }

  #startsStep(): boolean {
    return this.#peek()?.kind === 'name' || this.#isSign('@') || this.#isSign('.') || this.#isSign('..');
  }

  /** A literal, a call or parentheses; undefined where a location path begins. */
  #primary(): XPath | undefined {
    const token = this.#peek();
    if (token === undefined) throw this.#invalid();
    if (token.kind === 'number' || token.kind === 'text') {
      this.#at += 1;
      return token.kind === 'number' ? { kind: 'number', value: token.value } : { kind: 'text', value: token.value };
    }
    if (token.kind === 'variable') {
      this.#at += 1;
      return { kind: 'variable', name: token.value };
    }
    if (this.#take('(')) {
      const inner = this.#expression();
      this.#expect(')');
      return inner;
    }
    const isCall = token.kind === 'name' && this.#isSign('(', 1) && !NODE_TESTS.has(token.value);
    return isCall ? this.#call(token.value) : undefined;
  }

  #call(name: string): XPath {
    this.#at += 2;
    const args: XPath[] = [];
    if (this.#take(')')) return { kind: 'call', name, args };
    do args.push(this.#expression());
    while (this.#take(','));
    this.#expect(')');
    return { kind: 'call', name, args };
  }

  #steps(): Step[] {
    const steps = [this.#step()];
    for (;;) {
      if (this.#take('//')) steps.push(DESCENDANTS, this.#step());
      else if (this.#take('/')) steps.push(this.#step());
      else return steps;
    }
  }

  #step(): Step {
    if (this.#take('..')) return { axis: 'parent', test: 'node()', predicates: this.#predicates() };
    if (this.#take('.')) return { axis: 'self', test: 'node()', predicates: this.#predicates() };
    const axis = this.#axis();
    const test = this.#nodeTest();
    const target = this.#target;
    this.#target = undefined;
    return { axis, test, ...(target === undefined ? {} : { target }), predicates: this.#predicates() };
  }

  #axis(): Axis {
    if (this.#take('@')) return 'attribute';
    const token = this.#peek();
    if (token?.kind !== 'name' || !this.#isSign('::', 1)) return 'child';
    if (!AXES.has(token.value)) throw this.#invalid();
    this.#at += 2;
    return token.value as Axis;
  }

  #nodeTest(): string {
    const token = this.#peek();
    if (token?.kind !== 'name') throw this.#invalid();
    this.#at += 1;
    if (!NODE_TESTS.has(token.value) || !this.#take('(')) return token.value;
    const literal = this.#peek();
    if (literal?.kind === 'text') {
      this.#target = literal.value;
      this.#at += 1;
    }
    this.#expect(')');
    return `${token.value}()`;
  }

  #predicates(): XPath[] {
    const predicates: XPath[] = [];
    while (this.#take('[')) {
      predicates.push(this.#expression());
      this.#expect(']');
    }
    return predicates;
  }
}
