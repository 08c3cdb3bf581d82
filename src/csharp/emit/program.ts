/**
 * What a whole emitted program shares: its constants, its names, what its receivers stand for. Every name in emitted code
 * is made here from a letter and a number, so no text of a policy ever becomes code.
 */

import type { Span } from '../../source/span.ts';
import type { BoundExpression, LocalFunctionSymbol, LocalSymbol, ReceiverSymbol } from '../check/bound.ts';
import type { Budget } from '../runtime/budget.ts';
import { TypeObject } from '../runtime/values.ts';
import type { TypeTable } from '../types/table.ts';
import type { Type } from '../types/type.ts';

/** Counts the ways that a program takes, and its statements. */
export interface EmitProbes {
  /** Gives a way its number; the same place always the same. `kind`: `&&`, `||`, `?:`, `??`, `if`, with how it went; `statement`. */
  declare(way: Span, kind: string): number;
  readonly hit: (number: number) => void;
}

/** Stops before statements, for a debugger. */
export interface EmitStops {
  /** Gives a statement its number; `locals` are those that were declared before it, some perhaps out of scope there. */
  declare(place: Span, locals: readonly LocalSymbol[]): number;
  readonly at: StopAt;
}

/** Called before the statement runs, with ways to read and to write the locals; one that is out of scope throws. */
export type StopAt = (
  budget: Budget,
  number: number,
  read: readonly (() => unknown)[],
  write: readonly ((value: unknown) => void)[],
) => void;

/** Whoever watches the code run; without them it holds nothing for them. */
export interface EmitWatchers {
  readonly probes?: EmitProbes | undefined;
  readonly stops?: EmitStops | undefined;
}

/** A fault of the emitter or of the tree it was given; the policy is not to blame. */
export class EmitFault extends Error {}

export class Program {
  readonly types: TypeTable;
  /** Tuples are copied like structs: only in programs that write a tuple's element, since nobody else can tell. */
  readonly copiesTuples: boolean;
  /** Set when the code writes an element of a tuple. */
  writesTuples = false;
  readonly #values: unknown[] = [];
  readonly #constants = new Map<unknown, string>();
  readonly #typeLists = new Map<string, string>();
  readonly #typeObjects = new Map<Type, TypeObject>();
  readonly #locals = new Map<LocalSymbol, string>();
  readonly #functions = new Map<LocalFunctionSymbol, string>();
  readonly #receivers = new Map<symbol, string>();
  /** What locals were declared with, for the rule of reference equality on strings. */
  readonly origins = new Map<LocalSymbol, BoundExpression>();
  readonly #nonNull = new Set<symbol>();
  #count = 0;

  /** Told of the ways that run, for coverage; undefined: the code has no probes. */
  readonly #probes: EmitProbes | undefined;

  readonly #stops: EmitStops | undefined;

  constructor(types: TypeTable, copiesTuples: boolean, { probes, stops }: EmitWatchers = {}) {
    this.types = types;
    this.copiesTuples = copiesTuples;
    this.#probes = probes;
    this.#stops = stops;
  }

  /** Code that stops before a statement; nothing when nobody debugs. */
  stop(place: Span, locals: readonly LocalSymbol[]): string {
    if (!this.#stops) return '';
    const shown = locals.filter((local) => !local.byRef);
    const names = shown.map((local) => this.localName(local));
    const read = names.map((name) => `()=>${name}`).join(',');
    const write = names.map((name) => `x=>{${name}=x}`).join(',');
    return `${this.constant(this.#stops.at)}(r.budget,${this.#stops.declare(place, shown)},[${read}],[${write}]);`;
  }

  get hasProbes(): boolean {
    return this.#probes !== undefined;
  }

  /** Code that counts a way: `$1(7)`. */
  probe(way: Span, kind: string): string {
    if (!this.#probes) throw new EmitFault('nobody counts ways');
    return `${this.constant(this.#probes.hit)}(${this.#probes.declare(way, kind)})`;
  }

  /** A new name: a letter for what it is and a number. */
  fresh(letter: string): string {
    this.#count += 1;
    return `${letter}${this.#count}`;
  }

  /** The name of a value from outside the code: an implementation, a type, a helper. */
  constant(value: unknown): string {
    const known = this.#constants.get(value);
    if (known !== undefined) return known;
    const name = `$${this.#values.length}`;
    this.#values.push(value);
    this.#constants.set(value, name);
    return name;
  }

  /** The name of an array of types; equal lists share one. */
  typeList(types: readonly Type[]): string {
    const key = types.map((type) => this.constant(type)).join();
    const known = this.#typeLists.get(key);
    if (known !== undefined) return known;
    const name = this.constant([...types]);
    this.#typeLists.set(key, name);
    return name;
  }

  typeObject(type: Type): string {
    let object = this.#typeObjects.get(type);
    if (!object) {
      object = new TypeObject(this.types.type('System.Type'), type, this.types.reflectionName(type));
      this.#typeObjects.set(type, object);
    }
    return this.constant(object);
  }

  localName(local: LocalSymbol): string {
    let name = this.#locals.get(local);
    if (name === undefined) {
      name = this.fresh('v');
      this.#locals.set(local, name);
    }
    return name;
  }

  functionName(symbol: LocalFunctionSymbol): string {
    let name = this.#functions.get(symbol);
    if (name === undefined) {
      name = this.fresh('f');
      this.#functions.set(symbol, name);
    }
    return name;
  }

  /** Says what code a receiver stands for; `nonNull` when it cannot be null. */
  bindReceiver(symbol: ReceiverSymbol, code: string, nonNull = false): void {
    this.#receivers.set(symbol.id, code);
    if (nonNull) this.#nonNull.add(symbol.id);
  }

  receiver(symbol: ReceiverSymbol): string {
    const code = this.#receivers.get(symbol.id);
    if (code === undefined) throw new EmitFault('a receiver is used outside of what binds it');
    return code;
  }

  isNonNull(symbol: ReceiverSymbol): boolean {
    return this.#nonNull.has(symbol.id);
  }

  /** `const $0=$[0],…;` for the head of the code. */
  unpack(): string {
    return this.#values.length === 0 ? '' : `const ${this.#values.map((_, at) => `$${at}=$[${at}]`).join(',')};`;
  }

  get values(): readonly unknown[] {
    return this.#values;
  }
}
