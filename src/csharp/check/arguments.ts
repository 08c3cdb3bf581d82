/** Arguments of calls: bound before the overload is known, converted and ordered after it. */
import type { Span } from '../../source/span.ts';
import type { Argument, Designation, Expression } from '../syntax/ast.ts';
import { acceptsNull, isError } from '../types/kinds.ts';
import type { Parameter, Type } from '../types/type.ts';
import type { BoundArgument, BoundExpression, ConstantValue, EvaluationOrder } from './bound.ts';
import type { Binder } from './context.ts';
import { convertTo, defaultOf } from './conversions.ts';
import { bindExpression } from './expressions.ts';
import * as fault from './faults.ts';
import { declareVariable, isDiscardName } from './names.ts';
import { asValue, operandOf } from './operands.ts';
import type { CallArgument, OverloadSuccess } from './semantics.ts';
import type { Term } from './terms.ts';
import { valueTerm } from './terms.ts';
import { bindType } from './type-names.ts';

/** An argument whose expression is bound; `out var x` and `out _` have no term. */
export interface ArgumentTerm {
  readonly span: Span;
  readonly name?: string;
  readonly modifier?: 'ref' | 'out' | 'in';
  readonly term: Term | undefined;
  readonly designation?: Designation;
}

export function bindArguments(b: Binder, args: readonly Argument[]): ArgumentTerm[] {
  return args.map((argument) => bindArgument(b, argument));
}

function bindArgument(b: Binder, { name, modifier, expression }: Argument): ArgumentTerm {
  const base = {
    span: expression.span,
    ...(name === undefined ? {} : { name: name.text }),
    ...(modifier === undefined ? {} : { modifier }),
  };
  if (modifier !== 'out') return { ...base, term: bindExpression(b, expression) };
  return { ...base, ...bindOut(b, expression) };
}

function bindOut(b: Binder, expression: Expression): { term: Term | undefined; designation?: Designation } {
  if (isDiscardName(b, expression)) return { term: undefined, designation: { kind: 'discard', span: expression.span } };
  if (expression.kind !== 'declaration') return { term: bindExpression(b, expression) };
  const { type, designation } = expression;
  if (type.kind === 'varType') return { term: undefined, designation };
  const declared = bindType(b, type);
  return { term: valueTerm(outPlace(b, designation, declared)) };
}

/** The variable an `out` declaration makes. */
function outPlace(b: Binder, designation: Designation, type: Type): BoundExpression {
  const { span } = designation;
  if (designation.kind !== 'variable') return { kind: 'discard', type, span };
  return { kind: 'outVariable', local: declareVariable(b, designation.name, type), type, span };
}

export function receiverArgument(value: BoundExpression): ArgumentTerm {
  return { span: value.span, term: valueTerm(value) };
}

export function callArgument(b: Binder, argument: ArgumentTerm): CallArgument {
  const base = {
    ...(argument.name === undefined ? {} : { name: argument.name }),
    ...(argument.modifier === undefined ? {} : { modifier: argument.modifier }),
  };
  if (argument.term === undefined) return { ...base, operand: { type: null }, isOutDeclaration: true };
  return { ...base, operand: operandOf(b, argument.term) };
}

/** After a failed call: its `out var` variables exist all the same, with an unknown type. */
export function abandonArguments(b: Binder, args: readonly ArgumentTerm[]): void {
  for (const { term, designation } of args) {
    if (term === undefined && designation !== undefined) outPlace(b, designation, b.error);
  }
}

// ---------------------------------------------------------------- after resolution

export interface FinishedArguments {
  readonly args: readonly BoundArgument[];
  readonly order: EvaluationOrder;
}

/** Converts the arguments to their parameters, fills in default values, packs `params`. */
export function finishArguments(
  b: Binder,
  parameters: readonly Parameter[],
  found: OverloadSuccess,
  given: readonly ArgumentTerm[],
  span: Span,
): FinishedArguments {
  const args = parameters.map((parameter, index): BoundArgument => {
    const type = found.parameterTypes[index] ?? b.error;
    const source = found.mapping[index];
    if (source === undefined) return { kind: 'value', value: omitted(b, parameter, type, span) };
    if (typeof source !== 'number') return { kind: 'value', value: packed(b, type, source, given, span) };
    const argument = given[source];
    return argument === undefined ? { kind: 'value', value: b.wrong(span) } : finishArgument(b, argument, parameter, type);
  });
  return { args, order: evaluationOrder(found) };
}

function finishArgument(b: Binder, argument: ArgumentTerm, parameter: Parameter, type: Type): BoundArgument {
  const { term, designation, span } = argument;
  if (term === undefined) {
    const place = designation === undefined ? b.wrong(span) : outPlace(b, designation, type);
    return { kind: 'reference', modifier: 'out', place };
  }
  if (argument.modifier !== undefined) return { kind: 'reference', modifier: argument.modifier, place: referencePlace(b, term, argument) };
  const value = convertTo(b, term, type);
  return parameter.modifier === 'in' ? { kind: 'reference', modifier: 'in', place: value } : { kind: 'value', value };
}

/** `ref` and `out` take a variable: a local, a field or an array element. */
function referencePlace(b: Binder, term: Term, argument: ArgumentTerm): BoundExpression {
  const value = asValue(b, term);
  if (argument.modifier === 'in' || isError(value.type)) return value;
  switch (value.kind) {
    case 'local':
      if (value.local.kind === 'local' || value.local.kind === 'parameter') return value;
      return b.refuse(argument.span, fault.loopVariable(value.local.name, variableKind(value.local.kind)));
    case 'outVariable':
    case 'arrayElement':
    case 'field':
    case 'target':
    case 'discard':
      return value;
    case 'property':
    case 'indexer':
      return b.refuse(argument.span, fault.propertyByReference());
    default:
      return b.refuse(argument.span, fault.outNeedsVariable());
  }
}

export function variableKind(kind: 'local' | 'parameter' | 'const' | 'foreach' | 'using'): string {
  return kind === 'foreach' ? 'foreach iteration variable' : `${kind} variable`;
}

function omitted(b: Binder, parameter: Parameter, type: Type, span: Span): BoundExpression {
  const { defaultValue } = parameter;
  if (defaultValue === undefined || (defaultValue === null && !acceptsNull(type))) return defaultOf(b, type, span);
  if (parameter.type.kind === 'typeParameter') return defaultOf(b, type, span);
  return isConstantValue(defaultValue) ? b.literal(defaultValue, type, span) : { kind: 'default', type, span };
}

function isConstantValue(value: unknown): value is ConstantValue {
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

/** `params` in expanded form: the rest of the arguments in an array. */
function packed(b: Binder, type: Type, sources: readonly number[], given: readonly ArgumentTerm[], span: Span): BoundExpression {
  if (type.kind !== 'array') return b.wrong(span);
  const values = sources.map((source) => {
    const term = given[source]?.term;
    return term === undefined ? b.wrong(span) : convertTo(b, term, type.element);
  });
  return { kind: 'newArray', type, sizes: [], values, span };
}

/** Arguments are evaluated as written; undefined when that is the order of the parameters. */
function evaluationOrder({ mapping }: OverloadSuccess): EvaluationOrder {
  const first = (index: number): number => {
    const source = mapping[index];
    if (source === undefined) return Number.MAX_SAFE_INTEGER;
    return typeof source === 'number' ? source : (source[0] ?? Number.MAX_SAFE_INTEGER);
  };
  const order = mapping.map((_, index) => index).sort((left, right) => first(left) - first(right) || left - right);
  return order.every((position, index) => position === index) ? undefined : order;
}
