/** XName and XNamespace: equal by value, which .NET makes one object of. */
import { objectHash } from '../../csharp/runtime/equality.ts';
import { argument, argumentNull, NetException } from '../../csharp/runtime/exception.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';

type Text = string | null;

export const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
export const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';

const NAME_START = /^[\p{L}\p{Nl}_]/u;
const NAME_REST = /[^\p{L}\p{Nl}\p{M}\p{Nd}._\-\u00b7]/u;

/** Throws XmlException for what is no name without a colon. */
export function verifyName(name: string): string {
  const first = [...name][0] ?? '';
  if (name === '') throw argument("The empty string '' is not a valid local name.", 'name');
  if (!NAME_START.test(name)) throw badCharacter(first, 'Name cannot begin with the');
  const bad = NAME_REST.exec(name)?.[0];
  if (bad !== undefined) throw badCharacter(bad, 'The');
  return name;
}

function badCharacter(character: string, start: string): NetException {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0');
  const end = start === 'The' ? ' cannot be included in a name.' : '.';
  const comma = start === 'The' ? ',' : '';
  return new NetException('System.Xml.XmlException', `${start} '${character}' character, hexadecimal value 0x${hex}${comma}${end}`);
}

/** A System.Xml.Linq.XNamespace. */
export class NamespaceValue implements NetObject {
  readonly uri: string;

  constructor(uri: string) {
    this.uri = uri;
  }

  get netType(): TypeDeclaration {
    return namespaceType;
  }

  netToString(): string {
    return this.uri;
  }

  netEquals(other: unknown): boolean {
    return other instanceof NamespaceValue && other.uri === this.uri;
  }

  netHashCode(): number {
    return objectHash(this.uri);
  }
}

/** A System.Xml.Linq.XName. */
export class NameValue implements NetObject {
  readonly local: string;
  readonly uri: string;

  constructor(local: string, uri = '') {
    this.local = local;
    this.uri = uri;
  }

  get netType(): TypeDeclaration {
    return nameType;
  }

  netToString(): string {
    return this.uri === '' ? this.local : `{${this.uri}}${this.local}`;
  }

  netEquals(other: unknown): boolean {
    return other instanceof NameValue && other.local === this.local && other.uri === this.uri;
  }

  netHashCode(): number {
    return objectHash(this.netToString());
  }

  is(other: NameValue | null): boolean {
    return other !== null && other.local === this.local && other.uri === this.uri;
  }
}

/** A name that the parser has already checked, or `{namespace}local` as written in code. */
function expandedName(text: string): NameValue {
  if (text === '') throw argument(`'${text}' is an invalid expanded name.`);
  if (!text.startsWith('{')) return new NameValue(verifyName(text));
  const end = text.lastIndexOf('}');
  if (end <= 1 || end === text.length - 1) throw argument(`'${text}' is an invalid expanded name.`);
  return new NameValue(verifyName(text.slice(end + 1)), text.slice(1, end));
}

function getName(text: Text): NameValue {
  if (text === null) throw argumentNull('expandedName');
  return expandedName(text);
}

function getNamespace(text: Text): NamespaceValue {
  if (text === null) throw argumentNull('namespaceName');
  return new NamespaceValue(text);
}

function same(a: NetObject | null, b: NetObject | null): boolean {
  return a === b || (a?.netEquals?.(b) ?? false);
}

function differ(a: NetObject | null, b: NetObject | null): boolean {
  return !same(a, b);
}

export const nameType: TypeDeclaration = declareType('class System.Xml.Linq.XName : IEquatable<XName>', 'all', {
  'static implicit operator XName(string expandedName)': (text: Text) => (text === null ? null : expandedName(text)),
  'static bool operator ==(XName left, XName right)': same,
  'static bool operator !=(XName left, XName right)': differ,
  'static XName Get(string expandedName)': getName,
  'static XName Get(string localName, string namespaceName)': (local: Text, uri: Text) => new NameValue(verifyName(local ?? ''), uri ?? ''),
  'string LocalName { get; }': (name: NameValue) => name.local,
  'XNamespace Namespace { get; }': (name: NameValue) => new NamespaceValue(name.uri),
  'string NamespaceName { get; }': (name: NameValue) => name.uri,
  'bool Equals(object obj)': (name: NameValue, other: unknown) => name.netEquals(other),
  'int GetHashCode()': (name: NameValue) => name.netHashCode(),
  'string ToString()': (name: NameValue) => name.netToString(),
});

export const namespaceType: TypeDeclaration = declareType('class System.Xml.Linq.XNamespace', 'all', {
  'static implicit operator XNamespace(string namespaceName)': (text: Text) => (text === null ? null : new NamespaceValue(text)),
  'static XName operator +(XNamespace ns, string localName)': (namespace: NamespaceValue | null, local: Text) => {
    if (namespace === null) throw argumentNull('ns');
    return new NameValue(verifyName(local ?? ''), namespace.uri);
  },
  'static bool operator ==(XNamespace left, XNamespace right)': same,
  'static bool operator !=(XNamespace left, XNamespace right)': differ,
  'static XNamespace Get(string namespaceName)': getNamespace,
  'static XNamespace None { get; }': () => new NamespaceValue(''),
  'static XNamespace Xml { get; }': () => new NamespaceValue(XML_NAMESPACE),
  'static XNamespace Xmlns { get; }': () => new NamespaceValue(XMLNS_NAMESPACE),
  'XName GetName(string localName)': (namespace: NamespaceValue, local: Text) => new NameValue(verifyName(local ?? ''), namespace.uri),
  'string NamespaceName { get; }': (namespace: NamespaceValue) => namespace.uri,
  'bool Equals(object obj)': (namespace: NamespaceValue, other: unknown) => namespace.netEquals(other),
  'int GetHashCode()': (namespace: NamespaceValue) => namespace.netHashCode(),
  'string ToString()': (namespace: NamespaceValue) => namespace.uri,
});
