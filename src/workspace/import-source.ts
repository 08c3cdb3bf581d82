/** What `portico import` takes: any layout, or an API definition that becomes an API of its own. */

import { statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { Diagnostic } from '../source/diagnostic.ts';
import { inOuterFile } from '../source/embedded.ts';
import { SourceFile } from '../source/source-file.ts';
import { span } from '../source/span.ts';
import { readDocument } from '../xml/reader.ts';
import { BASE_POLICY } from './base-policy.ts';
import { type Entry, type Environment, readConfig } from './config-file.ts';
import { Files } from './files.ts';
import { isTemplate } from './layouts/arm.ts';
import * as faults from './layouts/faults.ts';
import { layoutOf, readResources } from './layouts/read.ts';
import { normalizeOperationId } from './openapi.ts';
import { atOnce } from './paced.ts';
import { NO_YAML, readPorticoYaml } from './portico-yaml.ts';
import { Resource } from './resources.ts';
import { importWadl } from './wadl.ts';
import { importWsdl } from './wsdl.ts';

export interface ImportOptions {
  /** Name of the API that an API definition becomes. Default: its title. */
  readonly name?: string;
  /** Its path. Default: the name. */
  readonly path?: string;
  readonly environment: Environment;
  readonly shownFrom: string;
}

export interface ImportedSource {
  readonly root: Resource;
  readonly problems: readonly Diagnostic[];
}

export function importSource(path: string, options: ImportOptions): ImportedSource {
  const problems: Diagnostic[] = [];
  const files = new Files((problem) => problems.push(problem), options.environment, options.shownFrom);
  const root = read(files, path, options);
  return { root, problems: problems.map(inOuterFile) };
}

function read(files: Files, path: string, options: ImportOptions): Resource {
  if (statSync(path).isDirectory()) {
    if (layoutOf(path) === 'empty') report(files, path, faults.emptySource());
    return atOnce(readResources(files, path, false, parametersOf(files, path)));
  }
  const extension = extname(path).toLowerCase();
  const service = SERVICES[extension];
  if (service) return serviceOf(files, path, options, service);
  if (isDefinition(path)) return definitionOf(files, path, options);
  if (/^\.(?:xml|cshtml)$/.test(extension)) return documentOf(files, path);
  return atOnce(readResources(files, path, false, parametersOf(files, dirname(path))));
}

/** Whether the file is the definition of one API, which may be given a name and a path. */
export function isDefinition(path: string): boolean {
  if (statSync(path).isDirectory()) return false;
  const extension = extname(path).toLowerCase();
  return SERVICES[extension] !== undefined || (/^\.(?:json|ya?ml)$/.test(extension) && !isTemplate(path));
}

function parametersOf(files: Files, directory: string) {
  const entry = files.config(join(directory, 'portico.yaml'));
  return (entry ? readPorticoYaml(entry, directory) : NO_YAML).parameters;
}

function report(files: Files, path: string, fault: ReturnType<typeof faults.emptySource>): void {
  files.report({ severity: 'error', ...fault, file: new SourceFile(files.shown(path), ''), span: span(0) });
}

/** A lone document is the global one. */
function documentOf(files: Files, path: string): Resource {
  const root = new Resource('');
  root.policy = files.policy(path);
  return root;
}

/** OpenAPI 2.0, 3.0 or 3.1. */
function definitionOf(files: Files, path: string, options: ImportOptions): Resource {
  const root = new Resource('');
  const specification = files.openApi(path);
  if (!specification) return root;
  const { title, serviceUrl, operations } = specification.imported();
  if (operations.length > 0 || title !== undefined)
    addApi(root, { title: title ?? titleOf(path), serviceUrl }, options).specification = specification;
  return root;
}

const SERVICES: Readonly<Record<string, 'wsdl' | 'wadl' | 'graphql'>> = { '.wsdl': 'wsdl', '.wadl': 'wadl', '.graphql': 'graphql' };

const TYPES = { wsdl: { type: 'soap' }, wadl: {}, graphql: { type: 'graphql' } } as const;

function serviceOf(files: Files, path: string, options: ImportOptions, kind: 'wsdl' | 'wadl' | 'graphql'): Resource {
  const root = new Resource('');
  const text = files.text(path);
  if (text === undefined) return root;
  const imported = kind === 'wsdl' ? importWsdl(text) : kind === 'wadl' ? importWadl(text) : undefined;
  if (imported?.operations.length === 0) report(files, path, faults.emptySource());
  addApi(root, { title: titleOf(path), serviceUrl: imported?.serviceUrl, ...TYPES[kind] }, options).specification = {
    kind,
    source: new SourceFile(files.shown(path), text),
  };
  return root;
}

function titleOf(path: string): string {
  return basename(path, extname(path));
}

interface ApiOutline {
  readonly title: string;
  readonly serviceUrl: string | undefined;
  readonly type?: string;
}

/** The API as an import of the service makes it; keys are asked for only when somebody says so. */
function addApi(root: Resource, { title, serviceUrl, type }: ApiOutline, options: ImportOptions): Resource {
  const name = options.name ?? (normalizeOperationId(title) || 'api');
  const api = root.part('apis', name);
  const properties = {
    displayName: title,
    path: (options.path ?? name).replace(/^\/+|\/+$/g, ''),
    protocols: ['https'],
    ...(serviceUrl === undefined ? {} : { serviceUrl }),
    subscriptionRequired: false,
    apiRevision: '1',
    isCurrent: true,
    ...(type === undefined ? {} : { type }),
  };
  api.facts = entryOf(properties);
  api.policy = readDocument(BASE_POLICY, 'policy.xml').document;
  return api;
}

function entryOf(value: object): Entry {
  return readConfig(JSON.stringify(value), 'apiInformation.json', () => {});
}
