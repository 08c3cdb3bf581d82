/** Loops. */
import type { Span } from '../../source/span.ts';
import type { DoStatement, Expression, ForEachStatement, ForStatement, Statement, WhileStatement } from '../syntax/ast.ts';
import { isError } from '../types/kinds.ts';
import type { Type } from '../types/type.ts';
import type { BoundExpression, BoundStatement, LocalSymbol, ReceiverSymbol } from './bound.ts';
import type { Binder } from './context.ts';
import { castTo } from './conversions.ts';
import { bindDeclaration, declaredType } from './declarations.ts';
import { deconstructInto } from './deconstruction.ts';
import { bindExpression } from './expressions.ts';
import * as fault from './faults.ts';
import { declareLocal, localValue, makeLocal } from './names.ts';
import { asValue, isErrorTerm, isNullLiteral } from './operands.ts';
import { bindCondition } from './operators.ts';
import { bindEmbedded, bindExpressionStatement } from './statements.ts';
import type { Term } from './terms.ts';
import { valueTerm } from './terms.ts';

/** Variables of a loop's head live in a block around the loop. */
function withVariables(span: Span, statement: BoundStatement, locals: readonly LocalSymbol[]): BoundStatement {
  return locals.length === 0 ? statement : { kind: 'block', span, statements: [statement], locals };
}

function bindBody(b: Binder, body: Statement): BoundStatement {
  const before = b.frame.surroundings;
  b.frame.surroundings = { ...before, breakable: true, continuable: true };
  try {
    return bindEmbedded(b, body);
  } finally {
    b.frame.surroundings = before;
  }
}

export function bindWhile(b: Binder, syntax: WhileStatement): BoundStatement {
  return b.inScope((scope) => {
    const condition = bindCondition(b, syntax.condition);
    const body = bindBody(b, syntax.body);
    return withVariables(syntax.span, { kind: 'while', span: syntax.span, condition, body }, scope.variables);
  });
}

export function bindDo(b: Binder, syntax: DoStatement): BoundStatement {
  return b.inScope((scope) => {
    const body = bindBody(b, syntax.body);
    const condition = bindCondition(b, syntax.condition);
    return withVariables(syntax.span, { kind: 'do', span: syntax.span, body, condition }, scope.variables);
  });
}

export function bindFor(b: Binder, syntax: ForStatement): BoundStatement {
  return b.inScope((scope) => {
    const declared = syntax.declaration === undefined ? undefined : bindDeclaration(b, syntax.declaration, 'local');
    const initializers = [
      ...(declared?.statements ?? []),
      ...syntax.initializers.map((each) => bindExpressionStatement(b, each, each.span)),
    ];
    const condition = syntax.condition === undefined ? {} : { condition: bindCondition(b, syntax.condition) };
    const incrementors = syntax.incrementors.map((each) => incrementor(b, each));
    const body = bindBody(b, syntax.body);
    const locals = [...(declared?.locals ?? []), ...scope.variables];
    return { kind: 'for', span: syntax.span, initializers, ...condition, incrementors, body, locals };
  });
}

function incrementor(b: Binder, syntax: Expression): BoundExpression {
  const statement = bindExpressionStatement(b, syntax, syntax.span);
  return statement.kind === 'expression' ? statement.expression : b.wrong(syntax.span);
}

// ---------------------------------------------------------------- foreach

export function bindForEach(b: Binder, syntax: ForEachStatement): BoundStatement {
  return b.inScope((scope) => {
    const source = enumerated(b, bindExpression(b, syntax.source));
    const itemType = isError(source.type) ? b.error : elementType(b, source);
    const receiver = b.receiver(itemType);
    const item: BoundExpression = { kind: 'receiver', symbol: receiver, type: itemType, span: syntax.designation.span };
    const each = syntax.designation.kind === 'parts' ? deconstructed(b, syntax, receiver, item) : plain(b, syntax, item);
    const body = bindBody(b, syntax.body);
    const whole = each.first === undefined ? body : loopBlock(syntax.span, [...each.first, body], scope.variables);
    const { span } = syntax;
    return { kind: 'forEach', span, source, itemType, receiver, assignments: each.assignments, body: whole };
  });
}

function loopBlock(span: Span, statements: readonly BoundStatement[], locals: readonly LocalSymbol[]): BoundStatement {
  return { kind: 'block', span, statements, locals };
}

interface Round {
  readonly assignments: readonly { readonly local: LocalSymbol; readonly value: BoundExpression }[];
  /** What runs before the body in each round. */
  readonly first?: readonly BoundStatement[];
}

function plain(b: Binder, syntax: ForEachStatement, item: BoundExpression): Round {
  const { designation } = syntax;
  const type = syntax.type.kind === 'varType' ? item.type : declaredType(b, syntax.type);
  if (designation.kind !== 'variable') return { assignments: [] };
  const local = makeLocal(designation.name, type, 'foreach');
  declareLocal(b, designation.name, local);
  const value = isError(type) || isError(item.type) ? b.wrong(item.span) : castTo(b, valueTerm(item), type, syntax.span);
  return { assignments: [{ local, value }] };
}

/** `foreach (var (k, v) in …)`: the item goes into a variable, the parts come out of it. */
function deconstructed(b: Binder, syntax: ForEachStatement, receiver: ReceiverSymbol, item: BoundExpression): Round {
  const holder: LocalSymbol = {
    name: b.freshName(),
    type: receiver.type,
    kind: 'local',
    captured: false,
    byRef: false,
    declaredAt: syntax.designation.span,
  };
  const value = deconstructInto(b, syntax.type, syntax.designation, localValue(holder, syntax.designation.span));
  const first: BoundStatement = { kind: 'expression', span: syntax.designation.span, expression: value };
  return { assignments: [{ local: holder, value: item }], first: [first] };
}

function enumerated(b: Binder, term: Term): BoundExpression {
  if (isErrorTerm(term)) return b.wrong(term.span);
  if (term.kind === 'methods' || term.kind === 'localFunction') return b.refuse(term.span, fault.foreachOverFunction('method group'));
  if (term.kind === 'lambda') return b.refuse(term.span, fault.foreachOverFunction('lambda expression'));
  const value = asValue(b, term);
  const isNull = isNullLiteral(value) || (value.kind === 'literal' && value.value === null) || isCastNull(value);
  return isNull ? b.refuse(value.span, fault.nullNotValid()) : value;
}

function isCastNull(value: BoundExpression): boolean {
  return value.kind === 'conversion' && value.conversion === 'null';
}

function elementType(b: Binder, source: BoundExpression): Type {
  const type = b.semantics.elementTypeOf(source.type);
  if (type === undefined) b.report(source.span, fault.notEnumerable(b.show(source.type)));
  return type ?? b.error;
}
