/** Statements: blocks and the simple ones; loops, switch and try have files of their own. */
import type { Span } from '../../source/span.ts';
import type {
  Block,
  Expression,
  GotoStatement,
  IfStatement,
  LabeledStatement,
  LockStatement,
  ReturnStatement,
  Statement,
  YieldStatement,
} from '../syntax/ast.ts';
import { isError, isValueType, isVoid } from '../types/kinds.ts';
import type { BoundBlock, BoundExpression, BoundStatement } from './bound.ts';
import type { Binder } from './context.ts';
import { castTo, convertTo } from './conversions.ts';
import { bindDeclaration } from './declarations.ts';
import { bindExpression, bindValue } from './expressions.ts';
import * as fault from './faults.ts';
import type { ReturnStatement as ReturnNode } from './frame.ts';
import { mayBeStatement } from './lambdas.ts';
import type { LocalFunctionEntry } from './local-functions.ts';
import { announceFunction, bindDeclaredFunction, functionStatements } from './local-functions.ts';
import { bindDo, bindFor, bindForEach, bindWhile } from './loops.ts';
import { reportConflict } from './names.ts';
import { asValue, isErrorTerm, isNullLiteral } from './operands.ts';
import { bindCondition } from './operators.ts';
import { bindReturnedReference } from './ref-returns.ts';
import { Scope } from './scope.ts';
import { bindSwitch, gotoSection } from './switches.ts';
import { bindTry, bindUsing } from './try.ts';

/** A block in a scope of its own, or in the one given (bodies share the scope of their parameters). */
export function bindBlock(b: Binder, syntax: Block, scope = new Scope(b.scope, b.frame)): BoundBlock {
  return b.inScope(() => {
    const statements = bindStatements(b, syntax.statements);
    return { kind: 'block', span: syntax.span, statements, locals: scope.variables };
  }, scope);
}

/** The statements of a block or switch section: names are announced first, since a block is one declaration space. */
export function bindStatements(b: Binder, statements: readonly Statement[]): BoundStatement[] {
  const functions = announce(b, statements);
  const bound = statements.flatMap((statement) => bindStatement(b, statement, functions));
  return [...functionStatements(functions), ...bound];
}

function announce(b: Binder, statements: readonly Statement[]): LocalFunctionEntry[] {
  for (const statement of statements) {
    if (statement.kind === 'localDeclaration') {
      for (const { name } of statement.declarators) {
        if (!b.scope.entries.has(name.text)) b.scope.entries.set(name.text, { kind: 'pending', at: name.span });
      }
    }
    announceLabels(b, statement);
  }
  return statements.flatMap((statement) => (statement.kind === 'localFunction' ? [declareFunction(b, statement)] : []));
}

function announceLabels(b: Binder, statement: Statement): void {
  for (let at = statement; at.kind === 'labeled'; at = at.statement) {
    if (b.scope.hasLabel(at.label.text)) b.report(at.label.span, fault.duplicateLabel(at.label.text));
    b.scope.labels.add(at.label.text);
  }
}

function declareFunction(b: Binder, statement: Statement & { kind: 'localFunction' }): LocalFunctionEntry {
  reportConflict(b, statement.name);
  const entry = announceFunction(b, statement);
  b.scope.entries.set(statement.name.text, { kind: 'function', function: entry });
  return entry;
}

function bindStatement(b: Binder, syntax: Statement, functions: readonly LocalFunctionEntry[]): BoundStatement[] {
  if (syntax.kind === 'localDeclaration') return bindDeclaration(b, syntax, 'local').statements;
  if (syntax.kind === 'localFunction') {
    const entry = functions.find((each) => each.syntax === syntax);
    if (entry !== undefined) bindDeclaredFunction(b, entry);
    return [];
  }
  return [b.nested(syntax.span, () => bindOne(b, syntax))];
}

function bindOne(b: Binder, syntax: Exclude<Statement, { kind: 'localDeclaration' | 'localFunction' }>): BoundStatement {
  const { span } = syntax;
  switch (syntax.kind) {
    case 'block':
      return bindBlock(b, syntax);
    case 'expressionStatement':
      return bindExpressionStatement(b, syntax.expression, span);
    case 'empty':
      return { kind: 'block', span, statements: [], locals: [] };
    case 'if':
      return bindIf(b, syntax);
    case 'while':
      return bindWhile(b, syntax);
    case 'do':
      return bindDo(b, syntax);
    case 'for':
      return bindFor(b, syntax);
    case 'forEach':
      return bindForEach(b, syntax);
    case 'switch':
      return bindSwitch(b, syntax);
    case 'try':
      return bindTry(b, syntax);
    case 'using':
      return bindUsing(b, syntax);
    case 'checkedStatement':
      return b.withOverflow(syntax.checked ? 'checked' : 'unchecked', () => bindBlock(b, syntax.body));
    default:
      return bindJump(b, syntax);
  }
}

type Jump = Extract<Statement, { kind: 'break' | 'continue' | 'goto' | 'labeled' | 'return' | 'throw' | 'lock' | 'yield' }>;

function bindJump(b: Binder, syntax: Jump): BoundStatement {
  const { span } = syntax;
  const around = b.frame.surroundings;
  switch (syntax.kind) {
    case 'break':
      if (!around.breakable) b.report(span, fault.noLoop());
      return { kind: 'break', span };
    case 'continue':
      if (!around.continuable) b.report(span, fault.noLoop());
      return { kind: 'continue', span };
    case 'goto':
      return bindGoto(b, syntax);
    case 'labeled':
      return bindLabeled(b, syntax);
    case 'return':
      return bindReturn(b, syntax);
    case 'throw':
      return bindThrow(b, syntax.value, span);
    case 'lock':
      return bindLock(b, syntax);
    case 'yield':
      return bindYield(b, syntax);
  }
}

/** A statement in a place of its own (branch of `if`, body of a loop): variables it declares stay inside. */
export function bindEmbedded(b: Binder, syntax: Statement): BoundStatement {
  if (syntax.kind === 'block') return b.nested(syntax.span, () => bindBlock(b, syntax));
  return b.inScope((scope) => {
    const statements = bindStatements(b, [syntax]);
    const [only] = statements;
    const isPlain = statements.length === 1 && scope.variables.length === 0 && only !== undefined && only.kind !== 'declare';
    return isPlain ? only : { kind: 'block', span: syntax.span, statements, locals: scope.variables };
  });
}

export function bindExpressionStatement(b: Binder, syntax: Expression, span: Span): BoundStatement {
  const term = bindExpression(b, syntax);
  const isBroken = isErrorTerm(term);
  if (!isBroken && !mayBeStatement(syntax)) {
    b.report(syntax.span, fault.notAStatement());
    return { kind: 'expression', span, expression: b.wrong(syntax.span) };
  }
  return { kind: 'expression', span, expression: isBroken ? b.wrong(syntax.span) : asValue(b, term) };
}

function bindIf(b: Binder, syntax: IfStatement): BoundStatement {
  const condition = bindCondition(b, syntax.condition);
  const whenTrue = bindEmbedded(b, syntax.whenTrue);
  const base = { kind: 'if', span: syntax.span, condition, whenTrue } as const;
  return syntax.whenFalse === undefined ? base : { ...base, whenFalse: bindEmbedded(b, syntax.whenFalse) };
}

function bindLabeled(b: Binder, syntax: LabeledStatement): BoundStatement {
  const statements = bindStatement(b, syntax.statement, []);
  const [only] = statements;
  const statement: BoundStatement =
    statements.length === 1 && only !== undefined ? only : { kind: 'block', span: syntax.span, statements, locals: [] };
  return { kind: 'label', span: syntax.span, label: syntax.label.text, statement };
}

function bindGoto(b: Binder, syntax: GotoStatement): BoundStatement {
  const { target, span } = syntax;
  if (target.kind === 'label') {
    if (!b.scope.hasLabel(target.name.text)) b.report(target.name.span, fault.noLabel(target.name.text));
    return { kind: 'goto', span, target: { kind: 'label', label: target.name.text } };
  }
  return {
    kind: 'goto',
    span,
    target: { kind: 'section', index: gotoSection(b, target.kind === 'case' ? target.value : undefined, span) },
  };
}

function bindReturn(b: Binder, syntax: ReturnStatement): BoundStatement {
  const { span } = syntax;
  const { frame } = b;
  if (frame.surroundings.inFinally) b.report(span, fault.leavesFinally());
  const statement: ReturnNode = { kind: 'return', span };
  if (syntax.value !== undefined && (frame.returnsRef || syntax.value.kind === 'ref')) {
    statement.value = bindReturnedReference(b, syntax.value, span);
    return statement;
  }
  const term = syntax.value === undefined ? undefined : bindExpression(b, syntax.value);
  frame.returns.push({ statement, term });
  if (frame.yieldType !== undefined) b.report(span, fault.returnInIterator());
  else if (frame.returnType !== undefined) finishReturn(b, statement, term);
  return statement;
}

function finishReturn(b: Binder, statement: ReturnNode, term: ReturnType<typeof bindExpression> | undefined): void {
  const wanted = b.frame.returnType;
  if (wanted === undefined) return;
  if (isVoid(wanted)) {
    if (term !== undefined && !isErrorTerm(term)) b.report(statement.span, fault.voidFunctionReturns(b.frame.name));
    return;
  }
  if (term === undefined) b.report(statement.span, fault.valueExpected(b.show(wanted)));
  else statement.value = convertTo(b, term, wanted);
}

function bindThrow(b: Binder, value: Expression | undefined, span: Span): BoundStatement {
  if (value !== undefined) return { kind: 'throw', span, value: convertThrown(b, value) };
  if (!b.frame.surroundings.inCatch) b.report(span, fault.rethrowOutsideCatch());
  return { kind: 'throw', span };
}

/** What is thrown must be an exception. */
export function convertThrown(b: Binder, syntax: Expression): BoundExpression {
  const value = bindValue(b, syntax);
  if (isError(value.type)) return value;
  const exception = b.type('System.Exception');
  const fits = isNullLiteral(value) || b.semantics.implicit({ type: value.type }, exception) !== undefined;
  if (!fits) return b.refuse(syntax.span, fault.notAnException());
  return isNullLiteral(value) ? castTo(b, { kind: 'value', value, span: value.span }, exception, value.span) : value;
}

/** One expression runs alone, so a lock is its body after its operand. */
function bindLock(b: Binder, syntax: LockStatement): BoundStatement {
  const value = bindValue(b, syntax.value);
  if (!isError(value.type) && isValueType(value.type)) b.report(syntax.value.span, fault.lockNeedsReference(b.show(value.type)));
  const body = bindEmbedded(b, syntax.body);
  const first: BoundStatement = { kind: 'expression', span: syntax.value.span, expression: value };
  return { kind: 'block', span: syntax.span, statements: [first, body], locals: [] };
}

function bindYield(b: Binder, syntax: YieldStatement): BoundStatement {
  const { span } = syntax;
  const { frame } = b;
  if (frame.kind === 'lambda') b.report(span, fault.yieldInLambda());
  if (frame.kind === 'program') b.report({ start: 0, end: 0 }, fault.notAnIterator('expression', b.show(frame.returnType ?? b.error)));
  if (syntax.value === undefined) return { kind: 'yield', span };
  const term = bindExpression(b, syntax.value);
  const value = frame.yieldType === undefined ? asValue(b, term) : convertTo(b, term, frame.yieldType);
  return { kind: 'yield', span, value };
}
