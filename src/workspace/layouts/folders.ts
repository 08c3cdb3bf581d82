/**
 * Folders of JSON files with documents beside them: the APIOps toolkit's layout, its older form with links as lists, and
 * the one of the APIOps CLI (gateway-model, sections 17.1 to 17.4). One reader takes them all, mixed ones too.
 */
import { existsSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { EmbeddedSource } from '../../source/embedded.ts';
import { SourceFile } from '../../source/source-file.ts';
import { span } from '../../source/span.ts';
import type { PolicyDocument } from '../../xml/tree.ts';
import type { Entry } from '../config-file.ts';
import { sameName, wrongType } from '../faults.ts';
import { entriesOf, type Files, foldersOf, isDirectory, plainName, startOf } from '../files.ts';
import { laidOver } from '../laid-over.ts';
import type { Paced } from '../paced.ts';
import type { Resource, Specification } from '../resources.ts';
import { otherForm } from './faults.ts';
import { type ScalarText, scalarText } from './json-text.ts';
import { readPolicyText } from './policy-text.ts';

/** A folder of resources: how it may be called, what the file in each is called, what lies in each. */
interface Kind {
  readonly folders: readonly string[];
  readonly collection: string;
  readonly files: readonly string[];
  readonly parts?: readonly Kind[];
  /** Lists of links in place of folders: `apis.json`. */
  readonly links?: readonly string[];
  /** Beside the file, with more of the same resource. */
  readonly more?: string;
  readonly isApi?: boolean;
}

const kind = (
  folder: string | readonly string[],
  collection: string,
  files: string | readonly string[],
  more: Partial<Kind> = {},
): Kind => ({
  folders: typeof folder === 'string' ? [folder] : folder,
  collection,
  files: typeof files === 'string' ? [files] : files,
  ...more,
});

const DIAGNOSTICS = kind('diagnostics', 'diagnostics', 'diagnosticInformation.json');
const LINKED_APIS = (file: string) => kind('apis', 'apis', file);

const API_PARTS: readonly Kind[] = [
  kind('operations', 'operations', 'operationInformation.json', { parts: [kind('tags', 'tags', 'tagInformation.json')] }),
  kind('resolvers', 'resolvers', 'resolverInformation.json'),
  kind('schemas', 'schemas', ['apiSchemaInformation.json', 'schemaInformation.json']),
  kind('releases', 'releases', ['apiReleaseInformation.json', 'releaseInformation.json']),
  kind('tags', 'tags', ['tagInformation.json', 'apiTagInformation.json']),
  kind(['tag descriptions', 'tagDescriptions'], 'tagDescriptions', 'tagDescriptionInformation.json'),
  kind('tools', 'tools', 'toolInformation.json'),
  DIAGNOSTICS,
];

const PRODUCT_PARTS: readonly Kind[] = [
  LINKED_APIS('productApiInformation.json'),
  kind('groups', 'groups', 'productGroupInformation.json'),
  kind('tags', 'tags', ['tagInformation.json', 'productTagInformation.json']),
];

const INSTANCE_PARTS: readonly Kind[] = [
  // The APIOps CLI puts what is MCP about an API into a file of its own.
  kind('apis', 'apis', 'apiInformation.json', { parts: API_PARTS, isApi: true, links: ['tags'], more: 'mcpServerInformation.json' }),
  kind('products', 'products', 'productInformation.json', { parts: PRODUCT_PARTS, links: ['apis', 'groups', 'tags'] }),
  kind('backends', 'backends', 'backendInformation.json'),
  kind('named values', 'namedValues', 'namedValueInformation.json'),
  kind(['policy fragments', 'fragments'], 'policyFragments', 'policyFragmentInformation.json'),
  kind(['version sets', 'apiVersionSets'], 'apiVersionSets', ['versionSetInformation.json', 'apiVersionSetInformation.json']),
  kind('subscriptions', 'subscriptions', 'subscriptionInformation.json'),
  kind('users', 'users', 'userInformation.json'),
  kind('groups', 'groups', 'groupInformation.json', { parts: [kind('users', 'users', 'groupUserInformation.json')], links: ['users'] }),
  kind('gateways', 'gateways', 'gatewayInformation.json', { parts: [LINKED_APIS('gatewayApiInformation.json')], links: ['apis'] }),
  kind('tags', 'tags', 'tagInformation.json', {
    parts: [LINKED_APIS('tagApiInformation.json'), kind('products', 'products', 'tagProductInformation.json')],
    links: ['apis', 'products'],
  }),
  kind('schemas', 'schemas', ['schemaInformation.json', 'apiSchemaInformation.json', 'globalSchemaInformation.json']),
  kind('loggers', 'loggers', 'loggerInformation.json'),
  kind('certificates', 'certificates', 'certificateInformation.json'),
  kind(['policy restrictions', 'policyRestrictions'], 'policyRestrictions', 'policyRestrictionInformation.json'),
  kind('documentations', 'documentations', 'documentationInformation.json'),
  DIAGNOSTICS,
];

const ROOT_PARTS: readonly Kind[] = [
  ...INSTANCE_PARTS,
  kind('workspaces', 'workspaces', 'workspaceInformation.json', { parts: INSTANCE_PARTS }),
];

/** Whether a directory holds anything of this layout. */
export function isFolderLayout(directory: string): boolean {
  const names = new Set(ROOT_PARTS.flatMap(({ folders }) => folders.map(plainName)));
  return entriesOf(directory).some(
    (entry) => entry.toLowerCase() === 'policy.xml' || (names.has(plainName(entry)) && isDirectory(join(directory, entry))),
  );
}

/** Whether it surely is one: a folder's name or a document alone may belong to Terraform files or templates beside it. */
export function isExport(directory: string): boolean {
  const kinds = new Map(ROOT_PARTS.flatMap((one) => one.folders.map((folder) => [plainName(folder), one] as const)));
  return foldersOf(directory).some(({ name, path }) => {
    const files = kinds.get(plainName(name))?.files ?? [];
    return foldersOf(path).some((resource) => files.some((file) => existsSync(join(resource.path, file))));
  });
}

export function* readFolders(files: Files, directory: string, root: Resource): Paced<void> {
  const document = entriesOf(directory).find((name) => name.toLowerCase() === 'policy.xml');
  root.policy = document === undefined ? undefined : files.policy(join(directory, document));
  yield* readParts(files, directory, ROOT_PARTS, root);
}

function* readParts(files: Files, directory: string, kinds: readonly Kind[], into: Resource): Paced<void> {
  const entries = entriesOf(directory).map((name) => ({ name, plain: plainName(name), path: join(directory, name) }));
  for (const one of kinds) {
    for (const { plain, path } of entries) {
      if (one.folders.some((folder) => plainName(folder) === plain) && isDirectory(path)) yield* readCollection(files, path, one, into);
    }
  }
}

function* readCollection(files: Files, directory: string, one: Kind, into: Resource): Paced<void> {
  for (const name of entriesOf(directory)) {
    const path = join(directory, name);
    const byVersion = one.isApi ? versionFolders(path) : [];
    yield;
    if (byVersion.length > 0) yield* readByVersion(files, path, byVersion, one, into);
    else if (isDirectory(path)) yield* readNamed(files, path, name, one, into);
    else if (one.collection === 'policyFragments' && /\.xml$/i.test(name))
      into.part(one.collection, basename(name, extname(name))).policy = files.policy(path);
    else reportLooseFile(files, path, one);
  }
}

/** What a name of each of these is called in messages; links of two forms are one. */
const NAMED: Readonly<Record<string, string>> = {
  'apiInformation.json': 'API',
  'operationInformation.json': 'operation',
  'productInformation.json': 'product',
  'backendInformation.json': 'backend',
  'namedValueInformation.json': 'named value',
  'policyFragmentInformation.json': 'fragment',
  'versionSetInformation.json': 'version set',
  'subscriptionInformation.json': 'subscription',
};

/** Folders may have names that differ in case, and collections that differ in spelling: the service knows one of them. */
function* readNamed(files: Files, path: string, folder: string, one: Kind, into: Resource): Paced<void> {
  const entries = entriesOf(path);
  const information = informationIn(files, path, entries, one);
  const name = nameInside(information, folder) ?? folder;
  const kind = NAMED[one.files[0] ?? ''];
  const other = kind === undefined ? undefined : into.find(one.collection, name)?.facts;
  const resource = into.part(one.collection, name);
  yield* readResource(files, path, { entries, information }, one, resource);
  if (kind !== undefined && other && resource.facts !== other) resource.facts?.report(sameName(kind, name), span(0));
}

/** The layout's first form calls folders by display names, and has the names of resources inside the files. */
function nameInside(information: Entry | undefined, folder: string): string | undefined {
  const properties = information?.get('properties');
  if (!properties?.exists || properties.get('displayName').plain() !== folder) return undefined;
  const name = information?.get('name').plain();
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** APIs lie in `apis/<display name>/<version>/<revision>/` there. */
function versionFolders(path: string): string[] {
  if (entriesOf(path).some((name) => /^(?:apiInformation\.json|policy\.xml|specification\..*)$/i.test(name))) return [];
  const revisions = foldersOf(path).flatMap((version) => foldersOf(version.path));
  return revisions.map((revision) => revision.path).filter((revision) => existsSync(join(revision, 'apiInformation.json')));
}

function* readByVersion(files: Files, path: string, folders: readonly string[], one: Kind, into: Resource): Paced<void> {
  const set = files.artifact(join(path, 'apiVersionSet.json'));
  const setName = set?.get('name').requiredText();
  if (set && setName !== undefined) into.part('apiVersionSets', setName).facts = propertiesOf(set);
  for (const folder of folders) {
    const name = files.artifact(join(folder, 'apiInformation.json'))?.get('name').requiredText();
    if (name !== undefined) yield* readNamed(files, folder, name, one, into);
  }
}

interface Folder {
  readonly entries: readonly string[];
  /** The file that tells of the resource, whole. */
  readonly information: Entry | undefined;
}

function informationIn(files: Files, path: string, entries: readonly string[], one: Kind): Entry | undefined {
  const file = entries.find((entry) => one.files.some((name) => name.toLowerCase() === entry.toLowerCase()));
  return file === undefined ? undefined : files.artifact(join(path, file));
}

function* readResource(files: Files, path: string, { entries, information }: Folder, one: Kind, resource: Resource): Paced<void> {
  if (!information) reportOtherForms(files, path, entries, one);
  if (information && !information.isMapping && (information.exists || information.context.file.text.trim() === ''))
    information.report(wrongType('', 'a mapping'));
  if (information) resource.facts = propertiesOf(information);
  const more = one.more !== undefined && resource.facts ? files.artifact(join(path, one.more)) : undefined;
  if (resource.facts && more) resource.facts = laidOver(resource.facts, propertiesOf(more));
  const document = entries.find((name) => name.toLowerCase() === 'policy.xml');
  resource.policy =
    (document === undefined ? inlinePolicy(files, resource.facts, one) : files.policy(join(path, document))) ?? resource.policy;
  if (one.isApi) resource.specification = specificationIn(files, path, entries) ?? resource.specification;
  if (one.isApi && !resource.specification) reportOtherDefinition(files, path, entries);
  for (const name of one.links ?? []) readLinks(files, join(path, `${name}.json`), name, resource);
  yield* readParts(files, path, one.parts ?? [], resource);
}

/** A file that looks like the one and is not: publishers pass it over without a word. */
function reportOtherForms(files: Files, path: string, entries: readonly string[], one: Kind): void {
  const stems = new Set(one.files.map((name) => plainName(name.replace(/\.json$/, ''))));
  const other = entries.find((name) => /\.(?:json|ya?ml)$/i.test(name) && stems.has(plainName(basename(name, extname(name)))));
  if (other !== undefined) reportOtherForm(files, join(path, other), one.files[0] ?? '');
}

function reportOtherForm(files: Files, path: string, place: string): void {
  const isSame = extname(path).toLowerCase() === extname(place).toLowerCase();
  files.report({ ...otherForm(place, isSame), file: new SourceFile(files.shown(path), ''), span: span(0) });
}

/** Resources as files where the layout has folders: `namedValues/audience.json`. */
function reportLooseFile(files: Files, path: string, one: Kind): void {
  const [file = ''] = one.files;
  if (NAMED[file] !== undefined && /\.json$/i.test(path) && /^\uFEFF?\s*\{\s*"properties"\s*:/.test(startOf(path, START)))
    reportOtherForm(files, path, `${basename(path, extname(path))}/${file}`);
}

/** An API definition under another name. */
function reportOtherDefinition(files: Files, path: string, entries: readonly string[]): void {
  const other = entries.find((name) => /\.(?:json|ya?ml)$/i.test(name) && DEFINITION.test(startOf(join(path, name), START)));
  if (other !== undefined) reportOtherForm(files, join(path, other), `specification${extname(other)}`);
}

/** Bytes that show what a file is. */
const START = 4000;

const DEFINITION = /^(?:\uFEFF?\s*\{\s*"(?:openapi|swagger)"|\uFEFF?["']?(?:openapi|swagger)["']?)\s*:\s*["']?[23]/m;

/** `properties` of a file in the management API's form; some files hold them bare. */
function propertiesOf(entry: Entry): Entry {
  const properties = entry.get('properties');
  return properties.exists ? properties : entry;
}

/** Fragments of the APIOps CLI hold their text in `properties.value`. */
function inlinePolicy(files: Files, facts: Entry | undefined, { collection }: Kind): PolicyDocument | undefined {
  const text = collection === 'policyFragments' ? facts?.get('value') : undefined;
  return text?.exists ? policyOf(text, facts?.get('format'), files) : undefined;
}

/** The policy document that an entry of a JSON file holds as text. */
function policyOf(text: Entry, format: Entry | undefined, files: Pick<Files, 'report'>): PolicyDocument | undefined {
  const content: ScalarText | undefined = scalarText(text);
  if (!content) return undefined;
  return readPolicyText(new EmbeddedSource(content), format?.choice(['xml', 'rawxml']), files.report);
}

/** Older artifacts and the CLI list links as `[{ "name": "…" }]`. */
function readLinks(files: Files, path: string, collection: string, resource: Resource): void {
  for (const item of files.artifact(path)?.items() ?? []) {
    const name = item.get('name').requiredText();
    if (name !== undefined) resource.part(collection, name).facts ??= item;
  }
}

const SPECIFICATION = /^specification\.(ya?ml|json|graphql|wsdl|wadl|edmx)$/i;

function specificationIn(files: Files, path: string, entries: readonly string[]): Specification | undefined {
  const name = entries.find((entry) => SPECIFICATION.test(entry));
  if (name === undefined) return undefined;
  const file = join(path, name);
  const extension = extname(name).slice(1).toLowerCase();
  if (extension === 'graphql' || extension === 'wsdl' || extension === 'wadl' || extension === 'edmx') {
    const text = existsSync(file) ? files.text(file) : undefined;
    return text === undefined ? undefined : { kind: extension, source: new SourceFile(files.shown(file), text) };
  }
  return files.openApi(file);
}
