/** Writes conversions out as nodes, and reports those that do not exist (C# specification, Conversions). */
import type { Span } from '../../source/span.ts';
import { acceptsNull, isDelegate, isError, isNullable, isObject, keywordOf, tupleElements, underlyingOf } from '../types/kinds.ts';
import type { NamedType, Type } from '../types/type.ts';
import type { BoundExpression, ConstantValue } from './bound.ts';
import { constantText, convertConstant, isIntegral } from './constants.ts';
import type { Binder } from './context.ts';
import * as fault from './faults.ts';
import { convertLambda } from './lambdas.ts';
import { convertLocalFunction, convertMethods } from './method-groups.ts';
import { asValue, isErrorTerm, isNullLiteral, lambdaText, operandOf, termText } from './operands.ts';
import type { Conversion } from './semantics.ts';
import type { Term, TupleTerm, ValueTerm } from './terms.ts';
import { valueTerm } from './terms.ts';

/** Converts implicitly; reports what is missing at `at` (default: the term itself). */
export function convertTo(b: Binder, term: Term, to: Type, at: Span = term.span): BoundExpression {
  if (isErrorTerm(term)) return b.wrong(term.span);
  const special = convertSpecial(b, term, to, at, false);
  if (special !== undefined) return special;
  const value = asValue(b, term);
  if (isError(value.type) || isError(to)) return b.wrong(term.span);
  const conversion = b.semantics.implicit(operandOf(b, term), to);
  if (conversion === undefined) return refuseImplicit(b, term, value, to, at);
  if (conversion.ambiguous === true) return refuseAmbiguous(b, value, to, at);
  return applyConversion(b, value, conversion, value.span);
}

/** Converts a value implicitly. */
export function convertValue(b: Binder, value: BoundExpression, to: Type, at: Span = value.span): BoundExpression {
  return convertTo(b, valueTerm(value), to, at);
}

/** A cast as written: explicit conversions are allowed. */
export function castTo(b: Binder, term: Term, to: Type, span: Span): BoundExpression {
  if (isErrorTerm(term) || isError(to)) {
    if (!isErrorTerm(term) && term.kind === 'value') asValue(b, term);
    return b.wrong(span);
  }
  const special = convertSpecial(b, term, to, span, true);
  if (special !== undefined) return special;
  const value = asValue(b, term);
  if (isError(value.type)) return value;
  const conversion = b.semantics.explicit(operandOf(b, term), to);
  if (conversion?.ambiguous === true) return refuseAmbiguous(b, value, to, span);
  if (conversion !== undefined) return applyConversion(b, value, conversion, span);
  if (isNullLiteral(value)) return refuseNull(b, to, span);
  return b.refuse(span, fault.noCast(b.showFully(value.type), b.showFully(to)));
}

/** Terms without a type of their own turn into values here; undefined leaves the term to the general rules. */
function convertSpecial(b: Binder, term: Term, to: Type, at: Span, cast: boolean): BoundExpression | undefined {
  switch (term.kind) {
    case 'lambda':
      return isDelegate(to) ? convertLambda(b, term, to) : lambdaRefused(b, term, to, at);
    case 'methods':
      return convertMethods(b, term, to, at);
    case 'localFunction':
      return convertLocalFunction(b, term, to, at);
    case 'default':
      return defaultOf(b, to, term.span);
    case 'throw':
      return { kind: 'throwExpression', value: term.value, type: to, span: term.span };
    case 'tuple':
      return convertTuple(b, term, to, cast);
    default:
      return undefined;
  }
}

function lambdaRefused(b: Binder, term: Term & { kind: 'lambda' }, to: Type, at: Span): BoundExpression {
  return isError(to) ? b.wrong(at) : b.refuse(term.span, fault.lambdaToValue(lambdaText(term), b.show(to)));
}

/** A tuple literal converts element by element; for other targets, by its natural type. */
function convertTuple(b: Binder, term: TupleTerm, to: Type, cast: boolean): BoundExpression | undefined {
  const wanted = tupleElements(underlyingOf(to) ?? to);
  if (wanted === undefined || wanted.length !== term.elements.length) return term.type === null ? tupleRefused(b, term, to) : undefined;
  const convert = (element: Term, type: Type) => (cast ? castTo(b, element, type, element.span) : convertTo(b, element, type));
  const values = term.elements.map((element, index) => convert(element, wanted[index] ?? b.error));
  if (values.some((value) => isError(value.type))) return b.wrong(term.span);
  const type = underlyingOf(to) ?? to;
  if (type.kind !== 'named') return undefined;
  const tuple: BoundExpression = { kind: 'tuple', type, values, span: term.span };
  return isNullable(to) ? convertValue(b, tuple, to) : tuple;
}

function tupleRefused(b: Binder, term: TupleTerm, to: Type): BoundExpression {
  return b.refuse(term.span, fault.noConversion(termText(b, term, true), b.showFully(to)));
}

/** `default(T)`: a constant where T has constants. */
export function defaultOf(b: Binder, type: Type, span: Span): BoundExpression {
  const zero = zeroOf(type);
  return zero === undefined ? { kind: 'default', type, span } : b.literal(zero, type, span);
}

const ZEROS: Readonly<Record<string, ConstantValue>> = {
  bool: false,
  long: 0n,
  ulong: 0n,
  decimal: { decimal: '0' },
  string: null,
  object: null,
};

function zeroOf(type: Type): ConstantValue | undefined {
  if (type.kind === 'special' || type.kind === 'typeParameter' || isNullable(type)) return undefined;
  if (acceptsNull(type)) return null;
  const keyword = keywordOf(type);
  if (keyword !== undefined && keyword in ZEROS) return ZEROS[keyword];
  const isNumber = keyword !== undefined || (type.kind === 'named' && type.definition.typeKind === 'enum');
  return isNumber ? 0 : undefined;
}

// ---------------------------------------------------------------- applying

/** Turns a found conversion into nodes around the value. Constants are folded where C# folds them. */
export function applyConversion(b: Binder, value: BoundExpression, conversion: Conversion, span: Span): BoundExpression {
  switch (conversion.kind) {
    case 'identity':
      return value.type === conversion.to ? value : convertedNode(b, value, conversion, span);
    case 'numeric':
      return numericConversion(b, value, conversion, span);
    case 'null':
      return nullOf(b, value, conversion.to, span);
    case 'user':
      return userConversion(b, value, conversion, span);
    case 'nullableWrap':
      return convertedNode(b, applyInner(b, value, conversion, span), conversion, span);
    case 'nullableUnwrap':
      return unwrapConversion(b, value, conversion, span);
    case 'lifted':
      return liftedConversion(b, value, conversion, span);
    case 'tuple':
      return tupleConversion(b, value, conversion, span);
    default:
      return convertedNode(b, value, conversion, span);
  }
}

function convertedNode(b: Binder, operand: BoundExpression, { kind, to }: Conversion, span: Span): BoundExpression {
  return { kind: 'conversion', conversion: kind, operand, type: to, span, checked: b.overflow === 'checked' };
}

function nullOf(b: Binder, value: BoundExpression, to: Type, span: Span): BoundExpression {
  if (isNullable(to)) return { kind: 'conversion', conversion: 'null', operand: value, type: to, span, checked: false };
  return b.literal(null, to, span);
}

function numericConversion(b: Binder, value: BoundExpression, conversion: Conversion, span: Span): BoundExpression {
  const { to } = conversion;
  if (value.kind !== 'literal') return convertedNode(b, value, conversion, span);
  const folded = convertConstant(value.value, to, b.overflow === 'unchecked');
  if (folded === 'overflow') return b.refuse(span, fault.constantCastOverflow(constantText(value.value, value.type), b.show(to)));
  return folded === undefined || folded === 'division' ? convertedNode(b, value, conversion, span) : b.literal(folded.value, to, span);
}

function applyInner(b: Binder, value: BoundExpression, conversion: Conversion, span: Span): BoundExpression {
  const inner = conversion.inner?.[0];
  return inner === undefined ? value : applyConversion(b, value, inner, span);
}

/** T? to T, and on to another type where the cast goes further: `(int)(long?)x`. */
function unwrapConversion(b: Binder, value: BoundExpression, conversion: Conversion, span: Span): BoundExpression {
  const underlying = underlyingOf(value.type) ?? conversion.to;
  const node: BoundExpression = {
    kind: 'conversion',
    conversion: 'nullableUnwrap',
    operand: value,
    type: underlying,
    span,
    checked: b.overflow === 'checked',
  };
  const inner = conversion.inner?.[0];
  if (inner !== undefined) return applyConversion(b, node, inner, span);
  return underlying === conversion.to ? node : castTo(b, valueTerm(node), conversion.to, span);
}

function userConversion(b: Binder, value: BoundExpression, conversion: Conversion, span: Span): BoundExpression {
  const { operator, on, before, after } = conversion;
  if (operator === undefined || on === undefined) return convertedNode(b, value, conversion, span);
  if (value.kind === 'literal' && keywordOf(conversion.to) !== undefined && isFoldable(value.type)) {
    const folded = foldDecimalConversion(b, value.value, conversion.to, span);
    if (folded !== undefined) return folded;
  }
  const operand = before === undefined ? value : applyConversion(b, value, before, span);
  const type = b.types.substitute(operator.returnType, on.definition.typeParameters, on.typeArguments);
  const node: BoundExpression = {
    kind: 'conversion',
    conversion: 'user',
    operand,
    type,
    span,
    checked: b.overflow === 'checked',
    operator,
    on,
  };
  if (after !== undefined) return applyConversion(b, node, after, span);
  return type === conversion.to ? node : { ...node, type: conversion.to };
}

const isFoldable = (type: Type): boolean => isIntegral(type) || keywordOf(type) === 'decimal';

/** Conversions from and to decimal are operators of System.Decimal, yet part of constant expressions. */
function foldDecimalConversion(b: Binder, value: ConstantValue, to: Type, span: Span): BoundExpression | undefined {
  const folded = convertConstant(value, to, b.overflow === 'unchecked');
  return typeof folded === 'object' ? b.literal(folded.value, to, span) : undefined;
}

/** `int?` to `long?`: the conversion of the underlying values, on a receiver. */
function liftedConversion(b: Binder, value: BoundExpression, conversion: Conversion, span: Span): BoundExpression {
  const receiver = b.receiver(underlyingOf(value.type) ?? value.type);
  const inner = applyInner(b, { kind: 'receiver', symbol: receiver, type: receiver.type, span }, conversion, span);
  const node = convertedNode(b, value, conversion, span);
  return node.kind === 'conversion' ? { ...node, inner: [{ receiver, value: inner }] } : node;
}

function tupleConversion(b: Binder, value: BoundExpression, conversion: Conversion, span: Span): BoundExpression {
  const elements = tupleElements(value.type) ?? [];
  const inner = (conversion.inner ?? []).map((each, index) => {
    const receiver = b.receiver(elements[index] ?? b.error);
    return { receiver, value: applyConversion(b, { kind: 'receiver', symbol: receiver, type: receiver.type, span }, each, span) };
  });
  const node = convertedNode(b, value, conversion, span);
  return node.kind === 'conversion' ? { ...node, inner } : node;
}

// ---------------------------------------------------------------- refusals

function refuseAmbiguous(b: Binder, value: BoundExpression, to: Type, at: Span): BoundExpression {
  return b.refuse(at, fault.castMissing(b.showFully(value.type), b.showFully(to)));
}

function refuseNull(b: Binder, to: Type, at: Span): BoundExpression {
  const text = b.show(to);
  return b.refuse(at, to.kind === 'typeParameter' ? fault.nullToTypeParameter(text) : fault.nullToValueType(text));
}

function refuseImplicit(b: Binder, term: Term, value: BoundExpression, to: Type, at: Span): BoundExpression {
  if (isNullLiteral(value)) return refuseNull(b, to, at);
  const from = termText(b, term, true);
  const cast = b.semantics.explicit(operandOf(b, term), to);
  if (cast === undefined) return b.refuse(at, fault.noConversion(from, b.showFully(to)));
  if (term.kind === 'value') {
    const constant = refuseConstant(b, term, to, at);
    if (constant !== undefined) return constant;
  }
  return b.refuse(at, fault.castMissing(from, b.showFully(to)));
}

/** Constants that do not fit have sentences of their own. */
function refuseConstant(b: Binder, term: ValueTerm, to: Type, at: Span): BoundExpression | undefined {
  const { value } = term;
  if (value.kind !== 'literal') return undefined;
  const from = keywordOf(value.type);
  const target = keywordOf(to);
  if (term.isLiteral === true && from === 'double' && (target === 'float' || target === 'decimal')) {
    return b.refuse(at, fault.doubleLiteral(target));
  }
  const mayConvert = (from === 'int' && isIntegral(to)) || (from === 'long' && target === 'ulong');
  if (!mayConvert || target === undefined || convertConstant(value.value, to, false) !== 'overflow') return undefined;
  return b.refuse(at, fault.constantOutOfRange(constantText(value.value, value.type), b.show(to)));
}

/** Boxes a value type receiver for a member that a class or interface declares; the member then works on `object`. */
export function boxedFor(value: BoundExpression, on: NamedType): BoundExpression {
  const isValue = value.type.kind === 'named' && ['struct', 'enum'].includes(value.type.definition.typeKind);
  const declaredHere = value.type.kind === 'named' && value.type.definition === on.definition;
  const boxes = (isValue && !declaredHere) || (value.type.kind === 'typeParameter' && !isObject(value.type));
  if (!boxes) return value;
  return { kind: 'conversion', conversion: 'boxing', operand: value, type: on, span: value.span, checked: false };
}
