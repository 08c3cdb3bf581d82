/** Implicit and explicit conversions (C# 7.3 specification, chapter Conversions). */
import type { Conversion, Operand, TupleOperand } from '../check/semantics.ts';
import type { FunctionConversions } from './function-conversions.ts';
import {
  acceptsNull,
  isDelegate,
  isEnum,
  isError,
  isInterface,
  isObject,
  isReferenceType,
  isValueType,
  isVoid,
  keywordOf,
  tupleElements,
  underlyingOf,
} from './kinds.ts';
import { constantFits, integerOf, isIntegral, isNumeric, widens } from './numeric.ts';
import type { TypeTable } from './table.ts';
import type { NamedType, Operator, Type } from './type.ts';
import { UserConversions } from './user-conversions.ts';

type Convert = (from: Type, to: Type) => Conversion | undefined;

export class Conversions {
  readonly types: TypeTable;
  readonly #user: UserConversions;
  readonly functions: FunctionConversions;

  constructor(types: TypeTable, functions: (conversions: Conversions) => FunctionConversions) {
    this.types = types;
    this.#user = new UserConversions(types, this);
    this.functions = functions(this);
  }

  /** The implicit conversion of an expression, or undefined. */
  implicit(from: Operand, to: Type): Conversion | undefined {
    if (isError(to) || isError(from.type)) return identity(to);
    if (isVoid(to)) return undefined;
    return this.#ofForm(from, to, false) ?? this.#implicitOfTyped(from, to);
  }

  #implicitOfTyped(from: Operand, to: Type): Conversion | undefined {
    if (from.type === null || isVoid(from.type)) return undefined;
    return this.standardImplicit(from, to) ?? this.#user.implicit(from, to);
  }

  /** The conversion of a cast, or undefined. */
  explicit(from: Operand, to: Type): Conversion | undefined {
    const implicit = this.implicit(from, to);
    if (implicit !== undefined || isVoid(to)) return implicit;
    const tuple = this.#ofForm(from, to, true);
    if (tuple !== undefined) return tuple;
    if (from.type === null || isVoid(from.type)) return undefined;
    return this.standardExplicit(from.type, to) ?? this.#user.explicit(from, to);
  }

  /** Implicit conversion between types alone. */
  implicitType(from: Type, to: Type): Conversion | undefined {
    return this.implicit({ type: from }, to);
  }

  isIdentity(from: Type, to: Type): boolean {
    return from === to || this.types.withoutTupleNames(from) === this.types.withoutTupleNames(to);
  }

  // ---------------------------------------------------------------- expressions without a type

  #ofForm(from: Operand, to: Type, explicit: boolean): Conversion | undefined {
    const { form } = from;
    if (form === undefined) return isNullType(from.type) && acceptsNull(to) ? implicitly('null', to) : undefined;
    if (form === 'null') return acceptsNull(to) ? implicitly('null', to) : undefined;
    if (form === 'default' || form === 'throw') return from.type === null ? identity(to) : undefined;
    if (form.kind === 'tuple') return this.#tupleLiteral(form, to, explicit);
    return isDelegate(to) && this.functions.converts(form, to) ? identity(to) : undefined;
  }

  #tupleLiteral(form: TupleOperand, to: Type, explicit: boolean): Conversion | undefined {
    const underlying = underlyingOf(to);
    if (underlying !== undefined) return wrap(this.#tupleLiteral(form, underlying, explicit), to);
    const elements = tupleElements(to);
    if (elements?.length !== form.elements.length) return undefined;
    const inner: Conversion[] = [];
    for (const [index, element] of form.elements.entries()) {
      const target = elements[index];
      const each = target === undefined ? undefined : explicit ? this.explicit(element, target) : this.implicit(element, target);
      if (each === undefined) return undefined;
      inner.push(each);
    }
    return { kind: 'tuple', isImplicit: !explicit, inner, to };
  }

  // ---------------------------------------------------------------- standard implicit conversions

  standardImplicit(from: Operand, to: Type): Conversion | undefined {
    if (from.type === null) return undefined;
    return this.#ofConstant(from, to) ?? this.standardImplicitType(from.type, to);
  }

  standardImplicitType(from: Type, to: Type): Conversion | undefined {
    if (this.isIdentity(from, to)) return identity(to);
    return this.#implicitNumeric(from, to) ?? this.#implicitNullable(from, to) ?? this.#upcast(from, to) ?? this.#implicitTuple(from, to);
  }

  #ofConstant(from: Operand, to: Type): Conversion | undefined {
    if (from.constant === undefined || from.type === null) return undefined;
    const target = underlyingOf(to);
    if (target !== undefined) return this.isIdentity(from.type, target) ? undefined : wrap(this.#ofConstant(from, target), to);
    const [source, wanted] = [keywordOf(from.type), keywordOf(to)];
    if (!isIntegral(source)) return undefined;
    if (isEnum(to)) return integerOf(from.constant) === 0n && source !== 'char' ? implicitly('numeric', to) : undefined;
    return wanted !== undefined && constantFits(from.constant, source, wanted) ? implicitly('numeric', to) : undefined;
  }

  #implicitNumeric(from: Type, to: Type): Conversion | undefined {
    const [source, target] = [keywordOf(from), keywordOf(to)];
    if (!isNumeric(source) || target === undefined || !widens(source, target)) return undefined;
    return target === 'decimal' ? this.#throughDecimal('op_Implicit', from, to) : implicitly('numeric', to);
  }

  /** Conversions of decimal are its declared operators, though the language counts them as numeric. */
  #throughDecimal(name: 'op_Implicit' | 'op_Explicit', from: Type, to: Type): Conversion | undefined {
    const decimal = keywordOf(from) === 'decimal' ? from : to;
    if (decimal.kind !== 'named') return undefined;
    const operator = decimal.definition
      .membersNamed(name)
      .find((member): member is Operator => member.kind === 'operator' && member.parameters[0]?.type === from && member.returnType === to);
    return operator === undefined ? undefined : { kind: 'user', isImplicit: name === 'op_Implicit', operator, on: decimal, to };
  }

  #implicitNullable(from: Type, to: Type): Conversion | undefined {
    const target = underlyingOf(to);
    if (target === undefined) return undefined;
    return this.#nullable(from, to, target, (source, wanted) => this.#implicitValue(source, wanted));
  }

  #implicitValue(from: Type, to: Type): Conversion | undefined {
    if (this.isIdentity(from, to)) return identity(to);
    return this.#implicitNumeric(from, to) ?? this.#implicitTuple(from, to);
  }

  #nullable(from: Type, to: Type, target: Type, convert: Convert): Conversion | undefined {
    const source = underlyingOf(from);
    if (source === undefined) return isValueType(from) ? wrap(convert(from, target), to) : undefined;
    const inner = convert(source, target);
    return inner === undefined ? undefined : { kind: 'lifted', isImplicit: inner.isImplicit, inner: [inner], to };
  }

  /** Reference conversions up the hierarchy, and boxing. */
  #upcast(from: Type, to: Type): Conversion | undefined {
    if (isValueType(to) || !this.types.isAssignable(from, to)) return undefined;
    return implicitly(isReferenceType(from) ? 'reference' : 'boxing', to);
  }

  #implicitTuple(from: Type, to: Type): Conversion | undefined {
    return this.#tuple(from, to, (source, target) => this.implicitType(source, target));
  }

  #tuple(from: Type, to: Type, convert: Convert): Conversion | undefined {
    const [sources, targets] = [tupleElements(from), tupleElements(to)];
    if (sources === undefined || targets?.length !== sources.length) return undefined;
    const inner: Conversion[] = [];
    for (const [index, source] of sources.entries()) {
      const target = targets[index];
      const each = target === undefined ? undefined : convert(source, target);
      if (each === undefined) return undefined;
      inner.push(each);
    }
    return { kind: 'tuple', isImplicit: inner.every((each) => each.isImplicit), inner, to };
  }

  // ---------------------------------------------------------------- standard explicit conversions

  standardExplicit(from: Type, to: Type): Conversion | undefined {
    return (
      this.standardImplicitType(from, to) ??
      this.#explicitNumeric(from, to) ??
      this.#explicitNullable(from, to) ??
      this.#unboxing(from, to) ??
      this.#downcast(from, to) ??
      this.#tuple(from, to, (source, target) => this.explicit({ type: source }, target))
    );
  }

  #explicitNumeric(from: Type, to: Type): Conversion | undefined {
    const [source, target] = [this.#numberBehind(from), this.#numberBehind(to)];
    if (source === undefined || target === undefined) return undefined;
    if (keywordOf(source) === 'decimal' || keywordOf(target) === 'decimal') return this.#explicitDecimal(from, source, to, target);
    return { kind: 'numeric', isImplicit: false, to };
  }

  /** An enum goes to and from decimal by way of its underlying type. */
  #explicitDecimal(from: Type, source: Type, to: Type, target: Type): Conversion | undefined {
    const through = this.#throughDecimal('op_Explicit', source, target) ?? this.#throughDecimal('op_Implicit', source, target);
    if (through === undefined) return undefined;
    const before: Conversion | undefined = source === from ? undefined : { kind: 'numeric', isImplicit: false, to: source };
    const after: Conversion | undefined = target === to ? undefined : { kind: 'numeric', isImplicit: false, to };
    return { ...through, isImplicit: false, to, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
  }

  #numberBehind(type: Type): Type | undefined {
    if (isEnum(type)) return this.types.type(type.definition.enumUnderlying ?? 'int');
    return isNumeric(keywordOf(type)) ? type : undefined;
  }

  #explicitNullable(from: Type, to: Type): Conversion | undefined {
    const convert: Convert = (source, target) => this.#implicitValue(source, target) ?? this.standardExplicit(source, target);
    const [source, target] = [underlyingOf(from), underlyingOf(to)];
    if (target !== undefined) return explicitly(isValueType(from) ? this.#nullable(from, to, target, convert) : undefined);
    if (source === undefined || !isValueType(to)) return undefined;
    const inner = convert(source, to);
    if (inner === undefined) return undefined;
    return { kind: 'nullableUnwrap', isImplicit: false, to, ...(inner.kind === 'identity' ? {} : { inner: [inner] }) };
  }

  #unboxing(from: Type, to: Type): Conversion | undefined {
    const value = underlyingOf(to) ?? to;
    if (from.kind === 'typeParameter' || to.kind === 'typeParameter') return this.#ofTypeParameter(from, to);
    if (!isValueType(value) || !isReferenceType(from) || !this.types.isAssignable(value, from)) return undefined;
    return { kind: 'unboxing', isImplicit: false, to };
  }

  /** A type parameter of a local function converts to and from object and interfaces. */
  #ofTypeParameter(from: Type, to: Type): Conversion | undefined {
    const other = from.kind === 'typeParameter' ? to : from;
    if (!isObject(other) && !isInterface(other)) return undefined;
    return { kind: isReferenceType(to) ? 'explicitReference' : 'unboxing', isImplicit: false, to };
  }

  #downcast(from: Type, to: Type): Conversion | undefined {
    if (!isReferenceType(from) || !isReferenceType(to)) return undefined;
    return this.#castable(from, to) ? { kind: 'explicitReference', isImplicit: false, to } : undefined;
  }

  #castable(from: Type, to: Type): boolean {
    if (this.types.isAssignable(to, from)) return true;
    if (from.kind === 'array' && to.kind === 'array') return from.rank === to.rank && this.#elementsCastable(from.element, to.element);
    if (isInterface(from) && isInterface(to)) return true;
    if (isInterface(to)) return to.kind === 'named' && this.#mayImplement(from, to);
    if (isInterface(from)) return from.kind === 'named' && this.#mayImplement(to, from);
    return isDelegate(from) && isDelegate(to) && this.#delegateCastable(from, to);
  }

  #elementsCastable(from: Type, to: Type): boolean {
    return isReferenceType(from) && isReferenceType(to) && (this.isIdentity(from, to) || this.#castable(from, to));
  }

  /** A class that is not sealed may have a derived class that implements the interface; arrays go by their elements. */
  #mayImplement(type: Type, wanted: NamedType): boolean {
    if (type.kind === 'named')
      return (
        !type.definition.isSealed ||
        this.types.interfacesOf(type).some((each) => each.definition === wanted.definition && this.#argumentsCastable(each, wanted))
      );
    const [element] = wanted.typeArguments;
    if (type.kind !== 'array' || element === undefined) return false;
    const listed = this.types.interfacesOf(type).some((each) => each.definition === wanted.definition);
    return listed && this.#elementsCastable(element, type.element);
  }

  #argumentsCastable(from: NamedType, to: NamedType): boolean {
    return from.typeArguments.every((argument, index) => {
      const wanted = to.typeArguments[index];
      return wanted !== undefined && (this.isIdentity(argument, wanted) || this.#elementsCastable(argument, wanted));
    });
  }

  #delegateCastable(from: NamedType, to: NamedType): boolean {
    return from.definition === to.definition && from.typeArguments.length > 0 && this.#argumentsCastable(from, to);
  }
}

function isNullType(type: Type | null): boolean {
  return type?.kind === 'special' && type.name === 'null';
}

function identity(to: Type): Conversion {
  return { kind: 'identity', isImplicit: true, to };
}

function implicitly(kind: 'numeric' | 'reference' | 'boxing' | 'null', to: Type): Conversion {
  return { kind, isImplicit: true, to };
}

function explicitly(conversion: Conversion | undefined): Conversion | undefined {
  return conversion === undefined ? undefined : { ...conversion, isImplicit: false };
}

/** T to `T?`, after the conversion to T when that is not an identity. */
function wrap(inner: Conversion | undefined, to: Type): Conversion | undefined {
  if (inner === undefined) return undefined;
  return { kind: 'nullableWrap', isImplicit: inner.isImplicit, to, ...(inner.kind === 'identity' ? {} : { inner: [inner] }) };
}
