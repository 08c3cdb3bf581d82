/** Evaluates XPath 1.0 on the tree of LINQ to XML; every visited node costs a step of the budget. */
import type { Budget } from '../../csharp/runtime/budget.ts';
import { XML_NAMESPACE } from './names.ts';
import { AttributeValue, type ContainerValue, ElementValue, InstructionValue, type NodeValue } from './nodes.ts';
import { prefixInScope } from './write.ts';
import { type Namespaces, passes, stringOf, walk, type XPathNode } from './xpath-axes.ts';
import { xpathException } from './xpath-lexer.ts';
import { parseXPath } from './xpath-parser.ts';
import type { Step, XPath } from './xpath-tree.ts';

/** Nodes in document order, or a plain value. */
export type XPathValue = readonly XPathNode[] | string | number | boolean;

/** The context node with its place among the nodes that are looked at. */
export interface Focus {
  readonly node: XPathNode;
  readonly position: number;
  readonly size: number;
}

/** What XSLT adds to XPath: variables, functions, and an order that is known beforehand because trees do not change. */
export interface XPathHost {
  /** Undefined when there is no such variable. */
  variable(name: string): XPathValue | undefined;
  /** Undefined when there is no such function. */
  call(name: string, args: readonly XPathValue[], focus: Focus): XPathValue | undefined;
  /** The place of every node of a tree in document order. */
  order(top: NodeValue): ReadonlyMap<XPathNode, number>;
}

/** Evaluates an expression that was parsed before. */
export function evaluateParsed(expression: XPath, focus: Focus, namespaces: Namespaces, budget: Budget, host: XPathHost): XPathValue {
  return new Evaluator(namespaces, budget, host).evaluate(expression, focus);
}

/** The nodes in document order. */
function inOrder(nodes: readonly XPathNode[], host: XPathHost): readonly XPathNode[] {
  return [...nodes].sort((a, b) => {
    const [x, y] = [topOf(a), topOf(b)];
    return x === y ? (host.order(x).get(a) ?? 0) - (host.order(y).get(b) ?? 0) : 0;
  });
}

/** `XPathEvaluate`. */
export function evaluateXPath(node: NodeValue, expression: string, namespaces: Namespaces, budget: Budget): XPathValue {
  return new Evaluator(namespaces, budget).evaluate(parseXPath(expression), { node, position: 1, size: 1 });
}

/** `XPathSelectElements`: XPathException when the expression gives no nodes. */
export function selectElements(node: NodeValue, expression: string, namespaces: Namespaces, budget: Budget): ElementValue[] {
  const found = evaluateXPath(node, expression, namespaces, budget);
  if (!Array.isArray(found)) throw xpathException('Expression must evaluate to a node-set.');
  return found.filter((one): one is ElementValue => one instanceof ElementValue);
}

class Evaluator {
  readonly #namespaces: Namespaces;
  readonly #budget: Budget;
  readonly #host: XPathHost | undefined;

  constructor(namespaces: Namespaces, budget: Budget, host?: XPathHost) {
    this.#namespaces = namespaces;
    this.#budget = budget;
    this.#host = host;
  }

  evaluate(expression: XPath, focus: Focus): XPathValue {
    this.#budget.step();
    switch (expression.kind) {
      case 'number':
      case 'text':
        return expression.value;
      case 'variable':
        return this.#host?.variable(expression.name) ?? unknownFunction();
      case 'negate':
        return -toNumber(this.evaluate(expression.operand, focus));
      case 'binary':
        return this.#binary(expression.operator, expression.left, expression.right, focus);
      case 'filter':
        return this.#filtered(this.#nodes(expression.operand, focus), expression.predicates);
      case 'path':
        return this.#path(expression, focus);
      case 'call':
        return this.#call(expression.name, expression.args, focus);
    }
  }

  #nodes(expression: XPath, focus: Focus): readonly XPathNode[] {
    const value = this.evaluate(expression, focus);
    if (!isNodes(value)) throw xpathException('Expression must evaluate to a node-set.');
    return value;
  }

  #path(path: XPath & { kind: 'path' }, focus: Focus): readonly XPathNode[] {
    let nodes: readonly XPathNode[] =
      path.start === undefined ? [focus.node] : path.start === 'root' ? [topOf(focus.node)] : this.#nodes(path.start, focus);
    for (const step of path.steps) nodes = this.#step(nodes, step);
    return nodes;
  }

  #step(from: readonly XPathNode[], step: Step): readonly XPathNode[] {
    const found = new Set<XPathNode>();
    for (const node of from) for (const one of this.#filtered(this.#walked(node, step), step.predicates)) found.add(one);
    const nodes = [...found];
    return from.length > 1 || isReverse(step) ? this.#ordered(nodes) : nodes;
  }

  #walked(node: XPathNode, step: Step): XPathNode[] {
    const found: XPathNode[] = [];
    for (const one of walk(node, step.axis)) {
      this.#budget.step();
      if (passes(one, step.test, step.axis, this.#namespaces) && hasTarget(one, step)) found.push(one);
    }
    return found;
  }

  #filtered(nodes: readonly XPathNode[], predicates: readonly XPath[]): readonly XPathNode[] {
    let kept = nodes;
    for (const predicate of predicates) {
      const size = kept.length;
      kept = kept.filter((node, i) => {
        const value = this.evaluate(predicate, { node, position: i + 1, size });
        return typeof value === 'number' ? value === i + 1 : toBoolean(value);
      });
    }
    return kept;
  }

  /** Document order, found by one walk over the tree. */
  #ordered(nodes: readonly XPathNode[]): readonly XPathNode[] {
    const [first] = nodes;
    if (first === undefined || nodes.length === 1) return nodes;
    if (this.#host) return inOrder(nodes, this.#host);
    const wanted = new Set(nodes);
    const ordered: XPathNode[] = [];
    for (const node of walk(topOf(first), 'descendant-or-self')) {
      this.#budget.step();
      if (wanted.has(node)) ordered.push(node);
      if (node instanceof ElementValue) ordered.push(...node.attributes.filter((attribute) => wanted.has(attribute)));
    }
    return ordered;
  }

  #binary(operator: string, left: XPath, right: XPath, focus: Focus): XPathValue {
    if (operator === 'or') return toBoolean(this.evaluate(left, focus)) || toBoolean(this.evaluate(right, focus));
    if (operator === 'and') return toBoolean(this.evaluate(left, focus)) && toBoolean(this.evaluate(right, focus));
    if (operator === '|') return this.#ordered([...new Set([...this.#nodes(left, focus), ...this.#nodes(right, focus)])]);
    const a = this.evaluate(left, focus);
    const b = this.evaluate(right, focus);
    return ['=', '!=', '<', '<=', '>', '>='].includes(operator)
      ? this.#compare(operator, a, b)
      : arithmetic(operator, toNumber(a), toNumber(b));
  }

  /** A node-set compares true when one of its nodes does (section 3.4). */
  #compare(operator: string, a: XPathValue, b: XPathValue): boolean {
    if (isNodes(a) && typeof b !== 'boolean') return a.some((node) => this.#compare(operator, atom(node, b), b));
    if (isNodes(b) && typeof a !== 'boolean') return b.some((node) => this.#compare(operator, a, atom(node, a)));
    this.#budget.step();
    if (operator !== '=' && operator !== '!=') return ordered(operator, toNumber(a), toNumber(b));
    return equal(a, b) === (operator === '=');
  }

  #call(name: string, args: readonly XPath[], focus: Focus): XPathValue {
    if (name === 'position') return focus.position;
    if (name === 'last') return focus.size;
    const values = args.map((argument) => this.evaluate(argument, focus));
    const implementation = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    return implementation ? implementation(values, focus.node) : (this.#host?.call(name, values, focus) ?? unknownFunction());
  }
}

function unknownFunction(): never {
  throw xpathException('XsltContext is needed for this query because of an unknown function.');
}

function hasTarget(node: XPathNode, { target }: Step): boolean {
  return target === undefined || (node instanceof InstructionValue && node.target === target);
}

export function isNodes(value: XPathValue): value is readonly XPathNode[] {
  return Array.isArray(value);
}

function isReverse(step: Step): boolean {
  return ['ancestor', 'ancestor-or-self', 'preceding', 'preceding-sibling'].includes(step.axis);
}

export function topOf(node: XPathNode): NodeValue {
  let top: XPathNode | ContainerValue = node;
  while (top.parent !== null) top = top.parent;
  return top as NodeValue;
}

function atom(node: XPathNode, other: XPathValue): XPathValue {
  return typeof other === 'number' ? toNumber(stringOf(node)) : stringOf(node);
}

function equal(a: XPathValue, b: XPathValue): boolean {
  if (typeof a === 'boolean' || typeof b === 'boolean') return toBoolean(a) === toBoolean(b);
  if (typeof a === 'number' || typeof b === 'number') return toNumber(a) === toNumber(b);
  return toText(a) === toText(b);
}

function ordered(operator: string, a: number, b: number): boolean {
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}

function arithmetic(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case 'div':
      return a / b;
    default:
      return a % b;
  }
}

/** The conversions of section 4. */
export function toBoolean(value: XPathValue): boolean {
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value);
  return typeof value === 'boolean' ? value : value.length > 0;
}

/** Section 4.2: all digits, no exponent, no negative zero. */
function numberText(value: number): string {
  const text = String(value === 0 ? 0 : value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = Number(exponent) + 1;
  return sign + (point <= 0 ? `0.${'0'.repeat(-point)}${digits}` : digits.padEnd(point, '0'));
}

export function toText(value: XPathValue): string {
  if (!isNodes(value)) return typeof value === 'number' ? numberText(value) : String(value);
  const [first] = value;
  return first === undefined ? '' : stringOf(first);
}

export function toNumber(value: XPathValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const text = toText(value).trim();
  return /^-?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
}

type XPathFunction = (args: readonly XPathValue[], node: XPathNode) => XPathValue;

function textArgument(args: readonly XPathValue[], at: number, node: XPathNode): string {
  const value = args[at];
  return value === undefined ? stringOf(node) : toText(value);
}

function nodeArgument(args: readonly XPathValue[], node: XPathNode): XPathNode | undefined {
  const value = args[0];
  return value === undefined ? node : isNodes(value) ? value[0] : undefined;
}

function nameOf(node: XPathNode | undefined): { local: string; uri: string } | undefined {
  if (node instanceof InstructionValue) return { local: node.target, uri: '' };
  return node instanceof ElementValue || node instanceof AttributeValue ? node.name : undefined;
}

/** The name with the prefix that stands for its namespace. */
function qualifiedName(node: XPathNode | undefined): string {
  if (node instanceof InstructionValue) return node.target;
  const name = nameOf(node);
  if (!name || name.uri === '') return name?.local ?? '';
  const element = node instanceof AttributeValue ? node.parentElement : node;
  const prefix = name.uri === XML_NAMESPACE ? 'xml' : element instanceof ElementValue ? prefixInScope(element, name.uri) : null;
  return prefix ? `${prefix}:${name.local}` : name.local;
}

function substring(args: readonly XPathValue[]): string {
  const characters = [...toText(args[0] ?? '')];
  const start = round(toNumber(args[1] ?? 0));
  const end = args[2] === undefined ? Number.POSITIVE_INFINITY : start + round(toNumber(args[2]));
  return characters.filter((_, i) => i + 1 >= start && i + 1 < end).join('');
}

function round(value: number): number {
  return Math.floor(value + 0.5);
}

function translate([text = '', from = '', to = '']: readonly XPathValue[]): string {
  const source = [...toText(from)];
  const target = [...toText(to)];
  return [...toText(text)]
    .map((character) => (source.includes(character) ? (target[source.indexOf(character)] ?? '') : character))
    .join('');
}

function nodesOf(value: XPathValue | undefined): readonly XPathNode[] {
  if (value === undefined || !isNodes(value)) throw xpathException('Expression must evaluate to a node-set.');
  return value;
}

/** The core function library (section 4). */
const FUNCTIONS: Readonly<Record<string, XPathFunction>> = {
  count: ([nodes]) => nodesOf(nodes).length,
  sum: ([nodes]) => nodesOf(nodes).reduce((total, node) => total + toNumber(stringOf(node)), 0),
  string: (args, node) => textArgument(args, 0, node),
  number: (args, node) => toNumber(args[0] ?? stringOf(node)),
  boolean: ([value = false]) => toBoolean(value),
  not: ([value = false]) => !toBoolean(value),
  true: () => true,
  false: () => false,
  concat: (args) => args.map(toText).join(''),
  contains: ([a = '', b = '']) => toText(a).includes(toText(b)),
  'starts-with': ([a = '', b = '']) => toText(a).startsWith(toText(b)),
  'substring-before': ([a = '', b = '']) => toText(a).slice(0, Math.max(0, toText(a).indexOf(toText(b)))),
  'substring-after': ([a = '', b = '']) =>
    toText(a).includes(toText(b)) ? toText(a).slice(toText(a).indexOf(toText(b)) + toText(b).length) : '',
  substring,
  'string-length': (args, node) => [...textArgument(args, 0, node)].length,
  'normalize-space': (args, node) =>
    textArgument(args, 0, node)
      .trim()
      .replace(/[ \t\r\n]+/g, ' '),
  translate,
  'local-name': (args, node) => nameOf(nodeArgument(args, node))?.local ?? '',
  'namespace-uri': (args, node) => nameOf(nodeArgument(args, node))?.uri ?? '',
  name: (args, node) => qualifiedName(nodeArgument(args, node)),
  floor: ([value = 0]) => Math.floor(toNumber(value)),
  ceiling: ([value = 0]) => Math.ceil(toNumber(value)),
  round: ([value = 0]) => round(toNumber(value)),
};
