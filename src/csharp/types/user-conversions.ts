/** User-defined conversions (C# specification, Processing of user-defined implicit and explicit conversions). */
import type { Conversion, Operand } from '../check/semantics.ts';
import type { Conversions } from './conversions.ts';
import { isInterface, isValueType, keywordOf, underlyingOf } from './kinds.ts';
import { isNumeric } from './numeric.ts';
import type { TypeTable } from './table.ts';
import type { NamedType, Operator, Type } from './type.ts';

/** An operator with the type arguments of where it was found filled in. */
interface Found {
  readonly operator: Operator;
  readonly on: NamedType;
  readonly from: Type;
  readonly to: Type;
}

export class UserConversions {
  readonly #types: TypeTable;
  readonly #conversions: Conversions;

  constructor(types: TypeTable, conversions: Conversions) {
    this.#types = types;
    this.#conversions = conversions;
  }

  implicit(from: Operand, to: Type): Conversion | undefined {
    return this.#convert(from, to, false);
  }

  explicit(from: Operand, to: Type): Conversion | undefined {
    return this.#convert(from, to, true);
  }

  /** Operators as they are; failing that, their lifted forms. */
  #convert(from: Operand, to: Type, explicit: boolean): Conversion | undefined {
    const source = from.type;
    if (source === null || isInterface(source) || isInterface(to)) return undefined;
    const operators = this.#operators(source, to, explicit);
    if (operators.length === 0) return undefined;
    return this.#direct(from, source, to, operators, explicit) ?? this.#lifted(source, to, explicit);
  }

  #lifted(source: Type, to: Type, explicit: boolean): Conversion | undefined {
    const bare = underlyingOf(source);
    if (bare === undefined) return undefined;
    const target = underlyingOf(to);
    if (target === undefined && !(explicit && isValueType(to))) return undefined;
    const inner = this.#convert({ type: bare }, target ?? to, explicit);
    if (inner === undefined) return undefined;
    return { kind: target === undefined ? 'nullableUnwrap' : 'lifted', isImplicit: inner.isImplicit, inner: [inner], to };
  }

  #operators(source: Type, target: Type, explicit: boolean): Found[] {
    const found: Found[] = [];
    const owners = new Set([...this.#owners(source), ...this.#owners(target)]);
    for (const on of owners) {
      for (const name of explicit ? ['op_Implicit', 'op_Explicit'] : ['op_Implicit'])
        for (const member of on.definition.membersNamed(name)) if (member.kind === 'operator') found.push(this.#found(member, on));
    }
    return found;
  }

  #found(operator: Operator, on: NamedType): Found {
    const fill = (type: Type): Type => this.#types.substitute(type, on.definition.typeParameters, on.typeArguments);
    return { operator, on, from: fill(operator.parameters[0]?.type ?? operator.returnType), to: fill(operator.returnType) };
  }

  /** The type (what is under `T?`) and its base classes. Built-in numeric types convert by the language's own rules. */
  #owners(type: Type): NamedType[] {
    const owners: NamedType[] = [];
    for (let at: Type | undefined = underlyingOf(type) ?? type; at !== undefined; at = this.#types.baseOf(at))
      if (at.kind === 'named' && !isNumeric(keywordOf(at))) owners.push(at);
    return owners;
  }

  #direct(from: Operand, source: Type, to: Type, operators: readonly Found[], explicit: boolean): Conversion | undefined {
    const usable = operators.filter((each) =>
      explicit
        ? this.#near(source, each.from) && this.#near(each.to, to)
        : this.#encompasses(source, each.from, from) && this.#encompasses(each.to, to),
    );
    if (usable.length === 0) return undefined;
    const specificSource = this.#specificSource(usable, source, explicit);
    const specificTarget = this.#specificTarget(usable, to, explicit);
    const best = usable.filter((each) => each.from === specificSource && each.to === specificTarget);
    const [first] = best.length === 1 ? best : usable;
    return first === undefined ? undefined : this.#conversion(first, source, from, to, best.length !== 1, explicit);
  }

  #conversion(found: Found, source: Type, from: Operand, to: Type, ambiguous: boolean, explicit: boolean): Conversion {
    const before = notIdentity(
      this.#conversions.standardImplicit(from, found.from) ?? this.#conversions.standardExplicit(source, found.from),
    );
    const after = notIdentity(this.#conversions.standardExplicit(found.to, to));
    return {
      kind: 'user',
      isImplicit: !explicit,
      operator: found.operator,
      on: found.on,
      to,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      ...(ambiguous ? { ambiguous } : {}),
    };
  }

  #specificSource(usable: readonly Found[], source: Type, explicit: boolean): Type | undefined {
    const sources = usable.map((each) => each.from);
    const exact = sources.find((type) => this.#conversions.isIdentity(type, source));
    if (exact !== undefined) return exact;
    const around = explicit ? sources.filter((type) => this.#encompasses(source, type)) : sources;
    return around.length > 0 ? this.#mostEncompassed(around) : this.#mostEncompassing(sources);
  }

  #specificTarget(usable: readonly Found[], target: Type, explicit: boolean): Type | undefined {
    const targets = usable.map((each) => each.to);
    const exact = targets.find((type) => this.#conversions.isIdentity(type, target));
    if (exact !== undefined) return exact;
    const within = explicit ? targets.filter((type) => this.#encompasses(type, target)) : targets;
    return within.length > 0 ? this.#mostEncompassing(within) : this.#mostEncompassed(targets);
  }

  /** The one type of the set that converts to all others. */
  #mostEncompassed(set: readonly Type[]): Type | undefined {
    return set.find((type) => set.every((other) => this.#encompasses(type, other)));
  }

  /** The one type of the set that all others convert to. */
  #mostEncompassing(set: readonly Type[]): Type | undefined {
    return set.find((type) => set.every((other) => this.#encompasses(other, type)));
  }

  /** Whether a standard implicit conversion leads from `inner` to `outer`. */
  #encompasses(inner: Type, outer: Type, operand?: Operand): boolean {
    if (isInterface(inner) || isInterface(outer)) return false;
    return this.#conversions.standardImplicit(operand ?? { type: inner }, outer) !== undefined;
  }

  #near(one: Type, other: Type): boolean {
    return this.#encompasses(one, other) || this.#encompasses(other, one);
  }
}

function notIdentity(conversion: Conversion | undefined): Conversion | undefined {
  return conversion?.kind === 'identity' ? undefined : conversion;
}
