/** `is`, `as` and the patterns of C# 7: constant, type, declaration, var and discard. */
import type { Span } from '../../source/span.ts';
import type { AsExpression, Designation, Expression, IsExpression, Pattern, TypePattern, TypeSyntax } from '../syntax/ast.ts';
import { isError, isNullable, isReferenceType, isValueType, underlyingOf } from '../types/kinds.ts';
import type { Type } from '../types/type.ts';
import type { BoundExpression, BoundLiteral, BoundPattern, LocalSymbol } from './bound.ts';
import type { Binder } from './context.ts';
import { castTo, convertTo } from './conversions.ts';
import { bindExpression } from './expressions.ts';
import * as fault from './faults.ts';
import { declareVariable } from './names.ts';
import { asValue, isErrorTerm, isNullLiteral, operandOf, termText, valueOperand } from './operands.ts';
import type { Term } from './terms.ts';
import { bindType, findType } from './type-names.ts';

export function bindIs(b: Binder, syntax: IsExpression): BoundExpression {
  const { span } = syntax;
  const term = bindExpression(b, syntax.operand);
  const operand = tested(b, term, span);
  const pattern = bindPattern(b, syntax.pattern, operand.type);
  if (isNullPattern(pattern)) b.reads.observed(operand);
  return isError(operand.type) || pattern === undefined ? b.wrong(span) : { kind: 'is', operand, pattern, type: b.type('bool'), span };
}

function tested(b: Binder, term: Term, span: Span): BoundExpression {
  if (isErrorTerm(term)) return b.wrong(span);
  if (term.kind === 'lambda' || term.kind === 'methods' || term.kind === 'localFunction') return b.refuse(span, fault.isNeedsType());
  return asValue(b, term);
}

function isNullPattern(pattern: BoundPattern | undefined): boolean {
  return pattern?.kind === 'constant' && pattern.value.value === null;
}

/** Undefined when the pattern is wrong and reported. */
export function bindPattern(b: Binder, syntax: Pattern, operandType: Type): BoundPattern | undefined {
  switch (syntax.kind) {
    case 'typePattern':
      return bindTypePattern(b, syntax, operandType);
    case 'declarationPattern':
      return declarationPattern(b, syntax.type, syntax.designation, operandType);
    case 'constantPattern':
      return constantPattern(b, syntax.expression, operandType);
    case 'varPattern':
      return varPattern(b, syntax.designation, operandType);
    case 'discardPattern':
      return { kind: 'discard' };
  }
}

/** A name behind `is` is a type if there is one, else a constant. */
function bindTypePattern(b: Binder, syntax: TypePattern, operandType: Type): BoundPattern | undefined {
  const type = syntax.expression === undefined ? bindType(b, syntax.type) : findType(b, syntax.type);
  if (type !== undefined) return typePattern(b, type, operandType, syntax.span, undefined, true);
  if (syntax.expression === undefined) return undefined;
  const before = b.faults.length;
  const term = bindExpression(b, syntax.expression);
  if (isErrorTerm(term) && b.faults.length > before) {
    b.faults.length = before;
    bindType(b, syntax.type);
    return undefined;
  }
  return constantOf(b, term, operandType);
}

function declarationPattern(b: Binder, syntax: TypeSyntax, designation: Designation, operandType: Type): BoundPattern | undefined {
  const type = syntax.kind === 'varType' ? operandType : bindType(b, syntax);
  const local = designation.kind === 'variable' ? declareVariable(b, designation.name, type) : undefined;
  return typePattern(b, type, operandType, syntax.span, local, false);
}

function typePattern(
  b: Binder,
  type: Type,
  operandType: Type,
  at: Span,
  local: LocalSymbol | undefined,
  nullableAllowed: boolean,
): BoundPattern | undefined {
  if (isError(type) || isError(operandType)) return undefined;
  const bare = underlyingOf(type);
  if (bare !== undefined && !nullableAllowed) {
    b.report(at, fault.nullablePattern(b.show(type), b.show(bare)));
    return undefined;
  }
  const wanted = bare ?? type;
  const isOperandNull = operandType.kind === 'special';
  if (!nullableAllowed && !isOperandNull && !mayBe(b, operandType, wanted)) {
    b.report(at, fault.impossiblePattern(b.showFully(operandType), b.showFully(type)));
    return undefined;
  }
  return { kind: 'type', type: wanted, operandType, ...(local === undefined ? {} : { local }) };
}

/** Whether a value of a static type can be an instance of another at all: no user-defined or numeric conversion counts. */
function mayBe(b: Binder, from: Type, to: Type): boolean {
  const conversion = b.semantics.explicit({ type: from }, to);
  return conversion !== undefined && conversion.kind !== 'user' && conversion.kind !== 'numeric' && !(conversion.kind === 'lifted');
}

function varPattern(b: Binder, designation: Designation, operandType: Type): BoundPattern {
  if (designation.kind !== 'variable') return { kind: 'var' };
  return { kind: 'var', local: declareVariable(b, designation.name, operandType) };
}

function constantPattern(b: Binder, syntax: Expression, operandType: Type): BoundPattern | undefined {
  return constantOf(b, bindExpression(b, syntax), operandType);
}

/** The constant in the operand's type where the operand has a type of constants; its own type under `object`. */
function constantOf(b: Binder, term: Term, operandType: Type): BoundPattern | undefined {
  if (isErrorTerm(term) || isError(operandType)) return undefined;
  if (term.kind === 'default') {
    b.report(term.span, {
      code: 'CS8363',
      message:
        "A default literal 'default' is not valid as a pattern. Use another literal (e.g. '0' or 'null') as appropriate. To match everything, use a discard pattern '_'.",
    });
    return undefined;
  }
  const value = asValue(b, term);
  if (value.kind !== 'literal') {
    if (!isError(value.type)) b.report(term.span, fault.constantExpected());
    return undefined;
  }
  const constant = inOperandType(b, term, value, operandType);
  return constant === undefined ? undefined : { kind: 'constant', value: constant, operandType };
}

function inOperandType(b: Binder, term: Term, value: BoundLiteral, operandType: Type): BoundLiteral | undefined {
  if (isNullLiteral(value)) return nullConstant(b, value, operandType);
  const bare = underlyingOf(operandType) ?? operandType;
  if (!isValueType(bare) && bare.kind !== 'typeParameter') {
    const fits = b.semantics.implicit(valueOperand(value), bare) !== undefined;
    if (!fits) convertTo(b, term, bare);
    return fits ? value : undefined;
  }
  const converted = convertTo(b, term, bare);
  return converted.kind === 'literal' ? converted : undefined;
}

function nullConstant(b: Binder, value: BoundLiteral, operandType: Type): BoundLiteral | undefined {
  const takes = isReferenceType(operandType) || isNullable(operandType) || operandType.kind !== 'named';
  if (!takes) b.report(value.span, fault.nullToValueType(b.show(operandType)));
  return takes ? value : undefined;
}

// ---------------------------------------------------------------- as

export function bindAs(b: Binder, syntax: AsExpression): BoundExpression {
  const { span } = syntax;
  const term = bindExpression(b, syntax.operand);
  const type = bindType(b, syntax.type);
  if (isErrorTerm(term) || isError(type)) return b.wrong(span);
  if (term.kind === 'lambda' || term.kind === 'methods' || term.kind === 'localFunction') return b.refuse(span, fault.isNeedsType());
  if (isValueType(type) && !isNullable(type)) return b.refuse(span, fault.asNeedsReference(b.show(type)));
  const operand = asValue(b, term);
  if (isError(operand.type)) return operand;
  if (isNullLiteral(operand)) return castTo(b, term, type, span);
  const conversion = b.semantics.explicit(operandOf(b, term), type);
  const possible = conversion !== undefined && conversion.kind !== 'user' && conversion.kind !== 'numeric' && conversion.kind !== 'lifted';
  if (!possible) return b.refuse(span, fault.asImpossible(termText(b, term, true), b.showFully(type)));
  return { kind: 'as', operand, type, span };
}
