/** LINQ to JSON: the tree of tokens. */
import { exhausted } from '../../csharp/runtime/budget.ts';
import { argumentNull } from '../../csharp/runtime/exception.ts';
import type { Boxed, NetObject } from '../../csharp/runtime/values.ts';
import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import type { ListObject } from '../collections/contract.ts';
import { badIndex, badInsertIndex, collectionModified } from '../collections/errors.ts';
import { KeyValuePair } from '../collections/key-value-pair.ts';
import { cannotAdd, cannotModifyProperty, noParent, oneValueOnly, propertyExists } from './errors.ts';
import { appendName } from './escape.ts';
import { KIND } from './kinds.ts';
import { tokenDeclarations } from './token-types.ts';
import { compareValues, formattedScalar, kindOf, scalarText, simplified, valuesHash } from './values.ts';
import { tokenText } from './writer.ts';

const NAMESPACE = 'Newtonsoft.Json.Linq';

/** Levels of a tree that an expression builds; an object in an object takes two. */
const DEEPEST = 2000;

export abstract class JToken implements NetObject, Iterable<unknown> {
  parent: JContainer | null = null;
  /** Line and position where a parsed token ended (its start for containers); 0 for tokens that were not parsed. */
  line = 0;
  position = 0;
  annotations: unknown[] | undefined;

  abstract readonly kind: number;
  abstract readonly className: string;
  abstract clone(): JToken;
  abstract deepEquals(other: JToken): boolean;

  get netType(): TypeDeclaration {
    return tokenDeclarations[this.className] as TypeDeclaration;
  }
  get fullName(): string {
    return `${NAMESPACE}.${this.className}`;
  }
  get hasValues(): boolean {
    return false;
  }
  get children(): readonly JToken[] {
    return [];
  }
  [Symbol.iterator](): Iterator<unknown> {
    return this.children[Symbol.iterator]();
  }
  netToString(): string {
    return tokenText(this, true);
  }

  get root(): JToken {
    let token: JToken = this;
    while (token.parent !== null) token = token.parent;
    return token;
  }
  get index(): number {
    return this.parent === null ? -1 : this.parent.indexOf(this);
  }
  get next(): JToken | null {
    return this.parent?.children[this.index + 1] ?? null;
  }
  get previous(): JToken | null {
    return this.parent?.children[this.index - 1] ?? null;
  }
  get path(): string {
    const line = [...this.ancestors(true)].reverse();
    let path = '';
    for (const [at, token] of line.entries()) {
      if (token instanceof JProperty) path = appendName(path, token.name);
      else if (at > 0 && token.parent !== null && !(token.parent instanceof JProperty) && !(token.parent instanceof JObject))
        path += `[${token.index}]`;
    }
    return path;
  }

  *ancestors(self: boolean): Generator<JToken> {
    for (let token: JToken | null = self ? this : this.parent; token !== null; token = token.parent) yield token;
  }
  *descendants(self: boolean): Generator<JToken> {
    if (self) yield this;
    for (const child of this) {
      if (!(child instanceof JToken)) continue;
      yield child;
      yield* child.descendants(false);
    }
  }

  remove(): void {
    if (this.parent === null) throw noParent();
    this.parent.removeItem(this);
  }
  replace(value: JToken | null): void {
    if (this.parent === null) throw noParent();
    this.parent.replaceItem(this, value ?? JValue.null());
  }
  addBeside(content: unknown, offset: 0 | 1): void {
    if (this.parent === null) throw noParent();
    this.parent.addContent(this.index + offset, content);
  }
}

/** Content that is several tokens: any enumerable but text, bytes and tokens. */
function isMulti(content: unknown): content is Iterable<unknown> {
  if (typeof content !== 'object' || content === null) return false;
  return !(content instanceof JToken) && !(content instanceof Uint8Array) && Symbol.iterator in content;
}

/** Several values handed over as one piece of content: `new JArray(1, 2)`. */
export class ContentList {
  readonly items: Iterable<unknown>;

  constructor(items: Iterable<unknown>) {
    this.items = items;
  }
  [Symbol.iterator](): Iterator<unknown> {
    return this.items[Symbol.iterator]();
  }
}

export function toToken(content: unknown): JToken {
  return content instanceof JToken ? content : JValue.of(content);
}

export abstract class JContainer extends JToken implements ListObject {
  protected items: JToken[];
  protected version = 0;

  constructor(items: JToken[] = []) {
    super();
    this.items = items;
  }

  override get hasValues(): boolean {
    return this.items.length > 0;
  }
  override get children(): readonly JToken[] {
    return this.items;
  }
  override *[Symbol.iterator](): Generator<JToken> {
    const version = this.version;
    for (let at = 0; ; at += 1) {
      if (version !== this.version) throw collectionModified();
      const item = this.items[at];
      if (item === undefined) return;
      yield item;
    }
  }

  indexOf(token: unknown): number {
    return this.items.indexOf(token as JToken);
  }

  /** What may stand in the container; throws for anything else. */
  protected abstract validate(token: JToken, existing: JToken | null): void;

  addContent(index: number, content: unknown): void {
    if (!isMulti(content)) {
      this.insertItem(index, toToken(content));
      return;
    }
    let at = index;
    for (const part of content) {
      this.addContent(at, part);
      at += 1;
    }
  }

  /** A token that already has a parent, or holds this container, is copied. */
  protected adopt(token: JToken): JToken {
    if (token.parent !== null || token === this) return token.clone();
    return token.hasValues && this.isWithin(token) ? token.clone() : token;
  }
  /** A bound, since a tree that grows at its bottom would be walked up at each step, and no recursion could write it. */
  protected isWithin(token: JToken): boolean {
    let levels = 0;
    for (let at: JToken | null = this; at !== null; at = at.parent) {
      if (at === token) return true;
      levels += 1;
      if (levels > DEEPEST) throw exhausted(`${DEEPEST} nested JSON tokens`);
    }
    return false;
  }

  insertItem(index: number, item: JToken | null): void {
    if (index < 0 || index > this.items.length) throw badInsertIndex();
    const token = this.adopt(item ?? JValue.null());
    this.validate(token, null);
    token.parent = this;
    if (index === this.items.length) this.items.push(token);
    else this.items.splice(index, 0, token);
    this.version += 1;
  }
  setItem(index: number, item: JToken | null): void {
    const existing = this.items[index];
    if (existing === undefined) throw badIndex();
    if (existing === item || (item === null && existing instanceof JValue && existing.kind === KIND.Null)) return;
    const token = this.adopt(item ?? JValue.null());
    this.validate(token, existing);
    token.parent = this;
    existing.parent = null;
    this.items[index] = token;
    this.swapped(existing, token);
  }
  /** Lets an object follow the names of its properties. */
  protected swapped(_existing: JToken, _token: JToken): void {
    this.version += 1;
  }
  replaceItem(existing: JToken, replacement: JToken): void {
    this.setItem(this.indexOf(existing), replacement);
  }
  removeAt(index: number): void {
    const token = this.items[index];
    if (token === undefined) throw badIndex();
    this.items.splice(index, 1);
    token.parent = null;
    this.version += 1;
  }
  removeItem(token: JToken | null): boolean {
    const at = token === null ? -1 : this.indexOf(token);
    if (at >= 0) this.removeAt(at);
    return at >= 0;
  }
  clearItems(): void {
    for (const item of this.items) item.parent = null;
    this.items = [];
    this.version += 1;
  }
  /** Appends a freshly read token; the reader never shares tokens. */
  append(token: JToken): void {
    token.parent = this;
    this.items.push(token);
  }

  get netCount(): number {
    return this.items.length;
  }
  netGet(index: number): unknown {
    const item = this.items[index];
    if (item === undefined) throw badIndex();
    return item;
  }
  netSet(index: number, value: unknown): void {
    this.setItem(index, value as JToken | null);
  }
  netAdd(item: unknown): void {
    this.addContent(this.items.length, item);
  }
  netClear(): void {
    this.clearItems();
  }
  netContains(item: unknown): boolean {
    return this.indexOf(item) >= 0;
  }
  netRemove(item: unknown): boolean {
    return this.removeItem(item as JToken | null);
  }
  netIndexOf(item: unknown): number {
    return this.indexOf(item);
  }
  netInsert(index: number, item: unknown): void {
    this.insertItem(index, item as JToken | null);
  }
  netRemoveAt(index: number): void {
    this.removeAt(index);
  }

  protected copyChildren<T extends JContainer>(copy: T): T {
    for (const item of this.items) copy.append(item.clone());
    return copy;
  }
  protected sameChildren(other: JContainer): boolean {
    return this.items.length === other.items.length && this.items.every((item, at) => item.deepEquals(other.items[at] as JToken));
  }
}

export class JArray extends JContainer {
  get kind(): number {
    return KIND.Array;
  }
  get className(): 'JArray' {
    return 'JArray';
  }

  protected validate(token: JToken): void {
    if (token instanceof JProperty) throw cannotAdd(token.fullName, this.fullName);
  }
  clone(): JArray {
    return this.copyChildren(new JArray());
  }
  deepEquals(other: JToken): boolean {
    return other instanceof JArray && this.sameChildren(other);
  }
}

export class JConstructor extends JContainer {
  get kind(): number {
    return KIND.Constructor;
  }
  get className(): 'JConstructor' {
    return 'JConstructor';
  }
  name: string | null;

  constructor(name: string | null = null) {
    super();
    this.name = name;
  }
  protected validate(token: JToken): void {
    if (token instanceof JProperty) throw cannotAdd(token.fullName, this.fullName);
  }
  clone(): JConstructor {
    return this.copyChildren(new JConstructor(this.name));
  }
  deepEquals(other: JToken): boolean {
    return other instanceof JConstructor && other.name === this.name && this.sameChildren(other);
  }
}

/** What a property holds until it has its value; never changed, since a property takes a new array. */
const NO_ITEMS: JToken[] = [];

export class JProperty extends JContainer {
  get kind(): number {
    return KIND.Property;
  }
  get className(): 'JProperty' {
    return 'JProperty';
  }
  readonly name: string;

  constructor(name: string | null, content?: unknown) {
    super(NO_ITEMS);
    if (name === null) throw argumentNull('name');
    this.name = name;
    if (content === undefined) return;
    const token = this.adopt(isMulti(content) ? newArray(content) : toToken(content));
    this.validate(token);
    this.append(token);
  }

  /** An array of its own for the one value, since one that grows keeps room for many. */
  override append(token: JToken): void {
    token.parent = this;
    this.items = [token];
  }

  get value(): JToken | null {
    return this.items[0] ?? null;
  }
  set value(token: JToken | null) {
    if (this.items.length === 0) this.insertItem(0, token ?? JValue.null());
    else this.setItem(0, token);
  }
  protected validate(token: JToken): void {
    if (token instanceof JProperty) throw cannotAdd(token.fullName, this.fullName);
  }
  override insertItem(index: number, item: JToken | null): void {
    if (this.items.length > 0) throw oneValueOnly();
    if (index !== 0) throw badInsertIndex();
    const token = this.adopt(item ?? JValue.null());
    this.validate(token);
    this.append(token);
    this.version += 1;
  }
  override removeAt(_index: number): void {
    throw cannotModifyProperty();
  }
  override clearItems(): void {
    throw cannotModifyProperty();
  }
  clone(): JProperty {
    return this.copyChildren(new JProperty(this.name));
  }
  deepEquals(other: JToken): boolean {
    return other instanceof JProperty && other.name === this.name && this.sameChildren(other);
  }
}

function newArray(content: Iterable<unknown>): JArray {
  const array = new JArray();
  array.addContent(0, content);
  return array;
}

/** Up to so many properties are searched one by one. */
const SEARCHED = 8;

export class JObject extends JContainer {
  get kind(): number {
    return KIND.Object;
  }
  get className(): 'JObject' {
    return 'JObject';
  }
  /** Made at the first look into an object of more properties than a search takes as fast. */
  #names: Map<string, JProperty> | undefined;

  #find(name: string): JProperty | undefined {
    if (this.#names !== undefined) return this.#names.get(name);
    const properties = this.items as JProperty[];
    if (properties.length > SEARCHED) return this.#named(properties).get(name);
    for (let at = 0; at < properties.length; at += 1) if (properties[at]?.name === name) return properties[at];
    return undefined;
  }
  #named(properties: readonly JProperty[]): Map<string, JProperty> {
    this.#names = new Map(properties.map((one) => [one.name, one]));
    return this.#names;
  }
  protected validate(token: JToken, existing: JToken | null): void {
    if (!(token instanceof JProperty)) throw cannotAdd(token.fullName, this.fullName);
    const present = this.#find(token.name);
    if (present !== undefined && present !== existing) throw propertyExists(token.name, this.fullName);
  }
  property(name: string): JProperty | null {
    return this.#find(name) ?? null;
  }
  get properties(): readonly JProperty[] {
    return this.items as JProperty[];
  }
  getItem(name: string): JToken | null {
    return this.#find(name)?.value ?? null;
  }
  setProperty(name: string, value: JToken | null): void {
    const present = this.#find(name);
    if (present === undefined) this.insertItem(this.items.length, new JProperty(name, value ?? JValue.null()));
    else present.value = value;
  }
  override append(token: JToken): void {
    super.append(token);
    if (token instanceof JProperty) this.#names?.set(token.name, token);
  }
  override insertItem(index: number, item: JToken | null): void {
    super.insertItem(index, item);
    const token = this.items[index];
    if (token instanceof JProperty) this.#names?.set(token.name, token);
  }
  protected override swapped(existing: JToken, token: JToken): void {
    super.swapped(existing, token);
    if (existing instanceof JProperty) this.#names?.delete(existing.name);
    if (token instanceof JProperty) this.#names?.set(token.name, token);
  }
  override removeAt(index: number): void {
    const token = this.items[index];
    super.removeAt(index);
    if (token instanceof JProperty) this.#names?.delete(token.name);
  }
  override clearItems(): void {
    super.clearItems();
    this.#names = undefined;
  }
  override addContent(index: number, content: unknown): void {
    super.addContent(index, content);
  }
  clone(): JObject {
    return this.copyChildren(new JObject());
  }
  deepEquals(other: JToken): boolean {
    if (!(other instanceof JObject) || other.items.length !== this.items.length) return false;
    return this.properties.every((one) => {
      const match = other.property(one.name);
      return match?.deepEquals(one) === true;
    });
  }

  get netKeys(): Iterable<string> {
    return this.properties.map((one) => one.name);
  }
  get netValues(): Iterable<unknown> {
    return this.properties.map((one) => one.value);
  }
  netLookup(key: unknown): readonly [unknown] | undefined {
    if (key === null) throw argumentNull('propertyName');
    const property = this.#find(key as string);
    return property === undefined ? undefined : [property.value];
  }
  netSetItem(key: unknown, value: unknown): void {
    this.setProperty(key as string, value as JToken | null);
  }
  netAddItem(key: unknown, value: unknown): void {
    this.insertItem(this.items.length, new JProperty(key as string, value ?? JValue.null()));
  }
  netRemoveKey(key: unknown): boolean {
    return this.removeItem(this.property(key as string));
  }
  /** As pairs of name and token when that is wanted; see `ManyFaced`. */
  netItemsAs(element: Type): Iterable<unknown> | undefined {
    if (element.kind !== 'named' || element.definition.name !== 'KeyValuePair') return undefined;
    return pairsOf(this, element);
  }
}

/** A JObject as IEnumerable<KeyValuePair<string, JToken>>. */
function* pairsOf(object: JObject, pair: NamedType): Generator<KeyValuePair> {
  for (const property of object) if (property instanceof JProperty) yield new KeyValuePair(pair, property.name, property.value);
}

/** What a JValue holds: text, a long as bigint, a double as number, a bool; other value types boxed or as their objects; bytes. */
export type Scalar = string | bigint | number | boolean | Boxed | NetObject | Uint8Array | null;

export class JValue extends JToken {
  #value: Scalar;
  #kind: number;
  /** The text a parsed number or date had, kept when the reader is asked to. */
  raw: string | undefined;

  constructor(value: Scalar, kind: number) {
    super();
    this.#value = value;
    this.#kind = kind;
  }

  get className(): string {
    return this.#kind === KIND.Raw ? 'JRaw' : 'JValue';
  }
  get kind(): number {
    return this.#kind;
  }
  get value(): Scalar {
    return this.#value;
  }
  /** Setting a value of another type changes the kind; a raw or comment stays one for text. */
  set value(value: Scalar) {
    const keeps = typeof value === 'string' && (this.#kind === KIND.Comment || this.#kind === KIND.Raw);
    this.#value = value;
    if (!keeps) this.#kind = kindOf(value);
    this.raw = undefined;
  }

  static null(): JValue {
    return new JValue(null, KIND.Null);
  }
  static text(value: string | null): JValue {
    return value === null ? JValue.null() : new JValue(value, KIND.String);
  }
  /** From an object-represented value; ArgumentException for what JSON has no scalar for. */
  static of(content: unknown): JValue {
    const value = simplified(content);
    return new JValue(value, kindOf(value));
  }

  clone(): JValue {
    return new JValue(this.#value, this.#kind);
  }
  deepEquals(other: JToken): boolean {
    return other instanceof JValue && this.#kind === other.#kind && compareValues(this.#kind, this.#value, other.#value) === 0;
  }
  override netToString(): string {
    return this.#value === null ? '' : scalarText(this.#value);
  }
  /** By the value's own formats where it has any: `$"{token:F2}"`. */
  netFormat(format: string | null): string {
    return this.#value === null ? '' : formattedScalar(this.#value, format);
  }
  netEquals(other: unknown): boolean {
    return other instanceof JToken && this.deepEquals(other);
  }
  netHashCode(): number {
    return valuesHash(this.#value);
  }
  netCompareTo(other: unknown): number {
    if (!(other instanceof JValue)) return 1;
    const kind = this.#kind === KIND.String && this.#kind !== other.#kind ? other.#kind : this.#kind;
    return compareValues(kind, this.#value, other.#value);
  }
}
