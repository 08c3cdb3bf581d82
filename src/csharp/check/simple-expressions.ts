/** Literals, `nameof`, `typeof`, `sizeof`, `default`. */
import type { DefaultExpression, Expression, Invocation, LiteralExpression, SizeOfExpression, TypeOfExpression } from '../syntax/ast.ts';
import { isError, keywordOf } from '../types/kinds.ts';
import type { BoundExpression } from './bound.ts';
import type { Binder } from './context.ts';
import { defaultOf } from './conversions.ts';
import { bindExpression } from './expressions.ts';
import * as fault from './faults.ts';
import type { Term } from './terms.ts';
import { valueTerm } from './terms.ts';
import { bindType } from './type-names.ts';

export function bindLiteral(b: Binder, syntax: LiteralExpression): Term {
  const { type, value, text, span } = syntax;
  if (type === 'null') return valueTerm(b.literal(null, b.types.special('null'), span));
  const constant = type === 'decimal' ? { decimal: text.replace(/[mM]$/, '') } : value;
  return { kind: 'value', value: b.literal(constant, b.type(type), span), span, isLiteral: true };
}

/** `nameof(a.B)` is the constant "B"; undefined when the call is something else. */
export function bindNameOf(b: Binder, syntax: Invocation): BoundExpression | undefined {
  const { target, args } = syntax;
  const isNameOf = target.kind === 'name' && target.name.text === 'nameof' && target.typeArguments === undefined;
  const [argument] = args;
  if (!isNameOf || argument === undefined || args.length !== 1 || b.scope.find('nameof') !== undefined) return undefined;
  const named = bindNamed(b, argument.expression);
  const name = lastName(argument.expression);
  if (name === undefined) return b.refuse(argument.span, { code: 'CS8081', message: 'Expression does not have a name.' });
  if (named === undefined) return b.wrong(syntax.span);
  return b.literal(name, b.type('string'), syntax.span);
}

/** What `nameof` names, instance members by their type included (`nameof(String.Length)`); undefined when it is wrong. */
function bindNamed(b: Binder, expression: Expression): Term | undefined {
  const before = b.faults.length;
  const named = bindExpression(b, expression);
  if (named.kind !== 'value' || !isError(named.value.type)) return named;
  const isOnlySide = b.faults.length > before && b.faults.slice(before).every((each) => each.code === 'CS0120');
  if (!isOnlySide) return undefined;
  b.faults.length = before;
  return named;
}

function lastName(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'name':
    case 'memberAccess':
      return expression.name.text;
    default:
      return undefined;
  }
}

export function bindTypeOf(b: Binder, syntax: TypeOfExpression): BoundExpression {
  const of = bindType(b, syntax.type);
  return isError(of) ? b.wrong(syntax.span) : { kind: 'typeOf', of, type: b.type('System.Type'), span: syntax.span };
}

const SIZES: Readonly<Record<string, number>> = {
  bool: 1,
  byte: 1,
  sbyte: 1,
  char: 2,
  short: 2,
  ushort: 2,
  int: 4,
  uint: 4,
  float: 4,
  long: 8,
  ulong: 8,
  double: 8,
  decimal: 16,
};

export function bindSizeOf(b: Binder, syntax: SizeOfExpression): BoundExpression {
  const type = bindType(b, syntax.type);
  const size = SIZES[keywordOf(type) ?? ''];
  if (isError(type)) return b.wrong(syntax.span);
  return size === undefined ? b.refuse(syntax.span, fault.sizeofUnknown(b.show(type))) : b.literal(size, b.type('int'), syntax.span);
}

export function bindDefault(b: Binder, syntax: DefaultExpression): Term {
  if (syntax.type === undefined) return { kind: 'default', span: syntax.span };
  const type = bindType(b, syntax.type);
  return valueTerm(isError(type) ? b.wrong(syntax.span) : defaultOf(b, type, syntax.span));
}
