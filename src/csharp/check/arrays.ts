/** Array creation in all its forms: sizes, initialisers, several dimensions, jagged, implicitly typed. */
import type { Span } from '../../source/span.ts';
import type { ArrayCreation, ArrayInitializer, Expression } from '../syntax/ast.ts';
import { isError } from '../types/kinds.ts';
import type { ArrayType, Type } from '../types/type.ts';
import type { BoundArrayValues, BoundExpression } from './bound.ts';
import type { Binder } from './context.ts';
import { convertTo } from './conversions.ts';
import { arrayIndex } from './element-access.ts';
import { bindExpression } from './expressions.ts';
import * as fault from './faults.ts';
import { isErrorTerm, operandOf } from './operands.ts';
import type { Term } from './terms.ts';
import { bindType } from './type-names.ts';

/** `wanted` is the declared type of a variable whose initialiser is bare braces. */
export function bindArrayCreation(b: Binder, syntax: ArrayCreation, wanted: Type | undefined): BoundExpression {
  const { type, span, initializer } = syntax;
  if (type === undefined && wanted === undefined && initializer !== undefined) return bindImplicit(b, initializer, syntax.rank, span);
  const array = type === undefined ? wanted : bindType(b, type);
  const sizes = syntax.sizes.map((size) => arrayIndex(b, bindExpression(b, size)));
  if (array === undefined || isError(array)) {
    if (initializer !== undefined) bindLoosely(b, initializer);
    return b.wrong(span);
  }
  if (array.kind !== 'array') return b.refuse(span, fault.arrayInitializerMisplaced());
  return finishArray(b, array, sizes, initializer, span);
}

function finishArray(
  b: Binder,
  type: ArrayType,
  sizes: readonly BoundExpression[],
  initializer: ArrayInitializer | undefined,
  span: Span,
): BoundExpression {
  if (sizes.some((size) => isError(size.type))) return b.wrong(span);
  const negative = sizes.find((size) => size.kind === 'literal' && Number(size.value) < 0);
  if (negative !== undefined) return b.refuse(negative.span, fault.negativeArraySize());
  if (initializer === undefined) {
    return sizes.length === 0 ? b.refuse(span, fault.arraySizeNeeded()) : { kind: 'newArray', type, sizes, span };
  }
  if (!sizesAgree(b, sizes, initializer)) return b.wrong(span);
  const before = b.faults.length;
  const values = bindValues(b, initializer, type.element, type.rank);
  return b.faults.length > before ? b.wrong(span) : { kind: 'newArray', type, sizes: [], values, span };
}

/** Written sizes are constants and equal the lengths of the initialiser. */
function sizesAgree(b: Binder, sizes: readonly BoundExpression[], initializer: ArrayInitializer): boolean {
  let level: ArrayInitializer | undefined = initializer;
  for (const size of sizes) {
    if (size.kind !== 'literal') {
      b.report(size.span, fault.constantExpected());
      return false;
    }
    if (level !== undefined && level.values.length !== Number(size.value)) {
      b.report(level.span, fault.arrayLengthMismatch(Number(size.value)));
      return false;
    }
    const first: Expression | ArrayInitializer | undefined = level?.values[0];
    level = first?.kind === 'arrayInitializer' ? first : undefined;
  }
  return true;
}

function bindValues(b: Binder, initializer: ArrayInitializer, element: Type, rank: number): BoundArrayValues {
  const width = firstRow(initializer)?.values.length;
  return initializer.values.map((value) => {
    if (rank > 1) return bindRow(b, value, element, rank, width);
    if (value.kind !== 'arrayInitializer') return convertTo(b, bindExpression(b, value), element);
    return b.refuse(value.span, fault.arrayInitializerMisplaced());
  });
}

function firstRow(initializer: ArrayInitializer): ArrayInitializer | undefined {
  const [first] = initializer.values;
  return first?.kind === 'arrayInitializer' ? first : undefined;
}

function bindRow(
  b: Binder,
  value: Expression | ArrayInitializer,
  element: Type,
  rank: number,
  width: number | undefined,
): BoundArrayValues[number] {
  if (value.kind !== 'arrayInitializer') return b.refuse(value.span, fault.arrayInitializerExpected());
  if (width !== undefined && value.values.length !== width) return b.refuse(value.span, fault.arrayLengthMismatch(width));
  return { kind: 'row', values: bindValues(b, value, element, rank - 1) };
}

/** `new[] { … }`: the best common type of the elements. */
function bindImplicit(b: Binder, initializer: ArrayInitializer, rank: number, span: Span): BoundExpression {
  const terms = bindLoosely(b, initializer);
  if (terms.some(isErrorTerm)) return b.wrong(span);
  const element = b.semantics.bestCommonType(terms.map((term) => operandOf(b, term)));
  if (element === undefined || element.kind === 'special') return b.refuse(span, fault.noBestArrayType());
  return finishArray(b, b.types.array(element, rank), [], initializer, span);
}

/** Binds every element once and keeps it for the conversion to come. */
function bindLoosely(b: Binder, initializer: ArrayInitializer): Term[] {
  return initializer.values.flatMap((value) => {
    if (value.kind === 'arrayInitializer') return bindLoosely(b, value);
    b.prebound.delete(value);
    const term = bindExpression(b, value);
    b.prebound.set(value, term);
    return [term];
  });
}
