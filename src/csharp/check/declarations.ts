/** Local variables and constants. */
import type { Declarator, Expression, LocalDeclaration, TypeSyntax } from '../syntax/ast.ts';
import { isError, isValueType, isVoid } from '../types/kinds.ts';
import type { Type } from '../types/type.ts';
import { bindArrayCreation } from './arrays.ts';
import type { BoundExpression, BoundLiteral, BoundStatement, LocalSymbol } from './bound.ts';
import { constantKind } from './constants.ts';
import type { Binder } from './context.ts';
import { convertTo } from './conversions.ts';
import { bindExpression } from './expressions.ts';
import * as fault from './faults.ts';
import { declareLocal, makeLocal } from './names.ts';
import { asValue, isErrorTerm, isNullLiteral } from './operands.ts';
import { declareRef } from './ref-locals.ts';
import type { Term } from './terms.ts';
import { bindType } from './type-names.ts';

export interface Declared {
  readonly statements: BoundStatement[];
  readonly locals: readonly LocalSymbol[];
}

/** `kind` is `using` for the resources of a using statement. */
export function bindDeclaration(b: Binder, syntax: LocalDeclaration, kind: 'local' | 'using'): Declared {
  if (syntax.type.kind === 'varType') {
    if (syntax.isConst) b.report(syntax.type.span, fault.varConst());
    else if (syntax.declarators.length > 1) b.report(syntax.span, fault.varSeveral());
  }
  const type = syntax.type.kind === 'varType' ? undefined : declaredType(b, syntax.type);
  const bound = syntax.declarators.map((declarator) => {
    if (syntax.isRef) return declareRef(b, declarator, type, syntax.isReadonly === true);
    if (syntax.isConst) return declareConstant(b, declarator, type ?? b.error);
    return type === undefined ? declareVar(b, declarator, kind) : declareTyped(b, declarator, type, kind);
  });
  const statements = bound.flatMap((each) => each.statements).map((statement) => ({ ...statement, span: syntax.span }));
  return { statements, locals: bound.flatMap((each) => each.locals) };
}

export function declaredType(b: Binder, syntax: TypeSyntax): Type {
  const type = bindType(b, syntax);
  if (isVoid(type)) {
    b.report(syntax.span, fault.voidNotAllowed());
    return b.error;
  }
  if (type.kind === 'named' && type.definition.typeKind === 'static class') b.report(syntax.span, fault.staticTypeVariable(b.show(type)));
  return type;
}

/** A variable and its first value. */
export function declare(local: LocalSymbol, value?: BoundExpression): Declared {
  const span = local.declaredAt;
  return { statements: [{ kind: 'declare', span, local, ...(value === undefined ? {} : { value }) }], locals: [local] };
}

/** The variable is in scope inside its own initializer. */
function declareTyped(b: Binder, { name, initializer }: Declarator, type: Type, kind: 'local' | 'using'): Declared {
  const local = makeLocal(name, type, kind);
  declareLocal(b, name, local);
  return initializer === undefined ? declare(local) : declare(local, initialValue(b, initializer, type));
}

function initialValue(b: Binder, initializer: Expression, type: Type): BoundExpression {
  if (isBareBraces(initializer)) return bindArrayCreation(b, initializer, type);
  return convertTo(b, bindExpression(b, initializer), type);
}

/** `int[] a = { 1, 2 }`. */
function isBareBraces(syntax: Expression): syntax is Extract<Expression, { kind: 'arrayCreation' }> {
  return syntax.kind === 'arrayCreation' && syntax.type === undefined && syntax.initializer?.span.start === syntax.span.start;
}

function declareVar(b: Binder, declarator: Declarator, kind: 'local' | 'using'): Declared {
  const { name, initializer } = declarator;
  const value = initializer === undefined ? undefined : inferredValue(b, declarator, initializer);
  if (initializer === undefined) b.report(name.span, fault.varNeedsInitializer());
  const local = makeLocal(name, value?.type ?? b.error, kind);
  declareLocal(b, name, local);
  return declare(local, value);
}

function inferredValue(b: Binder, { name }: Declarator, initializer: Expression): BoundExpression {
  if (isBareBraces(initializer)) return b.refuse(name.span, fault.varOfArrayInitializer());
  const term = bindExpression(b, initializer);
  if (isErrorTerm(term)) return b.wrong(initializer.span);
  if (term.kind === 'methods' || term.kind === 'localFunction') return b.refuse(term.span, fault.inferredDelegateType());
  const nothing = withoutType(term);
  if (nothing !== undefined) return b.refuse(name.span, fault.varOf(nothing));
  return asValue(b, term);
}

/** What `var` cannot take its type from. */
function withoutType(term: Term): string | undefined {
  if (term.kind === 'tuple' && term.type === null) return '<tuple>';
  if (term.kind !== 'value') return undefined;
  if (isNullLiteral(term.value)) return '<null>';
  return isVoid(term.value.type) ? 'void' : undefined;
}

// ---------------------------------------------------------------- constants

function declareConstant(b: Binder, { name, initializer }: Declarator, type: Type): Declared {
  const local = makeLocal(name, type, 'const');
  if (initializer === undefined) b.report(name.span, fault.constNeedsValue());
  const value = initializer === undefined ? b.wrong(name.span) : initialValue(b, initializer, type);
  const constant = constantValue(b, name.text, type, value);
  declareLocal(b, name, local, constant === undefined ? undefined : { kind: 'local', local, constant });
  return { statements: [], locals: [local] };
}

function constantValue(b: Binder, name: string, type: Type, value: BoundExpression): BoundLiteral | undefined {
  if (isError(type) || isError(value.type)) return { kind: 'literal', value: null, type: b.error, span: value.span };
  if (value.kind === 'literal') return { ...value, type };
  const isOtherStruct = constantKind(type) === undefined && isValueType(type);
  b.report(value.span, isOtherStruct ? fault.constOfType(b.show(type)) : fault.notConstant(name));
  return { kind: 'literal', value: null, type: b.error, span: value.span };
}
