/** Conversions between numeric types, characters, enums and decimal. */
import { checkedBig, checkedNumber, fitsAlways, fromFloating, isBigKind, isIntegral, narrow, narrowBig } from '../runtime/numeric.ts';
import { isEnum, type PrimitiveKind, primitiveOf } from '../runtime/type-facts.ts';
import type { Operator, Type } from '../types/type.ts';
import { EmitFault, type Program } from './program.ts';

const int64 = BigInt.asIntN;
const uint64 = BigInt.asUintN;

/** Code for the value of `operand` (of type `from`) as `to`. */
export function emitNumericConversion(program: Program, operand: string, from: Type, to: Type, checked: boolean): string {
  const source = numericKind(program, from);
  const target = numericKind(program, to);
  if (source && target) return emitPrimitive(program, operand, source, target, checked);
  return emitDecimal(program, operand, from, to, source, target);
}

/** The primitive kind that a numeric type is represented by; an enum counts as its underlying type; undefined for decimal. */
export function numericKind(program: Program, type: Type): PrimitiveKind | undefined {
  if (!isEnum(type)) return primitiveOf(type);
  return primitiveOf(program.types.type(type.definition.enumUnderlying ?? 'int'));
}

function emitPrimitive(program: Program, operand: string, from: PrimitiveKind, to: PrimitiveKind, checked: boolean): string {
  if (from === to || fitsAlways(from, to)) return operand;
  if (!isIntegral(to)) return emitToFloating(program, operand, from, to);
  if (!isIntegral(from)) return `${program.constant(fromFloating)}(${operand},"${to}",${checked})`;
  if (isBigKind(to)) return emitToBig(program, operand, from, to, checked);
  if (isBigKind(from)) return `${program.constant(narrowBig)}(${operand},"${to}",${checked})`;
  return checked ? `${program.constant(checkedNumber)}(${operand},"${to}")` : emitNarrowing(program, operand, to);
}

function emitToFloating(program: Program, operand: string, from: PrimitiveKind, to: PrimitiveKind): string {
  const number = isBigKind(from) ? `${program.constant(Number)}(${operand})` : operand;
  return to === 'float' ? `${program.constant(Math.fround)}(${number})` : number;
}

function emitToBig(program: Program, operand: string, from: PrimitiveKind, to: PrimitiveKind, checked: boolean): string {
  const big = isBigKind(from) ? operand : `${program.constant(BigInt)}(${operand})`;
  if (fitsAlways(from, to) || (to === 'long' && from !== 'ulong')) return big;
  if (checked) return `${program.constant(checkedBig)}(${big},"${to}")`;
  return `${program.constant(to === 'long' ? int64 : uint64)}(64,${big})`;
}

function emitNarrowing(program: Program, operand: string, to: PrimitiveKind): string {
  switch (to) {
    case 'int':
      return `(${operand}|0)`;
    case 'uint':
      return `(${operand}>>>0)`;
    case 'byte':
      return `(${operand}&255)`;
    case 'ushort':
    case 'char':
      return `(${operand}&65535)`;
    default:
      return `${program.constant(narrow)}(${operand},"${to}")`;
  }
}

/** decimal's conversions are operators that it declares. */
function emitDecimal(program: Program, operand: string, from: Type, to: Type, source?: PrimitiveKind, target?: PrimitiveKind): string {
  if (!source && !target) return operand;
  const plainFrom = source ? program.types.type(source) : from;
  const plainTo = target ? program.types.type(target) : to;
  const { definition } = program.types.type('decimal');
  const operator = [...definition.membersNamed('op_Implicit'), ...definition.membersNamed('op_Explicit')].find(
    (m): m is Operator => m.kind === 'operator' && m.parameters[0]?.type === plainFrom && m.returnType === plainTo,
  );
  if (typeof operator?.implementation !== 'function') throw new EmitFault('System.Decimal lacks a conversion');
  return `${program.constant(operator.implementation)}(${operand})`;
}
