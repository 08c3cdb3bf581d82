/** What an instance consists of, under the names of the management API, whatever layout on disk it was read from. */
import type { SourceFile } from '../source/source-file.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import type { Entry } from './config-file.ts';
import type { OpenApiSpecification } from './parsed-file.ts';

/** The API definition behind an API. */
export type Specification = OpenApiSpecification | { readonly kind: 'graphql' | 'wsdl' | 'wadl' | 'edmx'; readonly source: SourceFile };

/** A resource with its parts by collection: `apis`, `operations`, `policyFragments` … */
export class Resource {
  /** The last segment of its id; display names are something else. */
  readonly name: string;
  /** Its `properties`. */
  facts: Entry | undefined;
  policy: PolicyDocument | undefined;
  specification: Specification | undefined;
  readonly #parts = new Map<string, Map<string, Resource>>();

  constructor(name: string) {
    this.name = name;
  }

  /** The part of that name, made when it is first spoken of. Names of resources ignore case. */
  part(collection: string, name: string): Resource {
    let parts = this.#parts.get(collection);
    if (!parts) {
      parts = new Map();
      this.#parts.set(collection, parts);
    }
    const key = name.toLowerCase();
    let found = parts.get(key);
    if (!found) {
      found = new Resource(name);
      parts.set(key, found);
    }
    return found;
  }

  find(collection: string, name: string): Resource | undefined {
    return this.#parts.get(collection)?.get(name.toLowerCase());
  }

  /** All parts of a collection, in the order in which they were met. */
  all(collection: string): readonly Resource[] {
    return [...(this.#parts.get(collection)?.values() ?? [])];
  }

  get collections(): readonly string[] {
    return [...this.#parts.keys()];
  }

  /** Whether nothing is known of it and of its parts; an export may hold named values or fragments alone. */
  get isEmpty(): boolean {
    if (this.facts || this.policy || this.specification) return false;
    return this.collections.every((collection) => this.all(collection).every(({ isEmpty }) => isEmpty));
  }
}

/** The policy documents of a resource and of all its parts. */
export function documentsBelow(resource: Resource): PolicyDocument[] {
  const parts = resource.collections.flatMap((collection) => resource.all(collection)).flatMap(documentsBelow);
  return resource.policy ? [resource.policy, ...parts] : parts;
}

/** The last segment of `/apiVersionSets/x` or of a full resource id. */
export function lastSegment(id: string): string {
  return id.split('/').filter(Boolean).pop() ?? id;
}

/** What a link is to: links of newer API versions carry the id as a property, and any name. */
export function linkedName({ name, facts }: Resource, property: 'apiId' | 'groupId'): string {
  const id = facts?.get(property).text();
  return (id === undefined ? name : lastSegment(id)).replace(/;rev=.*$/, '');
}
