/** Names and values of one ARM template: parameters, variables, and the expressions over them. */
import { isMap, isScalar, isSeq, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { MappedText } from '../../source/mapped-text.ts';
import type { SourceFile } from '../../source/source-file.ts';
import { Entry } from '../config-file.ts';
import type { Fault } from '../faults.ts';
import {
  ARM_FUNCTIONS,
  type ArmObject,
  type ArmValue,
  ArmValueError,
  fromPlain,
  isNode,
  listOf,
  membersOf,
  textOf,
} from './arm-functions.ts';
import { type ArmExpression, ArmSyntaxError, isArmExpression, parseArmExpression } from './arm-syntax.ts';
import * as faults from './faults.ts';
import { scalarText } from './json-text.ts';
import { joinTexts, textAt, undoubled } from './texts.ts';

/** What a template is given, by name in lower case: entries of parameter files, or values worked out by an outer template. */
export type ArmParameters = ReadonlyMap<string, Entry | { readonly value: ArmValue }>;

/** An expression that has no value here; `fault` says why. */
export class Unresolved extends Error {
  readonly fault: Fault;
  readonly at: number;

  constructor(fault: Fault, at: number) {
    super(fault.message);
    this.fault = fault;
    this.at = at;
  }
}

/** Stand around the name of a parameter without a value where the value may not matter: the name of the service. */
const BLANKS = ['\uFDD1', '\uFDD2'] as const;
const BLANK = /\uFDD1([^\uFDD2]*)\uFDD2/g;

/** Variables behind variables. */
const DEEPEST = 50;

export class TemplateScope {
  readonly file: SourceFile;
  readonly #template: Entry;
  readonly #parameters: ArmParameters;
  readonly #index: number | undefined;
  /** Variables that are being worked out: one that needs itself has no value. */
  readonly #open = new Set<string>();
  #blanks = false;

  constructor(template: Entry, parameters: ArmParameters, index?: number) {
    this.file = template.context.file;
    this.#template = template;
    this.#parameters = parameters;
    this.#index = index;
  }

  /** The same names inside one round of a copy loop. */
  inCopy(index: number): TemplateScope {
    return new TemplateScope(this.#template, this.#parameters, index);
  }

  /** The entry's text; undefined when it is absent. Throws Unresolved. */
  text(entry: Entry): MappedText | undefined {
    const value = entry.exists ? this.value(entry) : undefined;
    return value === undefined || value === null ? undefined : textOf(value, this.#context(entry.span.start));
  }

  /** A resource name; of what is not known only the place is kept, and `missingIn` tells. */
  name(entry: Entry): string {
    this.#blanks = true;
    try {
      return this.text(entry)?.text ?? '';
    } finally {
      this.#blanks = false;
    }
  }

  /** As people read it. */
  static shown(name: string): string {
    return name.replace(BLANK, '…');
  }

  /** The first parameter that a text needs and that has no value. */
  static missingIn(text: string): string | undefined {
    return [...text.matchAll(BLANK)][0]?.[1];
  }

  value(entry: Entry): ArmValue {
    const { node } = entry;
    const text = scalarText(entry);
    if (!text) return isScalar(node) ? ((node.value ?? null) as ArmValue) : (node ?? null);
    if (text.text.startsWith('[[')) return text.slice(1);
    return isArmExpression(text.text) ? this.#evaluate(text) : text;
  }

  /** The entry with all expressions inside worked out; what has no value is left out and told to `missing`. */
  filled(entry: Entry, missing: (path: string, fault: Unresolved) => void): Entry {
    return entry.changed((node) => this.#fill(node, entry, entry.name.split('.').pop() ?? '', missing) ?? new Scalar(null));
  }

  #fill(node: Node, owner: Entry, path: string, missing: (path: string, fault: Unresolved) => void): Node | undefined {
    if (isMap(node)) return this.#fillMap(node, owner, missing);
    if (isSeq(node)) return this.#fillList(node, owner, path, missing);
    if (!isScalar(node) || typeof node.value !== 'string' || !node.value.startsWith('[')) return node;
    try {
      return toNode(this.value(new Entry(owner.context, node, path, owner.span)), node, (value) => this.#opened(value));
    } catch (error) {
      if (!(error instanceof Unresolved)) throw error;
      missing(path, error);
      return undefined;
    }
  }

  #fillMap(node: YAMLMap, owner: Entry, missing: (path: string, fault: Unresolved) => void): YAMLMap {
    const map = new YAMLMap();
    if (node.range) map.range = node.range;
    for (const pair of node.items) {
      const name = String(isScalar(pair.key) ? pair.key.value : pair.key);
      const value = pair.value === null ? undefined : this.#fill(pair.value as Node, owner, name, missing);
      // A backend whose URL is known only after a deployment has one.
      if (value ?? name === 'url') map.items.push(new Pair(pair.key, value ?? new Scalar(null)));
    }
    return map;
  }

  #fillList(node: YAMLSeq, owner: Entry, path: string, missing: (path: string, fault: Unresolved) => void): YAMLSeq {
    const list = new YAMLSeq();
    if (node.range) list.range = node.range;
    for (const item of node.items) {
      const value = this.#fill(item as Node, owner, path, missing);
      if (value) list.items.push(value);
    }
    return list;
  }

  // ------------------------------------------------------------ expressions

  #evaluate(text: MappedText): ArmValue {
    const place = text.sourceOffset(0);
    try {
      return this.#run(parseArmExpression(text), text);
    } catch (error) {
      if (error instanceof ArmSyntaxError) throw new Unresolved(faults.badTemplateExpression(error.message), text.sourceOffset(error.at));
      if (error instanceof ArmValueError)
        throw new Unresolved(error.unknown ? faults.unknownFunction(error.message) : faults.badTemplateExpression(error.message), place);
      if (error instanceof SyntaxError || error instanceof URIError || error instanceof TypeError)
        throw new Unresolved(faults.badTemplateExpression(error.message), place);
      throw error;
    }
  }

  #run(expression: ArmExpression, source: MappedText): ArmValue {
    switch (expression.kind) {
      case 'text':
        return undoubled(expression.text, "'");
      case 'number':
        return expression.value;
      case 'member':
        return this.#member(this.#run(expression.of, source), this.#run(expression.index, source), source);
      case 'call':
        return this.#call(expression, source);
    }
  }

  #call({ name, args, span: place }: Extract<ArmExpression, { kind: 'call' }>, source: MappedText): ArmValue {
    const key = name.toLowerCase();
    const at = source.sourceOffset(place.start);
    const [test, then, otherwise] = args;
    // Only the branch that counts is worked out.
    if (key === 'if' && test && then && otherwise) return this.#run(this.#run(test, source) === true ? then : otherwise, source);
    const values = this.#arguments(args, source, key.endsWith('resourceid'));
    const named = values[0] instanceof MappedText ? values[0].text : '';
    if (key === 'parameters') return this.#parameter(named, at);
    if (key === 'variables') return this.#variable(named, at);
    if (key === 'copyindex') return (this.#index ?? 0) + (typeof values.at(-1) === 'number' ? (values.at(-1) as number) : 0);
    const surroundings = SURROUNDINGS[key];
    if (surroundings) return fromPlain(surroundings, (text) => textAt(this.file, text, at));
    const known = ARM_FUNCTIONS.get(key);
    if (!known)
      throw new Unresolved(DEPLOYED.has(key) || key.startsWith('list') ? faults.unresolved(`${name}()`) : faults.unknownFunction(name), at);
    return known(values, this.#context(at));
  }

  /** Of ids only the names of the parts count: that of the service may be unknown. */
  #arguments(args: readonly ArmExpression[], source: MappedText, isId: boolean): ArmValue[] {
    const before = this.#blanks;
    this.#blanks ||= isId;
    try {
      return args.map((arg) => this.#run(arg, source));
    } finally {
      this.#blanks = before;
    }
  }

  #member(value: ArmValue, index: ArmValue, source: MappedText): ArmValue {
    const context = this.#context(source.sourceOffset(0));
    if (typeof index === 'number') return listOf(value, context)[index] ?? null;
    const name = textOf(index, context).text;
    const found = membersOf(value, context).find(([one]) => one.toLowerCase() === name.toLowerCase());
    if (!found) throw new Unresolved(faults.unknownName('member', name), source.sourceOffset(0));
    return found[1];
  }

  #parameter(name: string, at: number): ArmValue {
    const given = this.#parameters.get(name.toLowerCase());
    if (given instanceof Entry) return this.#plainValue(given);
    if (given) return given.value;
    const declared = memberOf(this.#template.get('parameters'), name);
    if (declared?.get('defaultValue').exists) return this.value(declared.get('defaultValue'));
    if (this.#blanks) return textAt(this.file, BLANKS.join(name), at);
    throw new Unresolved(declared ? faults.noValue('parameter', name) : faults.unknownName('parameter', name), at);
  }

  #variable(name: string, at: number): ArmValue {
    const found = memberOf(this.#template.get('variables'), name);
    if (!found) throw new Unresolved(faults.unknownName('variable', name), at);
    if (this.#open.has(name)) throw new Unresolved(faults.badTemplateExpression(`variable \`${name}\` needs itself`), at);
    if (this.#open.size > DEEPEST) throw new Unresolved(faults.badTemplateExpression('variables refer to each other too deeply'), at);
    this.#open.add(name);
    try {
      return this.value(found);
    } finally {
      this.#open.delete(name);
    }
  }

  /** Values of parameter files and portico.yaml hold no expressions. */
  #plainValue(entry: Entry): ArmValue {
    const text = scalarText(entry);
    return text
      ? textAt(text.file, text.text, entry.span.start)
      : isScalar(entry.node)
        ? ((entry.node.value ?? null) as ArmValue)
        : (entry.node ?? null);
  }

  #context(at: number) {
    return {
      make: (text: string) => textAt(this.file, text, at),
      join: (parts: readonly MappedText[]) => joinTexts(this.file, parts, at),
      open: (value: ArmValue) => this.#opened(value),
    };
  }

  /** Scalars of the template inside objects and arrays are expressions, too. */
  #opened(value: ArmValue): ArmValue {
    return isNode(value) && isScalar(value) ? this.value(new Entry(this.#template.context, value, '', this.#template.span)) : value;
  }
}

/** What a deployment would know of its surroundings, as far as names go. */
const SURROUNDINGS: Readonly<Record<string, object>> = {
  resourcegroup: { id: '/subscriptions/local/resourceGroups/local', name: 'local', location: 'local', tags: {} },
  subscription: { id: '/subscriptions/local', subscriptionId: 'local', tenantId: 'local', displayName: 'local' },
  tenant: { tenantId: 'local' },
  deployment: { name: 'local' },
};

/** Functions that ask what was deployed, or that change with each deployment. */
const DEPLOYED: ReadonlySet<string> = new Set([
  'reference',
  'utcnow',
  'newguid',
  'environment',
  'pickzones',
  'providers',
  'getsecret',
  'managedidentityprincipalid',
]);

function memberOf(entry: Entry, name: string): Entry | undefined {
  return entry.exists ? entry.members().find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] : undefined;
}

/** A worked out value in place of a node. */
function toNode(value: ArmValue, at: Node, open: (value: ArmValue) => ArmValue): Node {
  if (isNode(value)) {
    if (isScalar(value)) return toNode(open(value), at, open);
    const copy = value.clone() as Node;
    return copy;
  }
  const node = value instanceof MappedText ? new Scalar(value.text) : plainNode(value, at, open);
  if (at.range) node.range = at.range;
  return node;
}

function plainNode(value: Exclude<ArmValue, MappedText | Node>, at: Node, open: (value: ArmValue) => ArmValue): Node {
  if (Array.isArray(value)) {
    const list = new YAMLSeq();
    for (const item of value as readonly ArmValue[]) list.items.push(toNode(item, at, open));
    return list;
  }
  if (typeof value === 'object' && value !== null) {
    const map = new YAMLMap();
    for (const [name, one] of (value as ArmObject).members) map.items.push(new Pair(new Scalar(name), toNode(one, at, open)));
    return map;
  }
  return new Scalar(value);
}
