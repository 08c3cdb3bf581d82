/**
 * ARM templates, by hand or compiled from Bicep, and those of the DevOps Resource Kit: the resources of an instance with
 * their policies as JSON strings (gateway-model, sections 17.5 and 18).
 */
import { isMap } from 'yaml';
import { EmbeddedSource } from '../../source/embedded.ts';
import { SourceFile } from '../../source/source-file.ts';
import { span } from '../../source/span.ts';
import type { Entry } from '../config-file.ts';
import { type Files, startOf } from '../files.ts';
import { atOnce, type Paced } from '../paced.ts';
import { OpenApiFile, openApiSpecification } from '../parsed-file.ts';
import type { Resource } from '../resources.ts';
import { Links } from './arm-links.ts';
import { parametersBeside } from './arm-parameters.ts';
import { type ArmParameters, TemplateScope, Unresolved } from './arm-scope.ts';
import * as faults from './faults.ts';
import type { Parameters } from './parameters.ts';
import { readPolicyText } from './policy-text.ts';

const TEMPLATE_SCHEMA = /"\$schema"\s*:\s*"[^"]*deploymentTemplate\.json/i;

/** Most resources of a template with everything inside. */
const MOST_RESOURCES = 20_000;

/** Most rounds of one copy loop, as the service allows. */
const MOST_COPIES = 800;

const RESOURCES_FIRST = /^\s*\{\s*"(?:\$schema|languageVersion|contentVersion|resources)"[\s\S]*"Microsoft\.ApiManagement\//;

/** Whether a JSON file is a template: it says so at its start. */
export function isTemplate(path: string): boolean {
  const start = startOf(path, 20_000);
  return TEMPLATE_SCHEMA.test(start) || RESOURCES_FIRST.test(start);
}

export function* readTemplates(
  files: Files,
  directory: string,
  paths: readonly string[],
  parameters: Parameters,
  root: Resource,
): Paced<void> {
  const own = new Map(lowerCase(parameters));
  const given = new Map<string, Entry>([...parametersBeside(files, paths, own), ...own]);
  const links = new Links(files, directory, paths);
  for (const path of paths) {
    yield;
    const template = files.template(path);
    if (template) yield* new TemplateReader(files, links, root).template(template, given);
  }
  links.reportUnused();
}

function lowerCase(parameters: Parameters): [string, Entry][] {
  return [...parameters].map(([name, entry]) => [name.toLowerCase(), entry]);
}

/** Collections under the names that `Resource` uses; older names of the same things. */
const COLLECTIONS: ReadonlyMap<string, string> = new Map(
  [
    'apis',
    'operations',
    'resolvers',
    'schemas',
    'releases',
    'products',
    'groups',
    'users',
    'backends',
    'certificates',
    'namedValues',
    'policyFragments',
    'apiVersionSets',
    'subscriptions',
    'workspaces',
    'gateways',
    'tags',
    'tools',
  ]
    .map((name): [string, string] => [name.toLowerCase(), name])
    .concat([
      ['properties', 'namedValues'],
      ['api-version-sets', 'apiVersionSets'],
      ['apilinks', 'apis'],
      ['grouplinks', 'groups'],
    ]),
);

/** Members without which a resource means something else; the value of a named value may come from portico.yaml. */
const NEEDED: ReadonlySet<string> = new Set(['path', 'urlTemplate', 'method', 'apiVersionSetId', 'apiVersion', 'scope', 'displayName']);
const WANTED: ReadonlySet<string> = new Set(['url', 'serviceUrl']);

class TemplateReader {
  readonly #files: Files;
  readonly #links: Links;
  readonly #root: Resource;
  #made = 0;

  constructor(files: Files, links: Links, root: Resource) {
    this.#files = files;
    this.#links = links;
    this.#root = root;
  }

  *template(template: Entry, parameters: ArmParameters): Paced<void> {
    const scope = new TemplateScope(template, parameters);
    for (const resource of childrenOf(template)) {
      yield;
      this.#resource(resource, scope, '', '');
    }
  }

  /** `type` and `name` of the resource around it, for children that are written inside. */
  #resource(entry: Entry, scope: TemplateScope, outerType: string, outerName: string): void {
    const copy = entry.get('copy');
    if (!copy.exists) return this.#one(entry, scope, outerType, outerName);
    const count = this.#attempt(() => scope.value(copy.get('count')), copy);
    if (typeof count !== 'number') return undefined;
    if (count > MOST_COPIES) return copy.report(faults.tooManyCopies(MOST_COPIES));
    for (let index = 0; index < count; index += 1) this.#one(entry, scope.inCopy(index), outerType, outerName);
    return undefined;
  }

  #one(entry: Entry, scope: TemplateScope, outerType: string, outerName: string): void {
    this.#made += 1;
    // Copies of templates that hold copies multiply.
    if (this.#made === MOST_RESOURCES) entry.report(faults.tooManyCopies(MOST_RESOURCES));
    if (this.#made >= MOST_RESOURCES) return;
    const type = [outerType, entry.get('type').text() ?? ''].filter(Boolean).join('/');
    const own = this.#attempt(() => scope.name(entry.get('name')), entry.get('name'));
    if (own === undefined || entry.get('existing').boolean() === true) return;
    const name = [outerName, own].filter(Boolean).join('/');
    if (!this.#isWanted(entry, scope, name)) return;
    if (/^Microsoft\.Resources\/deployments$/i.test(type)) return this.#nested(entry, scope);
    if (/^Microsoft\.ApiManagement\/service\//i.test(type)) this.#take(entry, scope, type, name);
    else if (!/^Microsoft\.ApiManagement\/service$/i.test(type)) notDeployed(entry, type, name);
    for (const child of childrenOf(entry)) this.#resource(child, scope, type, name);
  }

  #isWanted(entry: Entry, scope: TemplateScope, name: string): boolean {
    const condition = entry.get('condition');
    if (!condition.exists) return true;
    const value = this.#attempt(() => scope.value(condition), condition);
    if (value !== false) return true;
    condition.report(faults.conditionFalse(name));
    return false;
  }

  /** A module of Bicep: a template inside the template, with parameters of its own. */
  #nested(entry: Entry, scope: TemplateScope): void {
    const inner = entry.get('properties').get('template');
    if (!inner.exists) {
      const link = entry.get('properties').get('templateLink');
      const place = firstOf(link, ['uri', 'relativePath', 'id']);
      return place ? this.#links.template(place, this.#attempt(() => scope.name(place), place) ?? '') : entry.report(faults.noTemplate());
    }
    const isInner = entry.get('properties').get('expressionEvaluationOptions').get('scope').text()?.toLowerCase() === 'inner';
    const given = entry.get('properties').get('parameters').members();
    const values = new Map<string, { readonly value: ReturnType<TemplateScope['value']> }>();
    for (const [name, parameter] of given) {
      try {
        if (parameter.get('value').exists) values.set(name.toLowerCase(), { value: scope.value(parameter.get('value')) });
      } catch (error) {
        if (!(error instanceof Unresolved)) throw error;
      }
    }
    if (isInner || values.size > 0) return atOnce(this.template(inner, values));
    for (const resource of childrenOf(inner)) this.#resource(resource, scope, '', '');
    return undefined;
  }

  // ------------------------------------------------------------ one resource

  #take(entry: Entry, scope: TemplateScope, type: string, name: string): void {
    const kinds = type.split('/').slice(2);
    const names = name.split('/').slice(1);
    const at = entry.get('name');
    if (kinds.length !== names.length) return at.report(faults.badResourceName(type, name));
    const missing = TemplateScope.missingIn(names.join('/'));
    if (missing !== undefined) return at.report(faults.noValue('parameter', missing));
    let resource = this.#root;
    for (const [index, kind] of kinds.entries()) {
      if (kind.toLowerCase() === 'policies') return this.#policy(entry.get('properties'), scope, resource);
      const collection = COLLECTIONS.get(kind.toLowerCase());
      if (collection === undefined) return notDeployed(entry, type, name);
      resource = resource.part(collection, names[index] ?? '');
    }
    const properties = entry.get('properties');
    resource.facts = properties.exists
      ? scope.filled(properties, (path, fault) => this.#missing(path, fault, entry))
      : (resource.facts ?? properties);
    const last = COLLECTIONS.get(kinds.at(-1)?.toLowerCase() ?? '');
    if (last === 'policyFragments') this.#policy(properties, scope, resource);
    if (last === 'apis' && kinds.length === 1) this.#specification(properties, scope, resource);
    return undefined;
  }

  #missing(path: string, { fault, at }: Unresolved, entry: Entry): void {
    if (NEEDED.has(path)) entry.report(fault, span(at, at + 1));
    else if (WANTED.has(path)) entry.report({ ...fault, severity: 'warning' }, span(at, at + 1));
  }

  #policy(properties: Entry, scope: TemplateScope, resource: Resource): void {
    const value = firstOf(properties, ['value', 'policyContent']);
    const format = firstOf(properties, ['format', 'contentFormat']);
    const kind = format?.exists ? (this.#attempt(() => scope.text(format)?.text, format) ?? 'xml') : 'xml';
    if (!value) return properties.report(faults.missingPolicyText());
    const known = FORMATS.get(kind.toLowerCase());
    if (!known) return format?.report(faults.unknownFormat(kind));
    if (known.isLink) return this.#linked(value, scope, known.format, resource);
    const text = this.#attempt(() => scope.text(value), value);
    if (text) resource.policy = readPolicyText(new EmbeddedSource(text), known.format, this.#files.report);
    return undefined;
  }

  #linked(value: Entry, scope: TemplateScope, format: 'xml' | 'rawxml', resource: Resource): void {
    const url = this.#attempt(() => scope.name(value), value) ?? '';
    const path = this.#links.document(value, url);
    const text = path === undefined ? undefined : this.#files.text(path);
    if (path !== undefined && text !== undefined)
      resource.policy = readPolicyText(new SourceFile(this.#files.shown(path), text), format, this.#files.report);
  }

  #specification(properties: Entry, scope: TemplateScope, resource: Resource): void {
    const value = properties.get('value');
    if (!value.exists) return;
    const format = this.#attempt(() => scope.text(properties.get('format'))?.text.toLowerCase(), properties) ?? '';
    if (format.includes('link')) return value.report(faults.linkedSpecification(this.#attempt(() => scope.name(value), value) || format));
    const text = this.#attempt(() => scope.text(value), value);
    if (!text) return;
    const source = new EmbeddedSource(text);
    if (format.startsWith('wsdl') || format.startsWith('wadl'))
      resource.specification = { kind: format.startsWith('wsdl') ? 'wsdl' : 'wadl', source };
    else if (format.startsWith('graphql')) resource.specification = { kind: 'graphql', source };
    else resource.specification = openApiSpecification(new OpenApiFile(source), this.#files.report);
  }

  /** What has no value is reported at its place. */
  #attempt<T>(work: () => T, entry: Entry): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Unresolved)) throw error;
      entry.report(error.fault, span(error.at, error.at + 1));
      return undefined;
    }
  }
}

const FORMATS: ReadonlyMap<string, { readonly format: 'xml' | 'rawxml'; readonly isLink: boolean }> = new Map([
  ['xml', { format: 'xml', isLink: false }],
  ['rawxml', { format: 'rawxml', isLink: false }],
  ['xml-link', { format: 'xml', isLink: true }],
  ['rawxml-link', { format: 'rawxml', isLink: true }],
]);

function notDeployed(entry: Entry, type: string, name: string): void {
  entry.report(faults.notDeployed(type, TemplateScope.shown(name)), entry.get('type').span);
}

function firstOf(entry: Entry, names: readonly string[]): Entry | undefined {
  return names.map((name) => entry.get(name)).find((found) => found.exists);
}

/** A list, or with symbolic names a mapping. */
function childrenOf(entry: Entry): readonly Entry[] {
  const resources = entry.get('resources');
  if (!resources.exists) return [];
  return isMap(resources.node) ? resources.members().map(([, one]) => one) : resources.items();
}
