/** The rules of C# about types, put together over one type table. */
import type { Operand, Semantics } from '../check/semantics.ts';
import { Betterness } from './betterness.ts';
import { Conversions } from './conversions.ts';
import { Delegates } from './delegates.ts';
import { FunctionConversions } from './function-conversions.ts';
import { isNamed, isVoid, keywordOf } from './kinds.ts';
import { Operators } from './operators.ts';
import { Overloads } from './overloads.ts';
import type { TypeTable } from './table.ts';
import type { NamedType, Type } from './type.ts';

const ENUMERABLE = 'System.Collections.Generic.IEnumerable';

export function createSemantics(types: TypeTable): Semantics {
  const delegates = new Delegates(types);
  const conversions = new Conversions(types, (made) => new FunctionConversions(made, delegates, () => overloads));
  const overloads: Overloads = new Overloads(conversions, delegates, conversions.functions);
  const operators = new Operators(conversions, new Betterness(conversions, delegates));
  return {
    types,
    implicit: (from, to) => conversions.implicit(from, to),
    explicit: (from, to) => conversions.explicit(from, to),
    resolve: (candidates, args) => overloads.resolve(candidates, args),
    binary: (operator, left, right) => operators.binary(operator, left, right),
    unary: (operator, operand) => operators.unary(operator, operand),
    bestCommonType: (operands) => bestCommonType(conversions, operands),
    delegateOf: (type) => delegates.of(type),
    elementTypeOf: (type) => elementTypeOf(types, type),
    members: (type, name) => types.lookup(type, name),
  };
}

/** The type among the operands' own that all the others convert to; null and what else has no type has no say. */
function bestCommonType(conversions: Conversions, operands: readonly Operand[]): Type | undefined {
  const own = [...new Set(operands.flatMap(({ type }) => (type === null || isNull(type) || isVoid(type) ? [] : [type])))];
  return own.find((type) => own.every((other) => conversions.implicitType(other, type) !== undefined));
}

function isNull(type: Type): boolean {
  return type.kind === 'special' && type.name === 'null';
}

/** What foreach finds: elements of arrays and strings, then the GetEnumerator pattern, then IEnumerable<T>, then IEnumerable. */
function elementTypeOf(types: TypeTable, type: Type): Type | undefined {
  if (type.kind === 'array') return type.element;
  if (type.kind !== 'named') return undefined;
  if (keywordOf(type) === 'string') return types.type('char');
  if (type.definition.fullName === 'System.Span') return type.typeArguments[0];
  const sequence = sequenceOf(types, type);
  if (type.definition.typeKind === 'interface' && sequence !== undefined) return sequence;
  return enumeratedBy(types, type) ?? sequence ?? (isUntypedSequence(types, type) ? types.type('object') : undefined);
}

function sequenceOf(types: TypeTable, type: NamedType): Type | undefined {
  const found = [type, ...types.interfacesOf(type)].find((each) => isNamed(each, ENUMERABLE));
  return found?.typeArguments[0];
}

function isUntypedSequence(types: TypeTable, type: NamedType): boolean {
  return [type, ...types.interfacesOf(type)].some((each) => isNamed(each, 'System.Collections.IEnumerable'));
}

/** The type of Current of what a type's own GetEnumerator returns. */
function enumeratedBy(types: TypeTable, type: NamedType): Type | undefined {
  for (const { member, on } of types.lookup(type, 'GetEnumerator')) {
    if (member.kind !== 'method' || member.isStatic || member.parameters.length > 0) continue;
    const enumerator = types.substitute(member.returnType, on.definition.typeParameters, on.typeArguments);
    const [current] = types.lookup(enumerator, 'Current');
    if (current?.member.kind !== 'property') continue;
    return types.substitute(current.member.type, current.on.definition.typeParameters, current.on.typeArguments);
  }
  return undefined;
}
