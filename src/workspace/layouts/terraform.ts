/** Terraform files: `azurerm_api_management_*` and `azapi_resource` as the resources of an instance (gateway-model, section 18). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedSource } from '../../source/embedded.ts';
import type { MappedText } from '../../source/mapped-text.ts';
import type { SourceFile } from '../../source/source-file.ts';
import { span } from '../../source/span.ts';
import { type Entry, readConfigFile } from '../config-file.ts';
import type { Fault } from '../faults.ts';
import { entriesOf, type Files } from '../files.ts';
import { atOnce, type Paced } from '../paced.ts';
import { OpenApiFile, openApiSpecification } from '../parsed-file.ts';
import type { Resource, Specification } from '../resources.ts';
import * as faults from './faults.ts';
import { type HclNames, HclScope } from './hcl-scope.ts';
import type { HclBlock, HclBody, HclExpression } from './hcl-tree.ts';
import { entries, fromJson, fromPlain, HclMap, type HclValue, listOf, plainOf, toText, UnknownValue } from './hcl-values.ts';
import type { Parameters } from './parameters.ts';
import { readPolicyText } from './policy-text.ts';
import { MOST_WORK, parsed, variableFiles } from './terraform-files.ts';
import { entryOf, type FactTable, TERRAFORM_TYPES } from './terraform-types.ts';

/** Modules inside modules, and all of them together. */
const DEEPEST_MODULE = 8;
const MOST_MODULES = 500;

/** Values behind values. */
const DEEPEST_VALUE = 100;

export function* readTerraform(
  files: Files,
  directory: string,
  paths: readonly string[],
  parameters: Parameters,
  root: Resource,
): Paced<void> {
  const bodies: HclBody[] = [];
  for (const path of paths) {
    yield;
    bodies.push(...parsed(files, path));
  }
  const given = new Map<string, HclValue>(variableFiles(files, directory));
  for (const [name, entry] of parameters) given.set(name, fromPlain(entry.plain(), { file: entry.context.file, start: entry.span.start }));
  const run: Run = { files, root: directory, into: root, bodies: new Map(), modules: { left: MOST_MODULES }, work: { left: MOST_WORK } };
  yield* new Module(run, directory, bodies, given, 0).read();
}

/** What all modules of a directory share. */
interface Run {
  readonly files: Files;
  /** The folder that Terraform runs in. */
  readonly root: string;
  readonly into: Resource;
  /** What the files of modules say, by folder: one is called again and again. */
  readonly bodies: Map<string, readonly HclBody[]>;
  /** Modules and evaluations that are left: modules that call modules multiply, and so do values behind values. */
  readonly modules: { left: number };
  readonly work: { left: number };
}

/** What a call of a module says about the call. */
const CALL_ATTRIBUTES: ReadonlySet<string> = new Set(['source', 'version', 'count', 'for_each', 'depends_on', 'providers']);

/** `each` and `count` of one instance. */
interface Instance {
  readonly key: string | number | undefined;
  readonly value: HclValue;
}

const SINGLE: Instance = { key: undefined, value: null };

class Module implements HclNames {
  readonly directory: string;
  readonly root: string;
  readonly work: { left: number };
  readonly #run: Run;
  readonly #files: Files;
  readonly #into: Resource;
  readonly #depth: number;
  readonly #given: ReadonlyMap<string, HclValue>;
  /** Variables that were given a value which is not known here. */
  readonly #withheld: ReadonlyMap<string, UnknownValue>;
  readonly #variables = new Map<string, HclBlock>();
  readonly #locals = new Map<string, HclExpression>();
  /** By `type.name`, data sources as `data.type.name`. */
  readonly #resources = new Map<string, HclBlock>();
  readonly #modules = new Map<string, HclBlock>();
  readonly #outputs = new Map<string, HclExpression>();
  /** By name and instance; undefined for one that is not here, or is being made. */
  readonly #children = new Map<string, Module | undefined>();
  readonly #known = new Map<HclExpression, HclValue>();
  readonly #instancesOf = new Map<HclBlock, readonly Instance[]>();
  readonly #open = new Set<unknown>();
  readonly #told = new Set<string>();
  #instance: Instance = SINGLE;

  constructor(
    run: Run,
    directory: string,
    bodies: readonly HclBody[],
    given: ReadonlyMap<string, HclValue>,
    depth: number,
    withheld: ReadonlyMap<string, UnknownValue> = new Map(),
  ) {
    this.#run = run;
    this.#files = run.files;
    this.root = run.root;
    this.work = run.work;
    this.#into = run.into;
    this.directory = directory;
    this.#given = given;
    this.#depth = depth;
    this.#withheld = withheld;
    for (const block of bodies.flatMap(({ blocks }) => blocks)) this.#declare(block);
  }

  #declare(block: HclBlock): void {
    const [first = '', second = ''] = block.labels;
    if (block.type === 'variable') this.#variables.set(first, block);
    else if (block.type === 'locals') for (const { name, value } of block.body.attributes.values()) this.#locals.set(name, value);
    else if (block.type === 'resource') this.#resources.set(`${first}.${second}`, block);
    else if (block.type === 'data') this.#resources.set(`data.${first}.${second}`, block);
    else if (block.type === 'module') this.#modules.set(first, block);
    else if (block.type === 'output') this.#declareOutput(first, block);
  }

  #declareOutput(name: string, block: HclBlock): void {
    const value = block.body.attributes.get('value');
    if (value) this.#outputs.set(name, value.value);
  }

  *read(): Paced<void> {
    for (const block of this.#resources.values()) {
      yield;
      if (block.type === 'resource') this.#resource(block);
    }
    for (const block of this.#modules.values()) {
      for (const instance of this.#attempt(() => this.#instances(block)) ?? []) {
        yield;
        this.#within(instance, () => this.#readChild(block));
      }
    }
  }

  #readChild(block: HclBlock): void {
    const child = this.#child(block);
    if (child) atOnce(child.read());
  }

  /** What the module that calls this one sees of it. */
  output(name: string, at: HclExpression): HclValue {
    const expression = this.#outputs.get(name);
    if (!expression) throw new UnknownValue(faults.unknownName('output', name), at.file, at.start);
    return this.#lasting(expression);
  }

  // ------------------------------------------------------------ names

  get #scope(): HclScope {
    return new HclScope(this.#files, this);
  }

  lookUp(names: readonly string[], index: HclValue | undefined, at: HclExpression): HclValue | undefined {
    const [first = '', second = ''] = names;
    // What nobody can know here may be given under the name by which it is asked for.
    const given = this.#given.get(names.join('.'));
    if (given !== undefined) return given;
    switch (first) {
      case 'var':
        return this.#variable(second, at);
      case 'local':
        return this.#local(second);
      case 'each':
        return second === 'key' ? fromPlain(String(this.#instance.key ?? ''), at) : this.#instance.value;
      case 'count':
        return typeof this.#instance.key === 'number' ? this.#instance.key : undefined;
      case 'terraform':
        return fromPlain('default', at);
      case 'module':
        return this.#moduleValue(names, index, at);
      default:
        return this.#resourceValue(names, index, at);
    }
  }

  #moduleValue(names: readonly string[], index: HclValue | undefined, at: HclExpression): HclValue {
    const [, name = '', output] = names;
    const block = this.#modules.get(name);
    if (!block) throw new UnknownValue(faults.unknownName('module', name), at.file, at.start);
    const child = output === undefined ? undefined : this.#as(block, index, () => this.#child(block));
    if (!child || output === undefined) throw new UnknownValue(faults.unresolved(names.join('.')), at.file, at.start);
    return child.output(output, at);
  }

  #variable(name: string, at: HclExpression): HclValue | undefined {
    const withheld = this.#withheld.get(name);
    if (withheld) throw withheld;
    const given = this.#given.get(name) ?? this.#fromEnvironment(name, at);
    if (given !== undefined) return given;
    const block = this.#variables.get(name);
    if (!block) return undefined;
    const fallback = block.body.attributes.get('default');
    if (!fallback) throw new UnknownValue(faults.noValue('variable', name), at.file, at.start);
    return this.#lasting(fallback.value);
  }

  #fromEnvironment(name: string, at: HclExpression): HclValue | undefined {
    const text = this.#depth === 0 ? this.#files.environment(`TF_VAR_${name}`) : undefined;
    return text === undefined ? undefined : fromPlain(text, at);
  }

  #local(name: string): HclValue | undefined {
    const expression = this.#locals.get(name);
    return expression && this.#lasting(expression);
  }

  /** What no instance changes is worked out once. */
  #lasting(expression: HclExpression): HclValue {
    const known = this.#known.get(expression);
    if (known !== undefined) return known;
    const value = this.#once(expression, () => this.#scope.value(expression));
    this.#known.set(expression, value);
    return value;
  }

  /** What needs itself has no value. */
  #once<T>(expression: HclExpression, work: () => T): T {
    if (this.#open.has(expression)) throw new UnknownValue(faults.badHcl('the value needs itself'), expression.file, expression.start);
    if (this.#open.size >= DEEPEST_VALUE)
      throw new UnknownValue(faults.badHcl('values refer to each other too deeply'), expression.file, expression.start);
    this.#open.add(expression);
    try {
      return work();
    } finally {
      this.#open.delete(expression);
    }
  }

  /** An attribute as it is written, or the id that the names make. */
  #resourceValue(names: readonly string[], index: HclValue | undefined, at: HclExpression): HclValue | undefined {
    const isData = names[0] === 'data';
    const address = names.slice(0, isData ? 3 : 2).join('.');
    const attribute = names[isData ? 3 : 2];
    const block = this.#resources.get(address);
    const unknown = () => new UnknownValue(faults.unresolved(names.join('.')), at.file, at.start);
    if (!block || attribute === undefined)
      throw block || (/^(?:azure|data|random|null|time)/.test(names[0] ?? '') && !TERRAFORM_TYPES.has(names[0] ?? ''))
        ? unknown()
        : new UnknownValue(faults.unknownName('resource', address), at.file, at.start);
    return this.#as(block, index, () => {
      const written = block.body.attributes.get(attribute);
      if (written) return this.#once(written.value, () => this.#scope.value(written.value));
      const id = attribute === 'id' || attribute === 'name' ? this.#idOf(block, attribute) : undefined;
      if (id === undefined) throw unknown();
      return fromPlain(id, at);
    });
  }

  /** `/apis/orders`, which is what references count by. */
  #idOf(block: HclBlock, attribute: string): string | undefined {
    const type = TERRAFORM_TYPES.get(block.labels[0] ?? '');
    const segments = type?.path.map(([collection, name]) => [
      collection,
      this.#text(block, name) ?? (type.makesName ? this.#ownName(block) : ''),
    ]);
    if (block.labels[0] === 'azapi_resource' && attribute === 'id') return this.#azapiId(block);
    // The id of the instance counts as the start of others; what any other is, a deployment decides.
    if (!segments) return attribute === 'id' && block.labels[0] === 'azurerm_api_management' ? `/${block.labels.join('/')}` : undefined;
    return attribute === 'id' ? `/${segments.flat().join('/')}` : segments.at(-1)?.[1];
  }

  #text(block: HclBlock, attribute: string): string | undefined {
    const written = block.body.attributes.get(attribute);
    return written && this.#scope.text(written.value).text;
  }

  #as<T>(block: HclBlock, index: HclValue | undefined, work: () => T): T {
    if (index === undefined) return work();
    const key = typeof index === 'number' ? index : String(plainOf(index));
    const instance = this.#instances(block).find((one) => one.key === key) ?? { key, value: index };
    return this.#within(instance, work);
  }

  #within<T>(instance: Instance, work: () => T): T {
    const before = this.#instance;
    this.#instance = instance;
    try {
      return work();
    } finally {
      this.#instance = before;
    }
  }

  #instances(block: HclBlock): readonly Instance[] {
    const found = this.#instancesOf.get(block) ?? this.#countInstances(block);
    this.#instancesOf.set(block, found);
    return found;
  }

  #countInstances(block: HclBlock): readonly Instance[] {
    const each = block.body.attributes.get('for_each');
    const count = block.body.attributes.get('count');
    if (each) {
      const value = this.#scope.value(each.value);
      // A set's keys are its values.
      return entries(value).map(([key, one]) => ({ key: value instanceof HclMap ? key : toText(one, each.value).text, value: one }));
    }
    if (!count) return [SINGLE];
    const rounds = this.#scope.value(count.value);
    return Array.from({ length: Math.min(Number(plainOf(rounds)) || 0, 800) }, (_, at) => ({ key: at, value: at }));
  }

  // ------------------------------------------------------------ resources

  #resource(block: HclBlock): void {
    const [type = '', name = ''] = block.labels;
    const table = TERRAFORM_TYPES.get(type);
    if (type === 'azurerm_api_management') return this.#service(block);
    if (!table && type !== 'azapi_resource') {
      if (type.startsWith('azurerm_api_management')) this.#report(faults.notDeployed(type, name), block.file, block.start);
      return;
    }
    const instances = this.#attempt(() => this.#instances(block)) ?? [];
    for (const instance of instances)
      this.#within(instance, () => this.#attempt(() => (table ? this.#take(block, table) : this.#azapi(block))));
  }

  /** Up to version 3 of the provider the instance may hold the global document itself: as a block, or as a list of one object. */
  #service(block: HclBlock): void {
    const inner = block.body.blocks.find(({ type }) => type === 'policy');
    const listed = block.body.attributes.get('policy');
    this.#attempt(() => {
      if (inner) return this.#policy(inner, this.#into, 'rawxml');
      const [policy] = listed ? listOf(this.#scope.value(listed.value)) : [];
      const content = policy instanceof HclMap ? policy.members.get('xml_content') : undefined;
      if (listed && content) this.#into.policy = readPolicyText(sourceOf(toText(content, listed.value)), 'rawxml', this.#files.report);
      else this.#report(faults.notDeployed(block.labels[0] ?? '', block.labels[1] ?? block.type), block.file, block.start);
    });
  }

  #take(block: HclBlock, table: FactTable): void {
    const target = this.#target(block, table);
    if (!target) return;
    if (table.policy) return this.#policy(block, target, this.#formatOf(block, table));
    target.facts = entryOf(block, table, this.#scope, this.#files, (work, severity) => this.#attempt(work, severity));
    if (table.fragment) this.#policy(block, target, this.#formatOf(block, table));
    if (table.isApi) this.#specification(block, target);
  }

  /** The resource that the block speaks of; the names must be known. */
  #target(block: HclBlock, { path, revision, makesName }: FactTable): Resource | undefined {
    let resource = this.#into;
    for (const [collection, attribute] of path) {
      const written = block.body.attributes.get(attribute);
      if (!written && makesName) {
        resource = resource.part(collection, this.#ownName(block));
        continue;
      }
      if (!written) {
        this.#report(faults.badHcl(`\`${attribute}\` is missing`), block.file, block.start);
        return undefined;
      }
      const name = this.#scope.text(written.value).text;
      resource = resource.part(collection, revision === undefined ? name : this.#revised(block, name, revision));
    }
    return resource;
  }

  /** In place of a name that a deployment would make up. */
  #ownName(block: HclBlock): string {
    const { key } = this.#instance;
    return key === undefined ? (block.labels[1] ?? '') : `${block.labels[1] ?? ''}-${key}`;
  }

  /** The first revision that is met is the current one. */
  #revised(block: HclBlock, name: string, attribute: string): string {
    const number = this.#text(block, attribute) ?? '1';
    const known = this.#into.find('apis', name)?.facts?.get('apiRevision').text();
    return known === undefined || known === number ? name : `${name};rev=${number}`;
  }

  #formatOf(block: HclBlock, { fragment }: FactTable): 'xml' | 'rawxml' {
    // Documents are sent as rawxml since provider 1.37; fragments say what they are.
    if (!fragment) return 'rawxml';
    return this.#text(block, 'format') === 'rawxml' ? 'rawxml' : 'xml';
  }

  #policy(block: HclBlock, target: Resource, format: 'xml' | 'rawxml'): void {
    const link = block.body.attributes.get('xml_link');
    if (link) return this.#report(faults.linkedText(this.#text(block, 'xml_link') ?? 'xml_link'), block.file, link.value.start);
    const written = block.body.attributes.get('xml_content') ?? block.body.attributes.get('value');
    if (!written) return this.#report(faults.missingPolicyText(), block.file, block.start);
    target.policy = readPolicyText(sourceOf(this.#scope.text(withoutBlanksAround(written.value))), format, this.#files.report);
    return undefined;
  }

  #specification(block: HclBlock, api: Resource): void {
    const importing = block.body.blocks.find(({ type }) => type === 'import');
    if (!importing) return;
    const value = importing.body.attributes.get('content_value');
    if (!value) return this.#report(faults.badHcl('`content_value` is missing'), importing.file, importing.start);
    const format = this.#text(importing, 'content_format') ?? '';
    if (format.includes('link'))
      return this.#report(faults.linkedSpecification(this.#text(importing, 'content_value') ?? format), block.file, value.value.start);
    api.specification = this.#specificationOf(format, this.#scope.text(value.value));
    return undefined;
  }

  #specificationOf(format: string, text: MappedText): Specification {
    const source = sourceOf(text);
    if (/^(?:wsdl|wadl)/.test(format)) return { kind: format.startsWith('wsdl') ? 'wsdl' : 'wadl', source };
    if (format.startsWith('graphql')) return { kind: 'graphql', source };
    return openApiSpecification(new OpenApiFile(source), this.#files.report);
  }

  /** From the instance on: that of its parent, and its own two segments. */
  #azapiId(block: HclBlock): string | undefined {
    const [, ...kinds] = (this.#text(block, 'type') ?? '').split('@')[0]?.split('/') ?? [];
    const parent = kinds.length > 1 ? this.#text(block, 'parent_id') : '';
    const name = this.#text(block, 'name') ?? block.labels[1] ?? '';
    return kinds[0]?.toLowerCase() === 'service' ? `${parent ?? ''}/${kinds.at(-1)}/${name}` : undefined;
  }

  /** `type = "Microsoft.ApiManagement/service/…@version"`, `parent_id`, `body`. */
  #azapi(block: HclBlock): void {
    const type = (this.#text(block, 'type') ?? '').split('@')[0] ?? '';
    if (!/^Microsoft\.ApiManagement\/service\//i.test(type)) return;
    const kinds = type.split('/').slice(2);
    const parents = kinds.length > 1 ? (this.#text(block, 'parent_id') ?? '').split('/').filter(Boolean) : [];
    let resource = this.#into;
    for (const [index, kind] of kinds.slice(0, -1).entries())
      resource = resource.part(kind, parents[parents.length - 1 - 2 * (kinds.length - 2 - index)] ?? '');
    const body = block.body.attributes.get('body');
    const properties = body ? this.#properties(this.#scope.value(body.value), body.value) : undefined;
    const last = kinds.at(-1) ?? '';
    if (last.toLowerCase() === 'policies') return this.#azapiPolicy(resource, properties, block);
    const target = resource.part(last, this.#text(block, 'name') ?? block.labels[1] ?? '');
    target.facts = properties && configOf(properties, body?.value ?? block, this.#files);
    if (last.toLowerCase() === 'policyfragments') this.#azapiPolicy(target, properties, block);
    if (last.toLowerCase() === 'apis' && kinds.length === 1) this.#azapiSpecification(target, properties, body?.value ?? block);
    return undefined;
  }

  #azapiSpecification(api: Resource, properties: HclMap | undefined, at: Pick<HclExpression, 'file' | 'start'>): void {
    const value = properties?.members.get('value');
    if (value === undefined || value === null) return;
    const format = String(plainOf(properties?.members.get('format') ?? null) ?? '').toLowerCase();
    const text = toText(value, at);
    if (format.includes('link')) this.#report(faults.linkedSpecification(text.text), at.file, text.sourceOffset(0));
    else api.specification = this.#specificationOf(format, text);
  }

  #properties(value: HclValue, at: HclExpression): HclMap | undefined {
    const opened = value instanceof HclMap ? value : fromJson(toText(value, at).text, at);
    const found = opened instanceof HclMap ? opened.members.get('properties') : undefined;
    return found instanceof HclMap ? found : undefined;
  }

  #azapiPolicy(target: Resource, properties: HclMap | undefined, block: HclBlock): void {
    const value = properties?.members.get('value');
    if (value === undefined) return this.#report(faults.missingPolicyText(), block.file, block.start);
    const format = plainOf(properties?.members.get('format') ?? null);
    target.policy = readPolicyText(sourceOf(toText(value, block)), format === 'rawxml' ? 'rawxml' : 'xml', this.#files.report);
    return undefined;
  }

  // ------------------------------------------------------------ modules and faults

  /** The module that a block calls, for the instance at hand: on disk only; values that are not known here are not known inside, either. */
  #child(block: HclBlock): Module | undefined {
    const name = block.labels[0] ?? '';
    const key = `${name} ${this.#instance.key ?? ''}`;
    if (this.#children.has(key)) return this.#children.get(key);
    // What asks for itself meanwhile has no value.
    this.#children.set(key, undefined);
    const directory = this.#directoryOf(name, block);
    const child = directory === undefined ? undefined : this.#called(block, directory);
    this.#children.set(key, child);
    return child;
  }

  #directoryOf(name: string, block: HclBlock): string | undefined {
    const source = this.#attempt(() => this.#text(block, 'source')) ?? '';
    const directory = join(this.directory, source);
    this.#run.modules.left -= 1;
    const refuse = (fault: Fault) => void this.#report(fault, block.file, block.start);
    if (!/^\.{1,2}\//.test(source)) refuse(faults.remoteModule(name));
    else if (!existsSync(directory)) refuse(faults.missingModule(name, source));
    else if (this.#depth >= DEEPEST_MODULE || this.#run.modules.left < 0) refuse(faults.tooManyModules(name));
    else return directory;
    return undefined;
  }

  #called(block: HclBlock, directory: string): Module {
    const given = new Map<string, HclValue>();
    const withheld = new Map<string, UnknownValue>();
    for (const { name, value } of block.body.attributes.values()) {
      try {
        if (!CALL_ATTRIBUTES.has(name)) given.set(name, this.#scope.value(value));
      } catch (error) {
        if (!(error instanceof UnknownValue)) throw error;
        withheld.set(name, error);
      }
    }
    return new Module(this.#run, directory, this.#bodiesIn(directory), given, this.#depth + 1, withheld);
  }

  #bodiesIn(directory: string): readonly HclBody[] {
    const known = this.#run.bodies.get(directory);
    if (known) return known;
    const names = entriesOf(directory).filter((name) => name.endsWith('.tf'));
    const bodies = names.flatMap((name) => parsed(this.#files, join(directory, name)));
    this.#run.bodies.set(directory, bodies);
    return bodies;
  }

  #attempt<T>(work: () => T, severity: 'error' | 'warning' | 'info' = 'error'): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof UnknownValue)) throw error;
      this.#reportUnknown(error, severity);
      return undefined;
    }
  }

  /** A variable without a value is one fault, wherever it is asked for; what is worse is told again. */
  #reportUnknown({ fault, file, at }: UnknownValue, severity: 'error' | 'warning' | 'info'): void {
    const key = `${severity} ${fault.message}`;
    if (fault.code === 'PTC5104' && this.#told.has(key)) return;
    this.#told.add(key);
    this.#report({ ...fault, severity }, file, at);
  }

  #report(fault: Fault, file: SourceFile, at: number): void {
    this.#files.report({ severity: 'error', ...fault, file, span: span(at, at + 1) });
  }
}

/** Blanks around a document mean nothing: one that a heredoc holds as `${file(…)}` alone keeps its places in that file. */
function withoutBlanksAround(expression: HclExpression): HclExpression {
  const parts = expression.kind === 'template' ? expression.parts.filter((part) => 'kind' in part || part.text.trim() !== '') : [];
  const [only] = parts;
  return parts.length === 1 && only && 'kind' in only ? only : expression;
}

/** A whole file is itself; anything else stands inside one. */
function sourceOf(text: MappedText): SourceFile {
  return text.text === text.file.text ? text.file : new EmbeddedSource(text);
}

function configOf(value: HclValue, at: Pick<HclExpression, 'file' | 'start'>, files: Files): Entry {
  const text = JSON.stringify(plainOf(value));
  return readConfigFile(new EmbeddedSource(toText(fromPlain(text, at), at)), files.report);
}
