/** The files of the native layout (APIOps toolkit, gateway-model section 17.1) for resources of any layout. */
import type { PolicyDocument } from '../xml/tree.ts';
import { lastSegment, linkedName, type Resource } from './resources.ts';

export interface NativeFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface NativeFiles {
  readonly files: readonly NativeFile[];
  /** Secret named values, whose values are not written. */
  readonly secrets: readonly string[];
  /** Names that no folder can have. */
  readonly badNames: readonly string[];
}

interface Folder {
  readonly collection: string;
  readonly folder: string;
  readonly file: string;
  readonly parts?: readonly Folder[];
  /** A link: the file is written even when there is nothing to say. */
  readonly isLink?: boolean;
}

const folder = (collection: string, name: string, file: string, more: Partial<Folder> = {}): Folder => ({
  collection,
  folder: name,
  file,
  ...more,
});
const link = (collection: string, file: string): Folder => folder(collection, collection, file, { isLink: true });

/** Tags of an API, a product or an operation; most say nothing but their name. */
const TAGS = link('tags', 'tagInformation.json');

const INSTANCE: readonly Folder[] = [
  folder('apis', 'apis', 'apiInformation.json', {
    parts: [
      folder('operations', 'operations', 'operationInformation.json', { parts: [TAGS] }),
      folder('resolvers', 'resolvers', 'resolverInformation.json'),
      folder('schemas', 'schemas', 'apiSchemaInformation.json'),
      folder('diagnostics', 'diagnostics', 'diagnosticInformation.json'),
      folder('releases', 'releases', 'apiReleaseInformation.json'),
      folder('tools', 'tools', 'toolInformation.json'),
      folder('tagDescriptions', 'tagDescriptions', 'tagDescriptionInformation.json'),
      TAGS,
    ],
  }),
  folder('products', 'products', 'productInformation.json', {
    parts: [link('apis', 'productApiInformation.json'), link('groups', 'productGroupInformation.json'), TAGS],
  }),
  folder('backends', 'backends', 'backendInformation.json'),
  folder('namedValues', 'named values', 'namedValueInformation.json'),
  folder('policyFragments', 'policy fragments', 'policyFragmentInformation.json'),
  folder('apiVersionSets', 'version sets', 'versionSetInformation.json'),
  folder('subscriptions', 'subscriptions', 'subscriptionInformation.json'),
  folder('users', 'users', 'userInformation.json'),
  folder('groups', 'groups', 'groupInformation.json', { parts: [link('users', 'groupUserInformation.json')] }),
  folder('gateways', 'gateways', 'gatewayInformation.json', { parts: [link('apis', 'gatewayApiInformation.json')] }),
  folder('tags', 'tags', 'tagInformation.json', {
    parts: [link('apis', 'tagApiInformation.json'), link('products', 'tagProductInformation.json')],
  }),
  folder('schemas', 'schemas', 'schemaInformation.json'),
  folder('loggers', 'loggers', 'loggerInformation.json'),
  folder('certificates', 'certificates', 'certificateInformation.json'),
  folder('diagnostics', 'diagnostics', 'diagnosticInformation.json'),
  folder('policyRestrictions', 'policyRestrictions', 'policyRestrictionInformation.json'),
  folder('documentations', 'documentations', 'documentationInformation.json'),
];

const ROOT: readonly Folder[] = [...INSTANCE, folder('workspaces', 'workspaces', 'workspaceInformation.json', { parts: INSTANCE })];

export function nativeFiles(root: Resource): NativeFiles {
  const writer = new Writer();
  writer.policy('', root.policy);
  writer.parts('', root, ROOT);
  return writer;
}

class Writer implements NativeFiles {
  readonly files: NativeFile[] = [];
  readonly secrets: string[] = [];
  readonly badNames: string[] = [];

  policy(directory: string, document: PolicyDocument | undefined): void {
    if (document) this.#add(`${directory}policy.xml`, withLineEnd(document.file.text));
  }

  parts(directory: string, resource: Resource, folders: readonly Folder[]): void {
    for (const one of folders) {
      for (const part of resource.all(one.collection)) {
        const name = one.isLink ? targetOf(part, one) : part.name;
        if (isFolderName(name)) this.#resource(`${directory}${one.folder}/${name}/`, part, one);
        else this.badNames.push(name);
      }
    }
  }

  #resource(directory: string, resource: Resource, one: Folder): void {
    const facts = this.#factsOf(resource, one);
    if (facts !== undefined) this.#add(directory + one.file, `${JSON.stringify(facts, undefined, 2)}\n`);
    this.policy(directory, resource.policy);
    this.#specification(directory, resource);
    this.parts(directory, resource, one.parts ?? []);
  }

  #factsOf({ name, facts }: Resource, { collection, isLink }: Folder): object | undefined {
    if (isLink) return {};
    const plain = facts?.plain();
    if (typeof plain !== 'object' || plain === null) return undefined;
    const properties = { ...(plain as Readonly<Record<string, unknown>>) };
    if (collection === 'namedValues' && properties.secret === true && 'value' in properties) {
      this.secrets.push(typeof properties.displayName === 'string' ? properties.displayName : name);
      delete properties.value;
    }
    // Texts that have files of their own.
    if (collection === 'apis' || collection === 'policyFragments')
      for (const inline of ['format', 'value', 'import']) delete properties[inline];
    if (typeof properties.apiVersionSetId === 'string')
      properties.apiVersionSetId = `/apiVersionSets/${lastSegment(properties.apiVersionSetId)}`;
    return { properties };
  }

  #specification(directory: string, { specification }: Resource): void {
    if (!specification) return;
    if (specification.kind === 'openapi') {
      const { text } = specification.source;
      this.#add(`${directory}specification.${/^\uFEFF?\s*\{/.test(text) ? 'json' : 'yaml'}`, withLineEnd(text));
    } else this.#add(`${directory}specification.${specification.kind}`, withLineEnd(specification.source.text));
  }

  #add(path: string, text: string): void {
    this.files.push({ path, text });
  }
}

function withLineEnd(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** The folder of a link bears the name of what it is to. */
function targetOf(part: Resource, { collection }: Folder): string {
  return collection === 'apis' || collection === 'groups' ? linkedName(part, collection === 'apis' ? 'apiId' : 'groupId') : part.name;
}

/** A name from a template may be anything; a folder's may not. */
function isFolderName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\u0000-\u001f]/.test(name);
}
