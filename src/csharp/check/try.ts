/** `try`, `catch … when`, `finally`, and `using`. */
import type { CatchClause, TryStatement, UsingStatement } from '../syntax/ast.ts';
import { isError } from '../types/kinds.ts';
import type { NamedType, Type } from '../types/type.ts';
import type { BoundExpression, BoundStatement, BoundTry, LocalSymbol } from './bound.ts';
import type { Binder } from './context.ts';
import { bindDeclaration } from './declarations.ts';
import { bindValue } from './expressions.ts';
import * as fault from './faults.ts';
import { declareLocal, makeLocal } from './names.ts';
import { isNullLiteral } from './operands.ts';
import { bindCondition } from './operators.ts';
import { bindBlock, bindEmbedded } from './statements.ts';
import { bindType } from './type-names.ts';

type Catch = BoundTry['catches'][number];

export function bindTry(b: Binder, syntax: TryStatement): BoundStatement {
  const body = bindBlock(b, syntax.body);
  const caught: Type[] = [];
  const catches = syntax.catches.map((clause) => bindCatch(b, clause, caught));
  const last = syntax.finally === undefined ? {} : { finally: bindFinally(b, syntax.finally) };
  return { kind: 'try', span: syntax.span, body, catches, ...last };
}

function bindFinally(b: Binder, syntax: TryStatement['body']) {
  const before = b.frame.surroundings;
  b.frame.surroundings = { ...before, inFinally: true };
  const bound = bindBlock(b, syntax);
  b.frame.surroundings = before;
  return bound;
}

function bindCatch(b: Binder, clause: CatchClause, caught: Type[]): Catch {
  const before = b.frame.surroundings;
  return b.inScope((scope) => {
    const type = clause.type === undefined ? undefined : caughtType(b, clause, clause.type, caught);
    const local = clause.name === undefined ? undefined : catchVariable(b, clause.name, type);
    const filter = clause.filter === undefined ? undefined : bindCondition(b, clause.filter);
    b.frame.surroundings = { ...before, inCatch: true };
    const bound = bindBlock(b, clause.body);
    b.frame.surroundings = before;
    const body = { ...bound, locals: [...scope.variables, ...bound.locals] };
    return { type, body, ...(local === undefined ? {} : { local }), ...(filter === undefined ? {} : { filter }) };
  });
}

function catchVariable(b: Binder, name: CatchClause['name'] & object, type: NamedType | undefined): LocalSymbol {
  const local = makeLocal(name, type ?? b.error, 'local');
  declareLocal(b, name, local);
  return local;
}

function caughtType(b: Binder, clause: CatchClause, syntax: CatchClause['type'] & object, caught: Type[]): NamedType | undefined {
  const type = bindType(b, syntax);
  if (isError(type)) return undefined;
  if (type.kind !== 'named' || b.semantics.implicit({ type }, b.type('System.Exception'))?.kind === undefined || !isException(b, type)) {
    b.report(syntax.span, fault.notAnException());
    return undefined;
  }
  const earlier = caught.find((each) => b.types.isAssignable(type, each));
  if (earlier !== undefined) b.report(syntax.span, fault.caughtBefore(b.show(earlier)));
  if (clause.filter === undefined) caught.push(type);
  return type;
}

function isException(b: Binder, type: NamedType): boolean {
  return b.types.isAssignable(type, b.type('System.Exception'));
}

// ---------------------------------------------------------------- using

export function bindUsing(b: Binder, syntax: UsingStatement): BoundStatement {
  return b.inScope((scope) => {
    const declared = syntax.declaration === undefined ? undefined : bindDeclaration(b, syntax.declaration, 'using');
    for (const { type, declaredAt } of declared?.locals ?? []) checkDisposable(b, type, syntax.declaration?.span ?? declaredAt);
    const expression = syntax.expression === undefined ? undefined : resource(b, bindValue(b, syntax.expression));
    const body = bindEmbedded(b, syntax.body);
    const locals = declared?.locals ?? [];
    const statement: BoundStatement = {
      kind: 'using',
      span: syntax.span,
      resources: declared?.statements ?? [],
      locals,
      body,
      ...(expression === undefined ? {} : { expression }),
    };
    return scope.variables.length === 0
      ? statement
      : { kind: 'block', span: syntax.span, statements: [statement], locals: scope.variables };
  });
}

function resource(b: Binder, value: BoundExpression): BoundExpression {
  if (!isNullLiteral(value)) checkDisposable(b, value.type, value.span);
  return value;
}

function checkDisposable(b: Binder, type: Type, span: BoundExpression['span']): void {
  if (isError(type)) return;
  if (b.semantics.implicit({ type }, b.type('System.IDisposable')) === undefined) b.report(span, fault.notDisposable(b.show(type)));
}
