/** Binds an expression by its kind; the work is done in the files named after the constructs. */
import type { Expression } from '../syntax/ast.ts';
import { bindArrayCreation } from './arrays.ts';
import { bindAssignment, bindIncrement } from './assignments.ts';
import type { BoundExpression } from './bound.ts';
import { bindInvocation } from './calls.ts';
import { bindCoalesce, bindConditional, bindConditionalAccess } from './conditionals.ts';
import type { Binder } from './context.ts';
import { castTo } from './conversions.ts';
import { bindAnonymousObject, bindObjectCreation } from './creation.ts';
import { bindDeclarationExpression, bindTupleLiteral } from './deconstruction.ts';
import { bindElementAccess, bindElementBinding } from './element-access.ts';
import * as fault from './faults.ts';
import { bindLambda } from './lambdas.ts';
import { bindMemberAccess, bindMemberBinding } from './members.ts';
import { bindName } from './names.ts';
import { asValue } from './operands.ts';
import { bindBinary, bindUnary } from './operators.ts';
import { bindAs, bindIs } from './patterns.ts';
import { bindQuery } from './queries.ts';
import { bindDefault, bindLiteral, bindSizeOf, bindTypeOf } from './simple-expressions.ts';
import { convertThrown } from './statements.ts';
import { bindInterpolated } from './strings.ts';
import type { Term } from './terms.ts';
import { valueTerm } from './terms.ts';
import { bindType } from './type-names.ts';

export function bindExpression(b: Binder, syntax: Expression): Term {
  const prebound = b.prebound.get(syntax);
  return prebound ?? b.nested(syntax.span, () => bindByKind(b, syntax));
}

/** Where `throw` may stand: arms of `?:`, the right of `??`, bodies of lambdas and local functions. */
export function bindValueOrThrow(b: Binder, syntax: Expression): Term {
  if (syntax.kind !== 'throwExpression') return bindExpression(b, syntax);
  return { kind: 'throw', value: convertThrown(b, syntax.value), span: syntax.span };
}

/** Binds an expression that must be a value with a type of its own. */
export function bindValue(b: Binder, syntax: Expression): BoundExpression {
  return asValue(b, bindExpression(b, syntax));
}

function bindByKind(b: Binder, syntax: Expression): Term {
  switch (syntax.kind) {
    case 'literal':
      return bindLiteral(b, syntax);
    case 'interpolatedString':
      return valueTerm(bindInterpolated(b, syntax));
    case 'name':
      return bindName(b, syntax);
    case 'predefinedType':
      if (syntax.name === 'void') return valueTerm(b.refuse(syntax.span, fault.voidNotAllowed()));
      return { kind: 'type', type: b.type(syntax.name), span: syntax.span };
    case 'memberAccess':
      return bindMemberAccess(b, syntax, false);
    case 'memberBinding':
      return bindMemberBinding(b, syntax, false);
    case 'elementAccess':
      return valueTerm(bindElementAccess(b, syntax));
    case 'elementBinding':
      return valueTerm(bindElementBinding(b, syntax));
    case 'conditionalAccess':
      return valueTerm(bindConditionalAccess(b, syntax));
    case 'invocation':
      return valueTerm(bindInvocation(b, syntax));
    case 'objectCreation':
      return valueTerm(bindObjectCreation(b, syntax));
    case 'arrayCreation':
      return valueTerm(bindArrayCreation(b, syntax, undefined));
    case 'anonymousObject':
      return valueTerm(bindAnonymousObject(b, syntax));
    case 'lambda':
      return bindLambda(b, syntax);
    case 'parenthesized':
      return bindExpression(b, syntax.expression);
    case 'tuple':
      return bindTupleLiteral(b, syntax);
    case 'default':
      return bindDefault(b, syntax);
    default:
      return valueTerm(bindOperation(b, syntax));
  }
}

type Operation = Exclude<
  Expression,
  {
    kind:
      | 'literal'
      | 'interpolatedString'
      | 'name'
      | 'predefinedType'
      | 'memberAccess'
      | 'memberBinding'
      | 'elementAccess'
      | 'elementBinding'
      | 'conditionalAccess'
      | 'invocation'
      | 'objectCreation'
      | 'arrayCreation'
      | 'anonymousObject'
      | 'lambda'
      | 'parenthesized'
      | 'tuple'
      | 'default';
  }
>;

function bindOperation(b: Binder, syntax: Operation): BoundExpression {
  switch (syntax.kind) {
    case 'unary':
      return bindUnary(b, syntax);
    case 'postfix':
      return bindIncrement(b, syntax.operand, syntax.operator, true, syntax.span);
    case 'binary':
      return syntax.operator === '??' ? bindCoalesce(b, syntax) : bindBinary(b, syntax);
    case 'assignment':
      return bindAssignment(b, syntax);
    case 'conditional':
      return bindConditional(b, syntax);
    case 'cast':
      return castTo(b, bindExpression(b, syntax.operand), bindType(b, syntax.type), syntax.span);
    case 'is':
      return bindIs(b, syntax);
    case 'as':
      return bindAs(b, syntax);
    case 'typeof':
      return bindTypeOf(b, syntax);
    case 'sizeof':
      return bindSizeOf(b, syntax);
    case 'checkedExpression':
      return b.withOverflow(syntax.checked ? 'checked' : 'unchecked', () => bindValue(b, syntax.expression));
    case 'query':
      return bindQuery(b, syntax);
    default:
      return bindMisplaced(b, syntax);
  }
}

/** Expressions that cannot stand where a value is wanted. */
function bindMisplaced(
  b: Binder,
  syntax: Extract<Operation, { kind: 'throwExpression' | 'declaration' | 'this' | 'ref' | 'missing' }>,
): BoundExpression {
  switch (syntax.kind) {
    case 'throwExpression':
      convertThrown(b, syntax.value);
      return b.refuse(syntax.span, fault.throwNotAllowed());
    case 'declaration':
      return bindDeclarationExpression(b, syntax);
    case 'this':
      return b.refuse(syntax.span, syntax.keyword === 'this' ? fault.thisNotAllowed() : fault.baseNotAllowed());
    case 'ref':
      bindValue(b, syntax.expression);
      return b.refuse(syntax.span, fault.refMisplaced());
    case 'missing':
      return b.wrong(syntax.span);
  }
}
