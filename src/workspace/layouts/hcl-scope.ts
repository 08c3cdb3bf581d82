/** What Terraform expressions come to, as far as it is known without a deployment; every text keeps its place. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { MappedText } from '../../source/mapped-text.ts';
import { SourceFile } from '../../source/source-file.ts';
import { entriesOf, type Files } from '../files.ts';
import * as faults from './faults.ts';
import { parseTemplate } from './hcl.ts';
import { HCL_FUNCTIONS } from './hcl-functions.ts';
import { HclError, type HclExpression, type HclPart, SPLAT_ITEM } from './hcl-tree.ts';
import {
  arithmetic,
  checkLength,
  entries,
  HclMap,
  type HclValue,
  listOf,
  memberOf,
  number,
  plainOf,
  sizeOf,
  toText,
  truth,
  UnknownValue,
  unknown,
} from './hcl-values.ts';
import { joinTexts, textAt } from './texts.ts';

/** Looks up what a module knows: variables, locals, resources. Undefined: no such thing. Throws UnknownValue. */
export interface HclNames {
  /** Folder of the module, for `path.module`. */
  readonly directory: string;
  /** Folder that Terraform runs in: files are named from there, in modules too. */
  readonly root: string;
  /** Evaluations that are left for all modules together: values behind values, and loops inside loops, multiply. */
  readonly work: { left: number };
  /** `var.x`, `local.x`, `each.key`, `azurerm_…`: the first two names (three for `data`), and the value if it is known. */
  lookUp(names: readonly string[], index: HclValue | undefined, at: HclExpression): HclValue | undefined;
}

/** What one evaluation may bring from elsewhere, in values. */
const SIZE_OF_WORK = 20;

export class HclScope {
  readonly #files: Files;
  readonly #names: HclNames;
  /** Names that a `for` or templatefile adds. */
  readonly #locals: ReadonlyMap<string, HclValue>;
  readonly #isTemplateFile: boolean;
  readonly #depth: number;

  constructor(files: Files, names: HclNames, locals: ReadonlyMap<string, HclValue> = new Map(), isTemplateFile = false, depth = 0) {
    this.#files = files;
    this.#names = names;
    this.#locals = locals;
    this.#isTemplateFile = isTemplateFile;
    this.#depth = depth;
  }

  text(expression: HclExpression): MappedText {
    return toText(this.value(expression), expression);
  }

  value(expression: HclExpression): HclValue {
    this.#names.work.left -= 1;
    if (this.#names.work.left < 0) return unknown(faults.badHcl('the values take too much work'), expression);
    switch (expression.kind) {
      case 'template':
        return this.#template(expression.parts, expression);
      case 'literal':
        return expression.value;
      case 'list':
        return expression.items.map((item) => this.value(item));
      case 'object':
        return new HclMap(new Map(expression.items.map(([key, value]) => [this.#key(key), this.value(value)])));
      case 'conditional':
        return this.value(truth(this.value(expression.test)) ? expression.then : expression.otherwise);
      case 'when':
        return this.#joined(truth(this.value(expression.test)) ? expression.body : expression.otherwise, expression.file, expression.start);
      case 'each':
        return this.#each(expression);
      case 'splat':
        return this.#splat(expression);
      case 'unary':
        return expression.operator === '!' ? !truth(this.value(expression.value)) : -number(this.value(expression.value), expression);
      case 'binary':
        return this.#binary(expression);
      case 'for':
        return this.#for(expression);
      case 'call':
        return this.#call(expression);
      default:
        return this.#reference(expression);
    }
  }

  /** Bare words are keys in objects. */
  #key(key: HclExpression): string {
    return key.kind === 'name' ? key.name : this.text(key).text;
  }

  #template(parts: readonly HclPart[], at: HclExpression): HclValue {
    const [only] = parts;
    if (parts.length === 1 && only && 'kind' in only) return this.value(only);
    if (parts.length === 0) return textAt(at.file, '', at.start);
    return this.#joined(parts, at.file, at.start);
  }

  /** What comes from elsewhere stands at its `${…}`. */
  #joined(parts: readonly HclPart[], file: SourceFile, at: number): MappedText {
    const texts = parts.map((part) => {
      if (!('kind' in part)) return part;
      const text = this.text(part);
      return text.file === file ? text : textAt(file, text.text, part.start, part.end - part.start);
    });
    return this.#together(texts, file, at);
  }

  #together(texts: readonly MappedText[], file: SourceFile, at: number): MappedText {
    checkLength(
      texts.reduce((sum, { text }) => sum + text.length, 0),
      { file, start: at },
    );
    return joinTexts(file, texts, at);
  }

  #each(expression: Extract<HclExpression, { kind: 'each' }>): HclValue {
    const { file, start, body } = expression;
    const rounds = entries(this.value(expression.of)).map(([key, value]) =>
      this.#inRound(expression, key, value).#joined(body, file, start),
    );
    return this.#together(rounds, file, start);
  }

  /** Of nothing, of one thing, of every item of a list; resources are asked as one, since only their attributes are known. */
  #splat({ of, each, alone }: Extract<HclExpression, { kind: 'splat' }>): HclValue {
    const value = this.#attempt(of);
    if (value === undefined) return [this.value(alone)];
    if (value === null) return [];
    const items = Array.isArray(value) ? (value as readonly HclValue[]) : [value];
    return items.map((item) => this.#inRound({ key: undefined, item: SPLAT_ITEM, file: of.file, start: of.start }, '', item).value(each));
  }

  /** With the names of one round of a `for`. */
  #inRound(
    { key: name, item, ...at }: Pick<Extract<HclExpression, { kind: 'each' | 'for' }>, 'key' | 'item' | 'file' | 'start'>,
    key: string | number,
    value: HclValue,
  ): HclScope {
    const locals = new Map(this.#locals);
    locals.set(item, value);
    if (name !== undefined) locals.set(name, typeof key === 'number' ? key : textAt(at.file, key, at.start));
    return new HclScope(this.#files, this.#names, locals, this.#isTemplateFile, this.#depth);
  }

  #binary({ operator, left, right, ...at }: Extract<HclExpression, { kind: 'binary' }>): HclValue {
    const a = this.value(left);
    if (operator === '&&') return truth(a) && truth(this.value(right));
    if (operator === '||') return truth(a) || truth(this.value(right));
    const b = this.value(right);
    if (operator === '==' || operator === '!=') return (JSON.stringify(plainOf(a)) === JSON.stringify(plainOf(b))) === (operator === '==');
    return arithmetic(operator, number(a, left), number(b, right)) ?? unknown(faults.unknownFunction(operator), at);
  }

  #for(expression: Extract<HclExpression, { kind: 'for' }>): HclValue {
    const results: [string, HclValue][] = [];
    for (const [key, value] of entries(this.value(expression.of))) {
      const inner = this.#inRound(expression, key, value);
      if (expression.test && !truth(inner.value(expression.test))) continue;
      results.push([expression.keyResult ? inner.text(expression.keyResult).text : '', inner.value(expression.result)]);
    }
    return expression.keyResult ? new HclMap(new Map(results)) : results.map(([, value]) => value);
  }

  // ------------------------------------------------------------ references

  #reference(expression: HclExpression): HclValue {
    const path: { readonly step: string | HclExpression; readonly at: HclExpression }[] = [];
    let current = expression;
    while (current.kind === 'attribute' || current.kind === 'index') {
      path.unshift({ step: current.kind === 'attribute' ? current.name : current.index, at: current });
      current = current.of;
    }
    const root = current.kind === 'name' ? this.#root(current, path) : { value: this.value(current), used: 0 };
    const found = path.slice(root.used).reduce<HclValue>((value, { step, at }) => this.#step(value, step, at), root.value);
    // Large values that stand in larger ones again and again would grow without work.
    this.#names.work.left -= Math.floor(sizeOf(found) / SIZE_OF_WORK);
    return found;
  }

  #root(
    { name, ...at }: Extract<HclExpression, { kind: 'name' }>,
    path: readonly { readonly step: string | HclExpression; readonly at: HclExpression }[],
  ): { readonly value: HclValue; readonly used: number } {
    const local = this.#locals.get(name);
    if (local !== undefined) return { value: local, used: 0 };
    if (this.#isTemplateFile) throw new UnknownValue(faults.unknownName('template variable', name), at.file, at.start);
    if (name === 'path') {
      const { directory, root: whole } = this.#names;
      return { value: textAt(at.file, path[0]?.step === 'module' ? directory : whole, at.start), used: 1 };
    }
    const steps = path.map(({ step }) => step);
    const named = steps.findIndex((step) => typeof step !== 'string');
    const wanted = name === 'data' ? 3 : 2;
    const names = [name, ...steps.slice(0, named < 0 ? undefined : named).map(String)];
    const isResource = !['var', 'local', 'each', 'count', 'terraform', 'self'].includes(name);
    const indexed = isResource ? steps[wanted - 1] : undefined;
    const index = indexed !== undefined && typeof indexed !== 'string' ? this.value(indexed) : undefined;
    // Of a resource the attribute is asked for, too: most are known only one by one.
    const attribute = steps[index === undefined ? wanted - 1 : wanted];
    const asked = isResource && typeof attribute === 'string' ? [...names.slice(0, wanted), attribute] : names.slice(0, wanted);
    const value = this.#names.lookUp(asked, index, { ...at, name });
    if (value === undefined) throw new UnknownValue(faults.unknownName('value', asked.join('.')), at.file, at.start);
    return { value, used: asked.length - 1 + (index === undefined ? 0 : 1) };
  }

  #step(value: HclValue, step: string | HclExpression, at: HclExpression): HclValue {
    const key = typeof step === 'string' ? step : this.value(step);
    const found = typeof key === 'number' ? listOf(value)[key] : memberOf(value, typeof key === 'string' ? key : toText(key, at).text);
    if (found === undefined) throw new UnknownValue(faults.unknownName('member', String(plainOf(key as HclValue))), at.file, at.start);
    return found;
  }

  // ------------------------------------------------------------ functions

  #call(call: Extract<HclExpression, { kind: 'call' }>): HclValue {
    const { name, args } = call;
    if (name === 'try') return this.#firstKnown(args, call);
    if (name === 'coalesce') return this.#firstGiven(args, call);
    if (name === 'can') return this.#attempt(args[0]) !== undefined;
    if (name === 'templatefile') return this.#templateFile(call);
    const values = args.map((arg) => this.value(arg));
    if (name === 'file') return this.#file(call, values[0]);
    if (name === 'fileexists') return existsSync(this.#path(toText(values[0] ?? null, call).text));
    if (name === 'fileset') return this.#fileSet(call, values);
    const known = HCL_FUNCTIONS.get(name);
    if (!known) throw new UnknownValue(faults.unknownFunction(name), call.file, call.start);
    return known(values, call);
  }

  #firstKnown(args: readonly HclExpression[], call: HclExpression): HclValue {
    for (const arg of args) {
      const value = this.#attempt(arg);
      if (value !== undefined) return value;
    }
    const last = args.at(-1);
    return last ? this.value(last) : unknown(faults.unknownFunction('try'), call);
  }

  /** The first that is neither null nor empty; one that is not known may be it. */
  #firstGiven(args: readonly HclExpression[], call: HclExpression): HclValue {
    for (const arg of args) {
      const value = this.value(arg);
      if (value !== null && !(value instanceof MappedText && value.text === '')) return value;
    }
    return unknown(faults.badHcl('none of the values is given'), call);
  }

  #attempt(expression: HclExpression | undefined): HclValue | undefined {
    if (!expression) return undefined;
    try {
      return this.value(expression);
    } catch (error) {
      if (error instanceof UnknownValue) return undefined;
      throw error;
    }
  }

  #path(name: string): string {
    return resolve(this.#names.root, name);
  }

  #source(call: HclExpression, name: HclValue | undefined): SourceFile {
    const path = this.#path(toText(name ?? null, call).text);
    if (!existsSync(path)) return unknown(faults.missingFile(this.#files.shown(path)), call);
    const text = this.#files.text(path);
    return new SourceFile(this.#files.shown(path), text ?? '');
  }

  #file(call: HclExpression, name: HclValue | undefined): HclValue {
    return MappedText.verbatim(this.#source(call, name));
  }

  /** A file with `${name}` for values of the second argument and nothing else. */
  #templateFile(call: Extract<HclExpression, { kind: 'call' }>): HclValue {
    const [name, variables] = call.args;
    if (!name || this.#depth > 5) return unknown(faults.unknownFunction('templatefile'), call);
    const source = this.#source(call, this.value(name));
    const given = variables ? this.value(variables) : new HclMap(new Map());
    const scope = new HclScope(this.#files, this.#names, given instanceof HclMap ? given.members : new Map(), true, this.#depth + 1);
    return scope.#joined(parsedTemplate(source), source, 0);
  }

  /** Only `*` and `?` inside one folder's names. */
  #fileSet(call: HclExpression, [directory, pattern]: readonly HclValue[]): HclValue {
    const wanted = toText(pattern ?? null, call).text;
    if (wanted.includes('**') || wanted.includes('{')) return unknown(faults.unknownFunction('fileset'), call);
    const folder = this.#path(join(toText(directory ?? null, call).text, dirname(wanted)));
    const expression = new RegExp(
      `^${basename(wanted)
        .replace(/[.+^$()|[\]\\]/g, '\\$&')
        .replaceAll('*', '[^/]*')
        .replaceAll('?', '[^/]')}$`,
    );
    const start = dirname(wanted) === '.' ? '' : `${dirname(wanted)}/`;
    return entriesOf(folder)
      .filter((name) => expression.test(name))
      .map((name) => textAt(call.file, start + name, call.start));
  }
}

function parsedTemplate(source: SourceFile): readonly HclPart[] {
  try {
    return parseTemplate(source);
  } catch (error) {
    if (error instanceof HclError) throw new UnknownValue(faults.badHcl(error.message), error.file, error.at);
    throw error;
  }
}
