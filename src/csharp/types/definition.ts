/** A declared type as the table holds it: the header is read at once, bases and members at first use. */
import type { TypeDeclaration } from './declare.ts';
import { buildEnumMembers, buildInvoke, buildMember } from './members.ts';
import type { Resolver } from './resolve.ts';
import type { HeaderSyntax } from './signature.ts';
import { memberName, readHeader } from './signature.ts';
import type { Listed, Member, Method, NamedType, TypeDefinition, TypeKind, TypeParameter } from './type.ts';

export class Definition implements TypeDefinition {
  readonly name: string;
  readonly namespace: string;
  readonly fullName: string;
  readonly containing?: TypeDefinition;
  readonly typeKind: TypeKind;
  readonly typeParameters: readonly TypeParameter[];
  readonly variance: readonly ('in' | 'out' | undefined)[];
  readonly keyword?: string;
  readonly isAbstract: boolean;
  readonly isSealed: boolean;
  readonly isFlags: boolean;
  readonly listed: Listed;
  readonly enumValues?: ReadonlyMap<string, number>;
  readonly enumUnderlying?: string;
  readonly declaration: TypeDeclaration;
  readonly #header: HeaderSyntax;
  readonly #resolver: Resolver;
  #bases: { baseType: NamedType | undefined; interfaces: readonly NamedType[] } | undefined;
  #index: ReadonlyMap<string, readonly string[]> | undefined;
  #invoke: Method | undefined;
  readonly #members = new Map<string, readonly Member[]>();

  constructor(declaration: TypeDeclaration, header: HeaderSyntax, resolver: Resolver, containing: Definition | undefined) {
    const dot = header.fullName.lastIndexOf('.');
    this.declaration = declaration;
    this.#header = header;
    this.#resolver = resolver;
    this.name = header.fullName.slice(dot + 1);
    this.namespace = containing === undefined ? header.fullName.slice(0, Math.max(dot, 0)) : containing.namespace;
    this.fullName = header.fullName;
    this.typeKind = header.kind;
    this.typeParameters = header.typeParameters.map((parameter) => ({
      kind: 'typeParameter',
      name: parameter.name,
      ...(parameter.constraint === undefined ? {} : { constraint: parameter.constraint }),
    }));
    this.variance = header.typeParameters.map((parameter) => parameter.variance);
    this.isAbstract = header.isAbstract || header.kind === 'interface' || header.kind === 'static class';
    this.isSealed = header.isSealed || (header.kind !== 'class' && header.kind !== 'interface') || header.fullName === 'System.String';
    this.isFlags = header.isFlags;
    this.listed = declaration.listed;
    if (containing !== undefined) this.containing = containing;
    if (declaration.keyword !== undefined) this.keyword = declaration.keyword;
    if (header.kind === 'enum') {
      this.enumValues = new Map(Object.entries(declaration.values ?? {}));
      this.enumUnderlying = header.bases[0]?.segments[0]?.name ?? 'int';
    }
  }

  get baseType(): NamedType | undefined {
    return this.#readBases().baseType;
  }
  get interfaces(): readonly NamedType[] {
    return this.#readBases().interfaces;
  }
  get invoke(): Method | undefined {
    if (this.typeKind !== 'delegate') return undefined;
    this.#invoke ??= buildInvoke(this, this.#header, this.#resolver);
    return this.#invoke;
  }
  get members(): readonly Member[] {
    return [...this.#names().keys()].flatMap((name) => this.#read(name));
  }
  membersNamed(name: string): readonly Member[] {
    if (!name.startsWith('op_')) return this.#read(name);
    return this.#read('operator').filter((member) => member.name === name);
  }

  #read(name: string): readonly Member[] {
    let found = this.#members.get(name);
    if (found === undefined) {
      found = this.#build(name);
      this.#members.set(name, found);
    }
    return found;
  }

  #build(name: string): readonly Member[] {
    if (this.typeKind === 'enum') return buildEnumMembers(this, this.#resolver, name);
    if (this.typeKind === 'delegate' && name === 'Invoke' && this.invoke !== undefined) return [this.invoke];
    return (this.#names().get(name) ?? []).map((signature) => {
      const value = this.declaration.members[signature];
      if (value === undefined) throw new Error(`${this.fullName}: '${signature}' has no implementation`);
      return buildMember(this, signature, value, this.#resolver);
    });
  }

  #names(): ReadonlyMap<string, readonly string[]> {
    this.#index ??=
      this.typeKind === 'enum' ? new Map([...(this.enumValues?.keys() ?? [])].map((name) => [name, []])) : this.#indexMembers();
    return this.#index;
  }

  #indexMembers(): ReadonlyMap<string, readonly string[]> {
    const index = new Map<string, string[]>();
    if (this.typeKind === 'delegate') index.set('Invoke', []);
    for (const signature of Object.keys(this.declaration.members)) {
      const name = memberName(signature, this.name);
      const same = index.get(name);
      if (same === undefined) index.set(name, [signature]);
      else same.push(signature);
    }
    return index;
  }

  #readBases(): { baseType: NamedType | undefined; interfaces: readonly NamedType[] } {
    this.#bases ??= this.#resolveBases();
    return this.#bases;
  }

  #resolveBases(): { baseType: NamedType | undefined; interfaces: readonly NamedType[] } {
    if (this.typeKind === 'enum')
      return { baseType: this.#resolver.wellKnown('System.Enum', 'System.ValueType', 'System.Object'), interfaces: [] };
    const bases = this.#header.bases.map((name) => this.#resolver.named(name, this));
    const isClass = bases[0] !== undefined && bases[0].definition.typeKind !== 'interface';
    return { baseType: isClass ? bases[0] : this.#defaultBase(), interfaces: isClass ? bases.slice(1) : bases };
  }

  #defaultBase(): NamedType | undefined {
    switch (this.typeKind) {
      case 'interface':
        return undefined;
      case 'struct':
        return this.#resolver.wellKnown('System.ValueType', 'System.Object');
      case 'delegate':
        return this.#resolver.wellKnown('System.MulticastDelegate', 'System.Delegate', 'System.Object');
      default:
        return this.fullName === 'System.Object' ? undefined : this.#resolver.wellKnown('System.Object');
    }
  }
}

/** Reads the headers of declarations, containing types first. */
export function makeDefinitions(declarations: readonly TypeDeclaration[], resolver: Resolver): Definition[] {
  const made = new Map<string, Definition>();
  const waiting: { declaration: TypeDeclaration; header: HeaderSyntax }[] = [];
  const all: Definition[] = [];
  const make = (declaration: TypeDeclaration, header: HeaderSyntax, containing?: Definition): void => {
    const definition = new Definition(declaration, header, resolver, containing);
    all.push(definition);
    if (!made.has(definition.fullName)) made.set(definition.fullName, definition);
  };
  for (const declaration of declarations) {
    const header = readHeader(declaration.header);
    if (declaration.nestedIn === undefined) make(declaration, header);
    else waiting.push({ declaration, header });
  }
  for (const { declaration, header } of waiting) {
    const containing = made.get(declaration.nestedIn?.replace(/[<`].*$/, '') ?? '');
    if (containing === undefined) throw new Error(`${header.fullName}: '${declaration.nestedIn}' is not declared`);
    make(declaration, header, containing);
  }
  return all;
}
