/** The service metadata of an OData API: what CSDL (OData 4.01, XML representation) says that URLs are checked with. */
import { readDocument } from '../../../xml/reader.ts';
import { attributeNamed, childElements, type XmlElement } from '../../../xml/tree.ts';

/** `Collection(N.T)` or `N.T`. */
export interface TypeName {
  readonly name: string;
  readonly isCollection: boolean;
}

/** An entity type or a complex type. */
export interface StructuredType {
  readonly name: string;
  readonly base: string | undefined;
  /** Open types have properties that nobody declares. */
  readonly isOpen: boolean;
  readonly keys: readonly string[];
  readonly properties: ReadonlyMap<string, TypeName>;
  readonly navigation: ReadonlyMap<string, TypeName>;
}

export interface Callable {
  readonly name: string;
  readonly isBound: boolean;
  readonly returns: TypeName | undefined;
}

/** What a name at the service root stands for. */
export type Resource =
  | { readonly kind: 'set' | 'singleton'; readonly type: string }
  | { readonly kind: 'call'; readonly returns: TypeName | undefined };

export interface Metadata {
  readonly types: ReadonlyMap<string, StructuredType>;
  readonly enums: ReadonlySet<string>;
  readonly calls: ReadonlyMap<string, Callable>;
  readonly resources: ReadonlyMap<string, Resource>;
}

/** Throws an Error for a text that is no metadata. */
export function readMetadata(text: string): Metadata {
  const { document, problems } = readDocument(text, '$metadata');
  const wrong = problems.find(({ severity }) => severity === 'error');
  if (wrong) throw new Error(wrong.message);
  const schemas = document.elements.flatMap((root) => descendants(root, 'Schema'));
  if (schemas.length === 0) throw new Error('the metadata has no Schema');
  const reader = new MetadataReader();
  for (const schema of schemas) reader.take(schema);
  return reader.finish(schemas);
}

class MetadataReader {
  readonly #types = new Map<string, StructuredType>();
  readonly #enums = new Set<string>();
  readonly #calls = new Map<string, Callable>();
  readonly #aliases = new Map<string, string>();
  readonly #resources = new Map<string, Resource>();

  take(schema: XmlElement): void {
    const namespace = text(schema, 'Namespace') ?? '';
    const alias = text(schema, 'Alias');
    if (alias !== undefined) this.#aliases.set(alias, namespace);
    for (const element of childElements(schema)) {
      const name = `${namespace}.${text(element, 'Name') ?? ''}`;
      const kind = localName(element);
      if (kind === 'EntityType' || kind === 'ComplexType') this.#types.set(name, this.#structured(element, name));
      else if (kind === 'EnumType' || kind === 'TypeDefinition') this.#enums.add(name);
      else if (kind === 'Function' || kind === 'Action') this.#calls.set(name, this.#callable(element, name));
    }
  }

  /** Containers name things of all schemas, so that they come last. */
  finish(schemas: readonly XmlElement[]): Metadata {
    const members = schemas.flatMap((schema) => childrenNamed(schema, 'EntityContainer')).flatMap(childElements);
    for (const member of members) this.#member(member);
    return { types: this.#types, enums: this.#enums, calls: this.#calls, resources: this.#resources };
  }

  #member(member: XmlElement): void {
    const name = text(member, 'Name') ?? '';
    switch (localName(member)) {
      case 'EntitySet':
        this.#resources.set(name, { kind: 'set', type: this.#full(text(member, 'EntityType') ?? '') });
        break;
      case 'Singleton':
        this.#resources.set(name, { kind: 'singleton', type: this.#full(text(member, 'Type') ?? '') });
        break;
      case 'FunctionImport':
      case 'ActionImport': {
        const target = this.#full(text(member, 'Function') ?? text(member, 'Action') ?? '');
        this.#resources.set(name, { kind: 'call', returns: this.#calls.get(target)?.returns });
      }
    }
  }

  #structured(element: XmlElement, name: string): StructuredType {
    const base = text(element, 'BaseType');
    const keys = childrenNamed(element, 'Key').flatMap(childElements);
    return {
      name,
      base: base === undefined ? undefined : this.#full(base),
      isOpen: text(element, 'OpenType') === 'true',
      keys: keys.map((key) => text(key, 'Name') ?? ''),
      properties: this.#members(element, 'Property'),
      navigation: this.#members(element, 'NavigationProperty'),
    };
  }

  #members(element: XmlElement, kind: string): Map<string, TypeName> {
    return new Map(childrenNamed(element, kind).map((one) => [text(one, 'Name') ?? '', this.#type(text(one, 'Type') ?? 'Edm.String')]));
  }

  #callable(element: XmlElement, name: string): Callable {
    const [returns] = childrenNamed(element, 'ReturnType');
    const type = returns && text(returns, 'Type');
    return { name, isBound: text(element, 'IsBound') === 'true', returns: type === undefined ? undefined : this.#type(type) };
  }

  #type(written: string): TypeName {
    const match = /^Collection\((.*)\)$/.exec(written);
    return { name: this.#full(match?.[1] ?? written), isCollection: match !== null };
  }

  #full(name: string): string {
    const at = name.lastIndexOf('.');
    const namespace = this.#aliases.get(name.slice(0, Math.max(at, 0)));
    return namespace === undefined ? name : `${namespace}${name.slice(at)}`;
  }
}

/** A member of a type or of what it is derived from. */
export function memberOf(metadata: Metadata, type: string, name: string): TypeName | undefined {
  const seen = new Set<string>();
  for (let current = metadata.types.get(type); current && !seen.has(current.name); current = metadata.types.get(current.base ?? '')) {
    seen.add(current.name);
    const found = current.properties.get(name) ?? current.navigation.get(name);
    if (found) return found;
    if (current.isOpen) return UNTYPED;
  }
  return undefined;
}

/** The type of what nobody declares. */
export const UNTYPED: TypeName = { name: 'Edm.Untyped', isCollection: false };

function localName({ name }: XmlElement): string {
  return name.slice(name.indexOf(':') + 1);
}

function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return childElements(element).filter((child) => localName(child) === name);
}

function descendants(element: XmlElement, name: string): XmlElement[] {
  if (localName(element) === name) return [element];
  return childElements(element).flatMap((child) => descendants(child, name));
}

function text(element: XmlElement, name: string): string | undefined {
  return attributeNamed(element, name)?.value.text.text;
}
