/** Reads a policy directory (APIOps' layouts, gateway-model section 17) or one lone document into a Workspace. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { ApiInfo, Backend, GroupInfo, OperationInfo, ProductInfo, SchemaSource } from '../exchange/entities.ts';
import { Url } from '../exchange/url.ts';
import { type Diagnostic, inDocumentOrder } from '../source/diagnostic.ts';
import { SourceFile } from '../source/source-file.ts';
import { span } from '../source/span.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import { backendCredentials } from './backends.ts';
import type { Entry, Environment } from './config-file.ts';
import * as faults from './faults.ts';
import { childPath, entriesOf, Files, foldersOf, isDirectory } from './files.ts';
import type { NamedValue, Workspace, WorkspaceApi, WorkspaceOperation, WorkspaceProduct } from './model.ts';
import { importOpenApi, normalizeOperationId } from './openapi.ts';
import { type ApiOverride, absoluteUrl, NO_YAML, type PorticoYaml, readPorticoYaml } from './portico-yaml.ts';

export interface LoadOptions {
  /** Gives `${env:NAME}` its values; default: none is set. */
  readonly environment?: Environment;
  /** Backend of APIs that name none; wins over portico.yaml. */
  readonly backend?: string;
  /** Where the user stands: names in diagnostics are relative to it. Default: the current directory. */
  readonly shownFrom?: string;
}

/** Loads a directory or a single policy document. Never throws on bad files: everything wrong is in `problems`. */
export function loadWorkspace(path: string, options: LoadOptions = {}): Workspace {
  const problems: Diagnostic[] = [];
  const files = new Files(
    (problem) => problems.push(problem),
    options.environment ?? (() => undefined),
    options.shownFrom ?? process.cwd(),
  );
  const root = resolve(path);
  const lone = statSync(root, { throwIfNoEntry: false })?.isFile() ?? false;
  const workspace = new Loader(files, lone ? dirname(root) : root, lone ? root : undefined, options).load();
  return { ...workspace, problems: inDocumentOrder(problems) };
}

/** All methods that a catch-all operation answers: a lone document is one API at `/`. */
const CATCH_ALL_METHODS: readonly string[] = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE'];

const DEFAULT_KEY_NAMES = { header: 'Ocp-Apim-Subscription-Key', query: 'subscription-key' };

class Loader {
  readonly #files: Files;
  readonly #root: string;
  readonly #document: string | undefined;
  readonly #options: LoadOptions;
  readonly #yaml: PorticoYaml;
  readonly #yamlEntry: Entry | undefined;
  /** Where each API's path is written, by folder. */
  readonly #pathPlaces = new Map<string, Entry>();

  constructor(files: Files, root: string, document: string | undefined, options: LoadOptions) {
    this.#files = files;
    this.#root = root;
    this.#document = document;
    this.#options = options;
    this.#yamlEntry = files.config(join(root, 'portico.yaml'));
    this.#yaml = this.#yamlEntry ? readPorticoYaml(this.#yamlEntry, root) : NO_YAML;
  }

  load(): Omit<Workspace, 'problems'> {
    const globalPolicy = this.#document ? undefined : this.#files.policy(join(this.#root, 'policy.xml'));
    const apis = this.#apis(globalPolicy !== undefined);
    this.#checkPaths(apis);
    return {
      root: this.#document ?? this.#root,
      globalPolicy,
      apis,
      products: this.#products(apis),
      subscriptions: this.#yaml.subscriptions,
      fragments: this.#fragments(),
      namedValues: this.#namedValues(),
      backends: this.#backends(),
      certificates: new Map(this.#yaml.certificates.map((certificate) => [certificate.id, certificate])),
      connections: this.#yaml.connections,
      schemas: this.#schemas(),
      local: this.#yaml.local,
      files: this.#files.read,
    };
  }

  #reportDirectory(fault: faults.Fault): void {
    this.#files.report({ severity: 'error', ...fault, file: new SourceFile(this.#files.shown(this.#root), ''), span: span(0) });
  }

  // ------------------------------------------------------------ APIs

  #apis(hasGlobal: boolean): WorkspaceApi[] {
    if (this.#document) return [this.#loneApi(this.#files.policy(this.#document), basename(this.#document, extname(this.#document)))];
    const folders = foldersOf(childPath(this.#root, 'apis'));
    const apis = folders.flatMap(({ name, path }) => this.#api(name, path));
    for (const [id, { entry }] of this.#yaml.apis) {
      if (!folders.some(({ name }) => name === id)) entry.report(faults.danglingReference('API', id));
    }
    if (apis.length > 0) return apis;
    if (!hasGlobal) this.#reportDirectory(faults.noPolicies(this.#files.shown(this.#root)));
    return [this.#loneApi(undefined, basename(this.#root))];
  }

  /** One API at `/` that answers every method and path. */
  #loneApi(policy: PolicyDocument | undefined, name: string): WorkspaceApi {
    const info = apiInfo({ id: name, name, path: '', serviceUrl: this.#options.backend ?? this.#yaml.backend });
    return { info, subscriptionRequired: false, operations: CATCH_ALL_METHODS.map(catchAll), policy, versioning: undefined };
  }

  #api(folder: string, path: string): WorkspaceApi[] {
    const entry = this.#files.config(join(path, 'apiInformation.json'));
    const properties = entry?.get('properties');
    const facts = properties?.exists ? properties : entry;
    if (facts) this.#pathPlaces.set(folder.split(';rev=')[0] ?? folder, facts.get('path'));
    const specification = this.#specification(path);
    const override = this.#yaml.apis.get(folder);
    const graphqlSchema = this.#graphqlSchema(path);
    const info = { ...this.#apiInfo(folder, facts, specification?.serviceUrl, override), ...(graphqlSchema ? { graphqlSchema } : {}) };
    const operations = this.#operations(path, specification?.operations);
    const subscriptionRequired = override?.subscriptionRequired ?? facts?.get('subscriptionRequired').boolean() ?? true;
    return [
      { info, subscriptionRequired, operations, policy: this.#files.policy(join(path, 'policy.xml')), versioning: this.#versioning(facts) },
    ];
  }

  #apiInfo(folder: string, facts: Entry | undefined, imported: string | undefined, override: ApiOverride | undefined): ApiInfo {
    const [id = folder, revision] = folder.split(';rev=');
    const serviceUrl =
      this.#options.backend ??
      override?.serviceUrl ??
      (facts ? absoluteUrl(facts.get('serviceUrl')) : undefined) ??
      imported ??
      this.#yaml.backend;
    const keys = facts?.get('subscriptionKeyParameterNames');
    return apiInfo({
      id,
      name: facts?.get('displayName').text() ?? id,
      path: (override?.path ?? facts?.get('path').text() ?? id).replace(/^\/+|\/+$/g, ''),
      serviceUrl,
      protocols: facts?.get('protocols').texts(),
      keyNames: {
        header: keys?.get('header').text() ?? DEFAULT_KEY_NAMES.header,
        query: keys?.get('query').text() ?? DEFAULT_KEY_NAMES.query,
      },
      revision: facts?.get('apiRevision').text() ?? revision ?? '1',
      isCurrent: revision === undefined || facts?.get('isCurrent').boolean() === true,
      version: facts?.get('apiVersion').text() || null,
    });
  }

  #specification(path: string): { operations: readonly OperationInfo[]; serviceUrl: string | undefined } | undefined {
    const name = entriesOf(path).find((entry) => /^specification\.(?:ya?ml|json)$/i.test(entry));
    const entry = name === undefined ? undefined : this.#files.config(join(path, name));
    return entry && importOpenApi(entry);
  }

  #graphqlSchema(path: string): string | undefined {
    const name = entriesOf(path).find((entry) => /^specification\.graphql$/i.test(entry));
    return name === undefined ? undefined : this.#files.text(join(path, name));
  }

  /** Operations of the specification and of `operationInformation.json`, with the policies of the folders. */
  #operations(path: string, imported: readonly OperationInfo[] | undefined): WorkspaceOperation[] {
    const folders = foldersOf(childPath(path, 'operations'));
    const declared = folders.flatMap((folder) => this.#declaredOperation(folder.name, folder.path));
    const infos = [...(imported ?? []).filter(({ id }) => !declared.some((one) => sameOperation(one.id, id))), ...declared];
    if (infos.length === 0 && folders.length === 0) return CATCH_ALL_METHODS.map(catchAll);
    const policies = new Map(folders.map((folder) => [folder.name, this.#files.policy(join(folder.path, 'policy.xml'))]));
    for (const [name, policy] of policies) {
      if (policy && !infos.some(({ id }) => sameOperation(name, id))) {
        this.#files.report({ severity: 'warning', ...faults.operationWithoutRoute(name), file: policy.file, span: span(0) });
      }
    }
    return infos.map((info) => {
      const folder = folders.find(({ name }) => name === info.id) ?? folders.find(({ name }) => sameOperation(name, info.id));
      return { info, policy: folder && policies.get(folder.name) };
    });
  }

  #declaredOperation(name: string, path: string): OperationInfo[] {
    const entry = this.#files.config(join(path, 'operationInformation.json'));
    if (!entry) return [];
    const facts = entry.get('properties').exists ? entry.get('properties') : entry;
    const method = facts.get('method').requiredText();
    const urlTemplate = facts.get('urlTemplate').requiredText();
    if (method === undefined || urlTemplate === undefined) return [];
    return [{ id: name, method: method.toUpperCase(), name: facts.get('displayName').text() ?? name, urlTemplate }];
  }

  #versioning(facts: Entry | undefined): WorkspaceApi['versioning'] {
    const id = facts?.get('apiVersionSetId').text()?.split('/').pop();
    if (id === undefined) return undefined;
    const folder = foldersOf(childPath(this.#root, 'version sets')).find(({ name }) => name === id);
    const file =
      folder && (childPath(folder.path, 'versionSetInformation.json') ?? childPath(folder.path, 'apiVersionSetInformation.json'));
    const set = file === undefined ? undefined : this.#files.config(file);
    if (!set) {
      facts?.get('apiVersionSetId').report(faults.danglingReference('version set', id));
      return undefined;
    }
    const properties = set.get('properties').exists ? set.get('properties') : set;
    const scheme = properties.get('versioningScheme').choice(['Segment', 'Header', 'Query']) ?? 'Segment';
    return { scheme, name: properties.get(scheme === 'Header' ? 'versionHeaderName' : 'versionQueryName').text() ?? 'api-version' };
  }

  #checkPaths(apis: readonly WorkspaceApi[]): void {
    const taken = new Map<string, string>();
    for (const { info } of apis) {
      const key = `${info.path.toLowerCase()}|${info.version ?? ''}|${info.revision}`;
      const other = taken.get(key);
      if (other !== undefined) this.#reportSamePath(info, other);
      taken.set(key, info.id);
    }
  }

  #reportSamePath({ id, path }: ApiInfo, other: string): void {
    const override = this.#yaml.apis.get(id);
    const place = override?.path === undefined ? this.#pathPlaces.get(id) : override.entry.get('path');
    if (place) place.report(faults.samePath(path, other));
    else this.#reportDirectory(faults.samePath(path, other));
  }

  // ------------------------------------------------------------ everything else

  #products(apis: readonly WorkspaceApi[]): WorkspaceProduct[] {
    return foldersOf(childPath(this.#root, 'products')).map(({ name, path }) => {
      const entry = this.#files.config(join(path, 'productInformation.json'));
      const facts = entry?.get('properties').exists ? entry.get('properties') : entry;
      const apiIds = new Set([...foldersOf(childPath(path, 'apis')).map((folder) => folder.name), ...this.#linked(path, 'apis.json')]);
      const groups = [...foldersOf(childPath(path, 'groups')).map((folder) => folder.name), ...this.#linked(path, 'groups.json')];
      const info: ProductInfo = {
        id: name,
        name: facts?.get('displayName').text() ?? name,
        approvalRequired: facts?.get('approvalRequired').boolean() ?? false,
        subscriptionRequired: facts?.get('subscriptionRequired').boolean() ?? true,
        subscriptionLimit: facts?.get('subscriptionsLimit').number() ?? null,
        state: facts?.get('state').text()?.toLowerCase() === 'published' ? 'Published' : 'NotPublished',
        groups: groups.map((group): GroupInfo => ({ id: group, name: group })),
        apis: apis.filter(({ info }) => apiIds.has(info.id)).map(({ info }) => info),
      };
      return { info, apiIds, policy: this.#files.policy(join(path, 'policy.xml')) };
    });
  }

  /** Older artifacts list links as `[{ "name": "…" }]`. */
  #linked(path: string, name: string): string[] {
    const entry = this.#files.config(join(path, name));
    return entry?.items().flatMap((item) => item.get('name').requiredText() ?? []) ?? [];
  }

  #fragments(): Map<string, PolicyDocument> {
    const found = new Map<string, PolicyDocument>();
    for (const name of ['policy fragments', 'fragments']) {
      const directory = childPath(this.#root, name);
      if (directory === undefined) continue;
      for (const entry of entriesOf(directory)) {
        const path = join(directory, entry);
        const file = isDirectory(path) ? join(path, 'policy.xml') : /\.xml$/i.test(entry) ? path : undefined;
        const document = file !== undefined && existsSync(file) ? this.#files.policy(file) : undefined;
        if (document) found.set(isDirectory(path) ? entry : basename(entry, extname(entry)), document);
      }
    }
    return found;
  }

  /** Global schemas; those of XML have no place here yet. */
  #schemas(): Map<string, SchemaSource> {
    const found = new Map<string, SchemaSource>();
    for (const { name, path } of foldersOf(childPath(this.#root, 'schemas'))) {
      const file = entriesOf(path).find((entry) => /schemaInformation\.json$/i.test(entry));
      const entry = file === undefined ? undefined : this.#files.config(join(path, file));
      const facts = entry?.get('properties').exists ? entry.get('properties') : entry;
      const schema = facts?.get('document').plain();
      if (schema !== undefined && facts?.get('schemaType').text()?.toLowerCase() !== 'xml')
        found.set(name, { schema, root: schema, dialect: 'openapi-3.0', name });
    }
    return found;
  }

  #namedValues(): Map<string, NamedValue> {
    const found = new Map<string, NamedValue>();
    const places = new Map<string, Entry>();
    for (const { name, path } of foldersOf(childPath(this.#root, 'named values'))) {
      const entry = this.#files.config(join(path, 'namedValueInformation.json'));
      if (!entry) continue;
      const facts = entry.get('properties').exists ? entry.get('properties') : entry;
      const displayName = facts.get('displayName').text() ?? name;
      const secret = facts.get('secret').boolean() === true || facts.get('keyVault').exists;
      found.set(displayName, { name: displayName, value: facts.get('value').text(), secret });
      places.set(displayName, facts);
    }
    for (const local of this.#yaml.namedValues) {
      const exported = found.get(local.name);
      found.set(local.name, { ...local, secret: local.secret || exported?.secret === true });
    }
    for (const [name, value] of found) if (value.value === undefined) places.get(name)?.report(faults.secretMissing(name));
    return found;
  }

  #backends(): Map<string, Backend> {
    const found = new Map<string, Backend>();
    for (const { name, path } of foldersOf(childPath(this.#root, 'backends'))) {
      const entry = this.#files.config(join(path, 'backendInformation.json'));
      if (!entry) continue;
      const facts = entry.get('properties').exists ? entry.get('properties') : entry;
      const local = this.#yaml.backends.find(({ id }) => id === name);
      const url = local?.url ?? absoluteUrl(facts.get('url'));
      if (url !== undefined) found.set(name, { id: name, url, ...backendCredentials(facts) });
    }
    for (const backend of this.#yaml.backends) found.set(backend.id, { ...found.get(backend.id), ...backend });
    return found;
  }
}

interface ApiFacts {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly serviceUrl: string | undefined;
  readonly protocols?: readonly string[] | undefined;
  readonly keyNames?: ApiInfo['subscriptionKeyParameterNames'];
  readonly revision?: string;
  readonly isCurrent?: boolean;
  readonly version?: string | null;
}

function apiInfo(facts: ApiFacts): ApiInfo {
  return {
    id: facts.id,
    name: facts.name,
    path: facts.path,
    protocols: facts.protocols && facts.protocols.length > 0 ? facts.protocols : ['http', 'https'],
    serviceUrl: (facts.serviceUrl === undefined ? undefined : Url.parse(facts.serviceUrl)) ?? null,
    subscriptionKeyParameterNames: facts.keyNames ?? DEFAULT_KEY_NAMES,
    isCurrentRevision: facts.isCurrent ?? true,
    revision: facts.revision ?? '1',
    version: facts.version ?? null,
  };
}

function catchAll(method: string): WorkspaceOperation {
  return { info: { id: method.toLowerCase(), method, name: method, urlTemplate: '/*' }, policy: undefined, isCatchAll: true };
}

function sameOperation(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase() || normalizeOperationId(a) === normalizeOperationId(b);
}
