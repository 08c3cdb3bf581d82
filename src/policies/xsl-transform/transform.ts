/** One run of a stylesheet over one document. */
import type { Budget } from '../../csharp/runtime/budget.ts';
import { ContainerValue, ElementValue, type NodeValue, TextValue } from '../../dotnet/xml/nodes.ts';
import { isNodes, toText, type XPathValue } from '../../dotnet/xml/xpath.ts';
import { stringOf, type XPathNode } from '../../dotnet/xml/xpath-axes.ts';
import { transformFailure } from './errors.ts';
import type { Locals, State } from './expression.ts';
import { DEFAULT_FORMAT, type DecimalFormat } from './format-number.ts';
import { ResultBuilder } from './result.ts';
import type { Rule, Stylesheet } from './stylesheet.ts';

export class Transform {
  readonly budget: Budget;
  readonly stylesheet: Stylesheet;
  readonly #source: NodeValue;
  readonly #parameters: ReadonlyMap<string, XPathValue>;
  readonly #globals = new Map<string, XPathValue | 'computing'>();
  readonly #orders = new Map<NodeValue, ReadonlyMap<XPathNode, number>>();
  readonly #keys = new Map<string, ReadonlyMap<string, readonly XPathNode[]>>();
  readonly #ids = new Map<XPathNode, string>();

  constructor(stylesheet: Stylesheet, source: NodeValue, parameters: ReadonlyMap<string, XPathValue>, budget: Budget) {
    this.stylesheet = stylesheet;
    this.#source = source;
    this.#parameters = parameters;
    this.budget = budget;
  }

  /** The result tree. */
  run(): ResultBuilder {
    const result = new ResultBuilder(this.budget);
    this.apply([this.#source], undefined, new Map(), result);
    return result;
  }

  /** apply-templates: the best rule of the mode for each node, or the built-in one. */
  apply(nodes: readonly XPathNode[], mode: string | undefined, given: ReadonlyMap<string, XPathValue>, out: ResultBuilder): void {
    this.budget.enter();
    for (const [index, node] of nodes.entries()) {
      this.budget.step();
      const state: State = { transform: this, focus: { node, position: index + 1, size: nodes.length }, locals: undefined, mode };
      const rule = this.stylesheet.rules.find((one) => one.mode === mode && one.pattern.matches(node, state));
      if (rule) this.invoke(rule, state, given, out);
      else this.#builtIn(node, mode, out);
    }
    this.budget.leave();
  }

  /** Runs a template's body with what was passed for its parameters. */
  invoke(
    { body, parameters }: Pick<Rule, 'body' | 'parameters'>,
    state: State,
    given: ReadonlyMap<string, XPathValue>,
    out: ResultBuilder,
  ): void {
    let locals: Locals | undefined;
    for (const { name, read } of parameters) locals = { name, value: given.get(name) ?? read({ ...state, locals }), outer: locals };
    body({ ...state, locals }, out);
  }

  /** Section 5.8. */
  #builtIn(node: XPathNode, mode: string | undefined, out: ResultBuilder): void {
    if (node instanceof ContainerValue) this.apply([...node.nodes()], mode, new Map(), out);
    else if (node instanceof TextValue || node.nodeType === 2) out.text(stringOf(node));
  }

  /** A variable or parameter of the top level, computed when it is first read; undefined when there is none. */
  global(name: string): XPathValue | undefined {
    const known = this.#globals.get(name);
    if (known === 'computing') throw transformFailure(`Circular reference in the definition of variable '${name}'.`);
    if (known !== undefined) return known;
    const declared = this.stylesheet.globals.get(name);
    if (!declared) return undefined;
    this.#globals.set(name, 'computing');
    const given = declared.isParameter ? this.#parameters.get(name) : undefined;
    const focus = { node: this.#source, position: 1, size: 1 };
    const value = given ?? declared.read({ transform: this, focus, locals: undefined, mode: undefined });
    this.#globals.set(name, value);
    return value;
  }

  /** Document order of a tree, walked once. */
  readonly order = (top: NodeValue): ReadonlyMap<XPathNode, number> => {
    const known = this.#orders.get(top);
    if (known) return known;
    const places = new Map<XPathNode, number>([[top, 0]]);
    const nodes = top instanceof ContainerValue ? [top, ...top.descendantNodes()] : [top];
    for (const node of nodes) {
      this.budget.step();
      places.set(node, places.size);
      if (node instanceof ElementValue) for (const attribute of node.attributes) places.set(attribute, places.size);
    }
    this.#orders.set(top, places);
    return places;
  };

  /** key(): nodes of the tree whose key has one of the values, in document order. */
  keyed(name: string, wanted: readonly string[], top: NodeValue): readonly XPathNode[] {
    const index = this.#index(name, top);
    const found = new Set(wanted.flatMap((value) => index.get(value) ?? []));
    const places = this.order(top);
    return [...found].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  }

  #index(name: string, top: NodeValue): ReadonlyMap<string, readonly XPathNode[]> {
    const id = `${this.idOf(top)} ${name}`;
    const known = this.#keys.get(id);
    if (known) return known;
    const keys = this.stylesheet.keys.filter((key) => key.name === name);
    if (keys.length === 0)
      throw transformFailure(`A reference to key '${name}' cannot be resolved. An 'xsl:key' of this 'name' must be declared.`);
    const index = new Map<string, XPathNode[]>();
    this.#keys.set(id, index);
    for (const node of this.order(top).keys()) {
      const state: State = { transform: this, focus: { node, position: 1, size: 1 }, locals: undefined, mode: undefined };
      for (const { patterns, use } of keys) if (patterns.some((one) => one.matches(node, state))) addKeys(index, node, use(state));
    }
    return index;
  }

  /** generate-id(): the same text for the same node. */
  idOf(node: XPathNode): string {
    const known = this.#ids.get(node) ?? `id${this.#ids.size + 1}`;
    this.#ids.set(node, known);
    return known;
  }

  decimalFormat(name: string): DecimalFormat {
    const format = this.stylesheet.formats.get(name);
    if (format) return format;
    if (name === '') return DEFAULT_FORMAT;
    throw transformFailure(`Decimal format '${name}' is not defined.`);
  }
}

function addKeys(index: Map<string, XPathNode[]>, node: XPathNode, value: XPathValue): void {
  for (const key of isNodes(value) ? value.map(stringOf) : [toText(value)]) {
    const nodes = index.get(key);
    if (nodes) nodes.push(node);
    else index.set(key, [node]);
  }
}
