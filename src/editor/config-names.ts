/** Names of named values, backends and fragments in the YAML and JSON files of a directory: portico.yaml, exported facts, tests. */
import { basename, dirname, resolve } from 'node:path';
import { isMap, isScalar, isSeq, type Node, parseDocument, type Scalar } from 'yaml';
import { namedValueReferences } from '../pipeline/named-values.ts';
import type { SourceFile } from '../source/source-file.ts';
import { span } from '../source/span.ts';
import type { NameKind, NameUse } from './names.ts';

/** Mappings whose keys are names, and lists whose items are. */
const KEYED: Readonly<Record<string, NameKind>> = { 'named-values': 'named value', backends: 'backend' };
/** Of the publisher's and the extractor's configuration, too. */
const LISTED: Readonly<Record<string, NameKind>> = {
  namedValues: 'named value',
  namedValueNames: 'named value',
  backends: 'backend',
  backendNames: 'backend',
  policyFragments: 'fragment',
  policyFragmentNames: 'fragment',
};
/** Ends of resource ids. */
const IDS: readonly [RegExp, NameKind][] = [
  [/(?:^|\/)backends\/([^/]+)$/i, 'backend'],
  [/(?:^|\/)policyFragments\/([^/]+)$/i, 'fragment'],
];

/** Every name in the file; nothing where it cannot be read. */
export function configNames(file: SourceFile): NameUse[] {
  const found: NameUse[] = [];
  const text = file.text.replace(/^\uFEFF/, ' ');
  const { contents } = parseDocument(text, { prettyErrors: false, maxAliasCount: 0 } as object);
  new Walk(file, (use) => found.push(use)).visit(contents, []);
  return found;
}

class Walk {
  readonly #file: SourceFile;
  readonly #found: (use: NameUse) => void;
  readonly #isTest: boolean;

  constructor(file: SourceFile, found: (use: NameUse) => void) {
    this.#file = file;
    this.#found = found;
    this.#isTest = /\.test\.ya?ml$/i.test(file.name);
  }

  visit(node: unknown, path: readonly string[]): void {
    if (isMap(node)) for (const { key, value } of node.items) this.#member(key, value, path);
    else if (isSeq(node)) for (const item of node.items) this.#item(item, path);
    else if (isScalar(node) && typeof node.value === 'string') this.#scalar(node as Scalar<string>, path);
  }

  #member(key: unknown, value: unknown, path: readonly string[]): void {
    const name = isScalar(key) ? String(key.value) : '';
    const kind = KEYED[path[path.length - 1] ?? ''];
    if (kind !== undefined && isScalar(key) && !isSeq(value)) this.#add(kind, name, key, !this.#isTest);
    this.visit(value, [...path, name]);
  }

  #item(item: unknown, path: readonly string[]): void {
    const last = path[path.length - 1] ?? '';
    const kind = LISTED[last] ?? (last === 'services' && path[path.length - 2] === 'pool' ? 'backend' : undefined);
    const named = isMap(item) ? (item.get('name', true) ?? item.get('id', true)) : item;
    if (kind !== undefined && isScalar(named)) this.#add(kind, String(named.value), named as Node, false);
    this.visit(item, [...path, '']);
  }

  #scalar(node: Scalar<string>, path: readonly string[]): void {
    const key = path[path.length - 1] ?? '';
    for (const { name } of namedValueReferences(node.value)) this.#add('named value', name, node, false);
    if (key === 'backendId' || key === 'backend-id') this.#add('backend', node.value, node, false);
    if (key === 'displayName' && basename(this.#file.name) === 'namedValueInformation.json')
      this.#add('named value', node.value, node, true);
    for (const [pattern, kind] of IDS) {
      const id = pattern.exec(node.value)?.[1];
      if (id !== undefined) this.#add(kind, id, node, false, true);
    }
    const fragment = key === 'policies' && this.#isTest ? fragmentFolder(node.value) : undefined;
    if (fragment !== undefined) this.#add('fragment', fragment, node, false);
  }

  /** `last`: the name is the end of the text. */
  #add(kind: NameKind, name: string, node: Node, isDefinition: boolean, last = false): void {
    const [from = 0, to = 0] = node.range ?? [];
    const written = this.#file.text.slice(from, to);
    const at = last ? written.lastIndexOf(name) : written.indexOf(name);
    if (at >= 0) this.#found({ kind, name, file: this.#file, span: span(from + at, from + at + name.length), isDefinition });
  }
}

/** Of `../policy fragments/hello/policy.xml` the folder, of `../fragments/hello.xml` the name. */
function fragmentFolder(path: string): string | undefined {
  return /(?:^|[\\/])(?:policy[ _-]?)?fragments[\\/]([^\\/]+?)(?:[\\/][^\\/]+\.xml|\.xml)?$/i.exec(path)?.[1];
}

/** Whether a file of a directory may hold names: no specifications, which may be large. */
export function mayHoldNames(path: string): boolean {
  return /\.(?:json|ya?ml)$/i.test(path) && !/^(?:specification|openapi|swagger)\b/i.test(basename(path));
}

/** The folder that stands for a backend in an exported directory: its name is the backend's. */
export function backendFolder(path: string, id: string): string | undefined {
  const folder = dirname(resolve(path));
  return basename(path) === 'backendInformation.json' && basename(folder) === id ? folder : undefined;
}
