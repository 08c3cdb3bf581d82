/** Reads a policy directory, a template or one lone document (gateway-model, sections 17 and 18) into a Workspace. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { ApiInfo } from '../exchange/entities.ts';
import type { HostCertificate } from '../host/host.ts';
import { type Diagnostic, inDocumentOrder } from '../source/diagnostic.ts';
import { inOuterFile } from '../source/embedded.ts';
import { SourceFile } from '../source/source-file.ts';
import { span } from '../source/span.ts';
import { isSystemError } from '../source/system-error.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import { catchAll } from './api-operations.ts';
import { type ApiSources, apiInfo, readApis } from './apis.ts';
import type { Environment } from './config-file.ts';
import {
  checkBackendCertificates,
  checkBackendReferences,
  exportedCertificates,
  readBackends,
  readFragments,
  readNamedValues,
  readProducts,
  readSchemas,
  readSubscriptions,
  remindOfValues,
} from './entities.ts';
import * as faults from './faults.ts';
import { Files, foldersOf, type ParsedFiles } from './files.ts';
import { layoutOf, readResources } from './layouts/read.ts';
import type { Workspace, WorkspaceApi, WorkspaceSpace } from './model.ts';
import { applyOverrides } from './overrides.ts';
import { atOnce, type Paced } from './paced.ts';
import { checkRestrictions } from './policy-restrictions.ts';
import { NO_YAML, type PorticoYaml, readPorticoYaml } from './portico-yaml.ts';
import { checkOpenProducts } from './references.ts';
import type { Resource } from './resources.ts';
import { checkVersions } from './version-checks.ts';
import { readXmlSchemas } from './xml-schemas.ts';

export interface LoadOptions {
  /** Gives `${env:NAME}` its values; default: none is set. */
  readonly environment?: Environment;
  /** The entry of portico.yaml's `environments` that is laid over the rest. Default: the variable PORTICO_ENV. */
  readonly environmentName?: string | undefined;
  /** Backend of APIs that name none; wins over portico.yaml. */
  readonly backend?: string;
  /** Where the user stands: names in diagnostics are relative to it. Default: the current directory. */
  readonly shownFrom?: string;
  /**
   * Files as the load before read them (its `parsed`; none at first): what has the same text is not parsed again. Given, this
   * load leaves its own. Default: nothing is taken over or kept.
   */
  readonly before?: ParsedFiles | undefined;
}

/** Loads a directory, a template or a single document. Never throws on bad files: everything wrong is in `problems`. */
export function loadWorkspace(path: string, options: LoadOptions = {}): Workspace {
  return atOnce(loadingWorkspace(path, options));
}

/** The same in parts. */
export function* loadingWorkspace(path: string, options: LoadOptions = {}): Paced<Workspace> {
  const found: Diagnostic[] = [];
  const { environment = () => undefined, shownFrom = process.cwd(), before } = options;
  const files = new Files((problem) => found.push(problem), environment, shownFrom, before);
  const workspace = yield* new Loader(files, resolve(path), options).load();
  const parsed = files.finish();
  const all = found.map(inOuterFile);
  const notices = inDocumentOrder(all.filter(({ severity }) => severity === 'info'));
  const problems = inDocumentOrder(all.filter(({ severity }) => severity !== 'info'));
  return { ...workspace, notices, problems, ...(before ? { parsed } : {}) };
}

class Loader {
  readonly #files: Files;
  /** What was asked for: a directory, or one file. */
  readonly #path: string;
  /** A policy document that stands alone. */
  readonly #document: string | undefined;
  readonly #options: LoadOptions;
  readonly #yaml: PorticoYaml;

  constructor(files: Files, path: string, options: LoadOptions) {
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
    const directory = isFile ? dirname(path) : path;
    this.#files = files;
    this.#path = path;
    this.#document = isFile && isPolicyFile(path) ? path : undefined;
    this.#options = options;
    const entry = files.config(join(directory, 'portico.yaml'));
    // The variable speaks to whole pipelines: directories without environments are not meant.
    const named = options.environmentName ?? (entry?.get('environments').exists ? files.environment('PORTICO_ENV') : undefined);
    this.#yaml = entry ? readPorticoYaml(entry, directory, named || undefined) : NO_YAML;
    if (!entry && options.environmentName !== undefined)
      this.#reportPath(faults.noEnvironment(options.environmentName, overrideFile(directory, options.environmentName)));
  }

  *load(): Paced<Omit<Workspace, 'problems'>> {
    const root = yield* readResources(this.#files, this.#path, this.#document !== undefined, this.#yaml.parameters);
    for (const { path, entry } of this.#yaml.configuration) applyOverrides(this.#files, path, entry, root);
    const namedValues = readNamedValues(root, this.#yaml);
    const certificates = exportedCertificates(root, this.#yaml);
    checkBackendCertificates(root, this.#yaml, new Set([...certificates, ...this.#yaml.certificates.flatMap(namesOfCertificate)]));
    const backends = readBackends(root, this.#yaml, namedValues);
    const spaces = root.all('workspaces').map((space) => this.#space(space));
    const sources: ApiSources = { files: this.#files, root, yaml: this.#yaml, backend: this.#options.backend };
    const apis = yield* this.#apis(sources, spaces);
    checkPaths(apis, (info, other) => this.#reportSamePath(sources, info, other));
    for (const { facts } of root.all('apis')) if (facts) checkBackendReferences(facts, backends);
    checkVersions(root, apis);
    checkRestrictions(root, this.#files);
    const products = this.#products(root, apis, spaces);
    checkOpenProducts(products, ({ info, space }) => (space ? root.find('workspaces', space.id) : root)?.find('products', info.id)?.facts);
    remindOfValues(root, namedValues);
    return {
      root: this.#path,
      globalPolicy: root.policy,
      apis,
      products,
      idleSpaces: spaces.filter((space) => ![...apis, ...products].some((one) => one.space === space)),
      subscriptions: readSubscriptions(root, this.#yaml, this.#document === undefined ? { apis, products } : undefined),
      fragments: readFragments(root),
      namedValues,
      backends,
      certificates: new Map(this.#yaml.certificates.map((certificate) => [certificate.id, certificate])),
      exportedCertificates: certificates,
      connections: this.#yaml.connections,
      schemas: readSchemas(root),
      xmlSchemas: readXmlSchemas(root),
      local: this.#yaml.local,
      files: this.#files.read,
    };
  }

  #space(space: Resource): WorkspaceSpace {
    const namedValues = readNamedValues(space, ofSpace(space, this.#yaml));
    remindOfValues(space, namedValues);
    return {
      id: space.name,
      name: space.facts?.get('displayName').text() ?? space.name,
      policy: space.policy,
      namedValues,
      fragments: readFragments(space),
      backends: readBackends(space, ofSpace(space, this.#yaml), namedValues),
    };
  }

  *#apis(sources: ApiSources, spaces: readonly WorkspaceSpace[]): Paced<WorkspaceApi[]> {
    if (this.#document) return [this.#loneApi(this.#files.policy(this.#document), basename(this.#document, extname(this.#document)))];
    const { root } = sources;
    const owned: WorkspaceApi[] = [];
    for (const [at, space] of root.all('workspaces').entries()) owned.push(...(yield* readApis({ ...sources, root: space }, spaces[at])));
    const apis = [...(yield* readApis(sources, undefined)), ...owned];
    for (const [id, { entry }] of this.#yaml.apis) {
      if (!apis.some(({ info, folder }) => info.id === id || folder === id)) entry.report(faults.danglingReference('API', id));
    }
    if (apis.length > 0) return apis;
    if (root.isEmpty && !this.#files.hasUnread && !this.#isBrokenTemplate)
      this.#reportPath(faults.noPolicies(this.#files.shown(this.#path), this.#nearestBelow()));
    return [{ ...this.#loneApi(undefined, basename(this.#path, extname(this.#path))), isImplied: true }];
  }

  /** What is missing may stand in what could not be worked out. */
  get #isBrokenTemplate(): boolean {
    if (!this.#files.hasErrors) return false;
    return !isPolicyFile(this.#path) || ['template', 'terraform'].includes(layoutOf(this.#path));
  }

  #products(root: Resource, apis: readonly WorkspaceApi[], spaces: readonly WorkspaceSpace[]): Workspace['products'] {
    const own = readProducts(
      root,
      apis.filter(({ space }) => space === undefined),
      undefined,
    );
    const owned = root.all('workspaces').flatMap((resource, at) => {
      const space = spaces[at];
      return readProducts(
        resource,
        apis.filter((api) => api.space === space),
        space,
      );
    });
    return [...own, ...owned];
  }

  /** People name the repository when they mean a folder in it. */
  #nearestBelow(): string | undefined {
    const folder = foldersOf(this.#path).find(({ path }) => holdsPolicies(path));
    return folder && this.#files.shown(folder.path);
  }

  /** One API at `/` that answers every method and path. */
  #loneApi(policy: PolicyDocument | undefined, name: string): WorkspaceApi {
    const info = apiInfo({ id: name, name, path: '', serviceUrl: this.#options.backend ?? this.#yaml.backend });
    return { info, subscriptionRequired: false, operations: catchAll(), policy, versioning: undefined };
  }

  #reportPath(fault: faults.Fault): void {
    this.#files.report({ severity: 'error', ...fault, file: new SourceFile(this.#files.shown(this.#path), ''), span: span(0) });
  }

  #reportSamePath({ root }: ApiSources, { id, path }: ApiInfo, other: string): void {
    const override = this.#yaml.apis.get(id);
    const facts = root.find('apis', id)?.facts;
    if (override?.path !== undefined) override.entry.get('path').report(faults.samePath(path, other));
    else if (facts) facts.get('path').report(faults.samePath(path, other));
    else this.#reportPath(faults.samePath(path, other));
  }
}

/** Teams keep `configuration.<env>.yaml` beside the artifacts' folder, or in it. */
function overrideFile(directory: string, name: string): string | undefined {
  return ['..', '.'].map((place) => `${place}/configuration.${name}.yaml`).find((file) => existsSync(join(directory, file)));
}

/** Not so a folder that must not be read: nobody asked for it. */
function holdsPolicies(directory: string): boolean {
  try {
    return layoutOf(directory) !== 'empty';
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

/** What portico.yaml says about things that the workspace has, by name or id; it brings a workspace nothing new. */
function ofSpace(space: Resource, yaml: PorticoYaml): PorticoYaml {
  const names = new Set(space.all('namedValues').map(({ name, facts }) => facts?.get('displayName').text() ?? name));
  const backends = yaml.backends.filter(({ id }) => space.find('backends', id));
  return { ...yaml, namedValues: yaml.namedValues.filter(({ name }) => names.has(name)), backends, backendEntries: [] };
}

function namesOfCertificate({ id, info }: HostCertificate): string[] {
  return [id.toLowerCase(), info.thumbprint.toLowerCase()];
}

/** Documents as the editor of the service and the extension of VS Code name them. */
function isPolicyFile(path: string): boolean {
  return !/\.(?:json|ya?ml|wsdl|wadl|graphql|tf|bicep)$/i.test(path);
}

/** One path is for the revisions of an API, and for the versions of one set (gateway-model, section 6.1). */
function checkPaths(apis: readonly WorkspaceApi[], report: (info: ApiInfo, other: string) => void): void {
  const taken = new Map<string, WorkspaceApi[]>();
  for (const api of apis) {
    const path = api.info.path.toLowerCase();
    const others = taken.get(path) ?? [];
    const other = others.find((one) => excludes(one, api));
    if (other) report(api.info, other.info.id);
    taken.set(path, [...others, api]);
  }
}

function excludes(one: WorkspaceApi, api: WorkspaceApi): boolean {
  const isSameVersion = (one.info.version ?? '').toLowerCase() === (api.info.version ?? '').toLowerCase();
  const isSameApi = one.info.id.toLowerCase() === api.info.id.toLowerCase() && one.space === api.space;
  if (isSameVersion) return !isSameApi || one.info.revision === api.info.revision;
  if (!one.versioning || !api.versioning || isSameApi) return false;
  return one.versioning.scheme !== api.versioning.scheme || one.versioning.name !== api.versioning.name;
}
