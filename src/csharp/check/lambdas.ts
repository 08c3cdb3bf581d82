/** Lambdas and anonymous methods: bound once for each list of parameter types, turned into delegates when one is wanted. */
import type { Span } from '../../source/span.ts';
import type { Expression, Lambda, LambdaParameter, SyntaxFault } from '../syntax/ast.ts';
import { isError, isVoid } from '../types/kinds.ts';
import type { Type } from '../types/type.ts';
import type { BoundBlock, BoundExpression, BoundLambda, BoundStatement, LocalSymbol } from './bound.ts';
import type { Binder, Environment } from './context.ts';
import { convertTo } from './conversions.ts';
import { bindValueOrThrow } from './expressions.ts';
import * as fault from './faults.ts';
import { Frame } from './frame.ts';
import { asValue, isErrorTerm, lambdaText, operandOf, typeOfTerm } from './operands.ts';
import { Scope } from './scope.ts';
import type { DelegateInvoke, LambdaOperand, LambdaResult } from './semantics.ts';
import { bindBlock } from './statements.ts';
import type { LambdaTerm, Term } from './terms.ts';
import { bindType } from './type-names.ts';

/** What is known of a lambda before its delegate type is. */
export interface LambdaBindings {
  readonly place: Environment;
  /** Where the lambda writes its parameter types. */
  readonly explicitTypes: readonly Type[] | undefined;
  readonly bodies: LambdaBody[];
  operand?: LambdaOperand;
}

/** A body bound with certain parameter types; its returned values still await the delegate's return type. */
interface LambdaBody {
  readonly types: readonly Type[];
  readonly parameters: readonly LocalSymbol[];
  readonly frame: Frame;
  readonly scope: Scope;
  readonly term?: Term;
  readonly block?: BoundBlock;
  readonly faults: readonly SyntaxFault[];
  result?: LambdaResult;
}

export function bindLambda(b: Binder, syntax: Lambda): Term {
  if (syntax.isAsync) b.report(syntax.span, fault.asyncRefused());
  const written = syntax.parameters;
  const explicit = written?.length !== 0 && written?.every((parameter) => parameter.type !== undefined);
  const explicitTypes = explicit ? written?.map((parameter) => parameterType(b, parameter)) : undefined;
  return { kind: 'lambda', syntax, span: syntax.span, bindings: { place: b.environment(), explicitTypes, bodies: [] } };
}

function parameterType(b: Binder, parameter: LambdaParameter): Type {
  return parameter.type === undefined ? b.error : bindType(b, parameter.type);
}

export function lambdaOperand(b: Binder, term: LambdaTerm): LambdaOperand {
  const { bindings, syntax } = term;
  bindings.operand ??= {
    kind: 'lambda',
    parameterCount: syntax.parameters?.length,
    ...(bindings.explicitTypes === undefined ? {} : { explicitTypes: bindings.explicitTypes }),
    bindReturn: (types) => resultOf(b, term, bodyFor(b, term, types)),
  };
  return bindings.operand;
}

function sameTypes(left: readonly Type[], right: readonly Type[]): boolean {
  return left.length === right.length && left.every((type, index) => type === right[index]);
}

function bodyFor(b: Binder, term: LambdaTerm, types: readonly Type[]): LambdaBody {
  const { bindings } = term;
  const wanted = bindings.explicitTypes ?? types;
  const known = bindings.bodies.find((body) => sameTypes(body.types, wanted));
  if (known !== undefined) return known;
  const body = b.nested(term.span, () => bindBody(b, term, wanted));
  bindings.bodies.push(body);
  return body;
}

function bindBody(b: Binder, term: LambdaTerm, types: readonly Type[]): LambdaBody {
  const { place } = term.bindings;
  const frame = new Frame('lambda', undefined);
  const scope = new Scope(place.scope, frame);
  const bound = b.within({ ...place, frame, scope }, () => bindInside(b, term.syntax, types));
  return { types, frame, scope, faults: bound.faults, ...bound.result };
}

function bindInside(b: Binder, syntax: Lambda, types: readonly Type[]): Pick<LambdaBody, 'parameters' | 'term' | 'block'> {
  const parameters = (syntax.parameters ?? []).map((parameter, index) => declareParameter(b, parameter, types[index] ?? b.error));
  declareRanges(b, syntax, parameters[0]);
  if (syntax.body.kind === 'block') return { parameters, block: bindBlock(b, syntax.body, b.scope) };
  return { parameters, term: bindValueOrThrow(b, syntax.body) };
}

function declareParameter(b: Binder, parameter: LambdaParameter, type: Type): LocalSymbol {
  const { name, modifier } = parameter;
  const local: LocalSymbol = {
    name: name.text,
    type,
    kind: 'parameter',
    captured: false,
    byRef: modifier !== undefined,
    ...(modifier !== undefined && { modifier }),
    declaredAt: name.span,
  };
  const conflict = b.scope.conflict(name);
  if (conflict === 'same') b.report(name.span, fault.duplicateParameter(name.text));
  if (conflict === 'enclosing') b.report(name.span, fault.shadowedLocal(name.text));
  b.scope.entries.set(name.text, { kind: 'local', local });
  return local;
}

/** Range variables of a query that the lambda's parameter carries: plain, or inside transparent identifiers. */
function declareRanges(b: Binder, syntax: Lambda, parameter: LocalSymbol | undefined): void {
  if (parameter === undefined) return;
  for (const { name, path } of b.ranges.get(syntax) ?? []) {
    let value: BoundExpression = { kind: 'local', local: parameter, type: parameter.type, span: parameter.declaredAt };
    for (const member of path) value = memberOfRange(b, value, member);
    b.scope.entries.set(name, { kind: 'alias', value });
  }
}

function memberOfRange(b: Binder, receiver: BoundExpression, name: string): BoundExpression {
  const member = receiver.type.kind === 'anonymous' ? receiver.type.members.find((each) => each.name === name) : undefined;
  if (member === undefined) return b.wrong(receiver.span);
  return { kind: 'anonymousMember', receiver, name, type: member.type, span: receiver.span };
}

// ---------------------------------------------------------------- inference

function resultOf(b: Binder, term: LambdaTerm, body: LambdaBody): LambdaResult {
  body.result ??= body.term === undefined ? blockResult(b, term, body) : expressionResult(b, term, body, body.term);
  return body.result;
}

function expressionResult(b: Binder, term: LambdaTerm, body: LambdaBody, value: Term): LambdaResult {
  const isThrow = value.kind === 'throw';
  const type = typeOfTerm(value);
  const failed = isErrorTerm(value) || body.faults.length > 0;
  return {
    returnType: isErrorTerm(value) ? null : type,
    returns: isThrow || isVoid(type) ? [] : [operandOf(b, value)],
    fitsVoid: isThrow || (term.syntax.body.kind !== 'block' && mayBeStatement(term.syntax.body)),
    fitsValue: !isVoid(type),
    hasErrors: failed,
  };
}

function blockResult(b: Binder, term: LambdaTerm, body: LambdaBody): LambdaResult {
  const returned = body.frame.returns.flatMap((site) => (site.term === undefined ? [] : [site.term]));
  const operands = returned.map((value) => operandOf(b, value));
  const inferred = returned.length === 0 ? b.void : (b.semantics.bestCommonType(operands) ?? null);
  return {
    returnType: returned.some(isErrorTerm) ? null : inferred,
    returns: operands,
    fitsVoid: returned.length === 0,
    fitsValue: body.frame.returns.every((site) => site.term !== undefined) && (returned.length > 0 || neverEnds(term.syntax)),
    hasErrors: body.faults.length > 0 || returned.some(isErrorTerm),
  };
}

/** A block that ends in `throw` (or loops for ever) fits a delegate with and without a value. */
function neverEnds(syntax: Lambda): boolean {
  const last = syntax.body.kind === 'block' ? syntax.body.statements.at(-1) : undefined;
  return last?.kind === 'throw' || (last?.kind === 'while' && last.condition.kind === 'literal' && last.condition.value === true);
}

/** The expressions that C# allows as statements. */
export function mayBeStatement(expression: Expression): boolean {
  switch (expression.kind) {
    case 'invocation':
    case 'assignment':
    case 'postfix':
    case 'objectCreation':
    case 'missing':
      return true;
    case 'unary':
      return expression.operator === '++' || expression.operator === '--' || expression.operator === 'await';
    case 'conditionalAccess':
      return mayBeStatement(expression.rest);
    default:
      return false;
  }
}

// ---------------------------------------------------------------- conversion

/** Turns the lambda into a delegate of the type; reports what does not fit, and everything wrong inside. */
export function convertLambda(b: Binder, term: LambdaTerm, to: Type): BoundExpression {
  const invoke = b.semantics.delegateOf(to);
  if (invoke === undefined) return b.refuse(term.span, fault.lambdaToValue(lambdaText(term), b.show(to)));
  const types = invoke.parameters.map((parameter) => parameter.type);
  const body = parametersFit(b, term, to, types) ? bodyFor(b, term, types) : undefined;
  if (body === undefined) return b.wrong(term.span);
  for (const each of body.faults) b.faults.push(each);
  return finish(b, term, body, to, invoke);
}

function parametersFit(b: Binder, term: LambdaTerm, to: Type, types: readonly Type[]): boolean {
  const { syntax, bindings } = term;
  if (syntax.parameters === undefined) return true;
  if (syntax.parameters.length !== types.length) {
    b.report(term.span, fault.wrongParameterCount(b.show(to), syntax.parameters.length));
    return false;
  }
  const { explicitTypes } = bindings;
  if (explicitTypes === undefined || explicitTypes.some(isError)) return true;
  // The names of a tuple's parts make no other type.
  const isSame = (type: Type, wanted: Type) => b.semantics.implicit({ type }, wanted)?.kind === 'identity';
  if (explicitTypes.every((type, index) => isSame(type, types[index] ?? b.error))) return true;
  b.report(term.span, fault.wrongParameterTypes(lambdaText(term), b.show(to)));
  explicitTypes.forEach((type, index) => {
    const wanted = types[index] ?? b.error;
    const at = syntax.parameters?.[index]?.name.span ?? term.span;
    if (!isSame(type, wanted)) b.report(at, fault.parameterTypeMismatch(index + 1, b.show(type), b.show(wanted)));
  });
  return false;
}

/** Reports what is wrong inside a lambda whose call could not be resolved; true when that explains the failure. */
export function reportLambdaBody(b: Binder, term: LambdaTerm): boolean {
  const { bodies } = term.bindings;
  if (bodies.length === 0 && b.ranges.get(term.syntax) === undefined) {
    bodyFor(
      b,
      term,
      (term.syntax.parameters ?? []).map(() => b.error),
    );
  }
  const faulty =
    bodies.find((body) => body.faults.length > 0 && !body.types.some(isError)) ?? bodies.find((body) => body.faults.length > 0);
  for (const each of faulty?.faults ?? []) b.faults.push(each);
  return faulty !== undefined;
}

/** A value that does not convert to the delegate's return type. */
export const CONVERSION_FAULTS: ReadonlySet<string> = new Set(['CS0029', 'CS0266', 'CS0031', 'CS0037', 'CS0664']);

/** Where the first value that the lambda returns stands. */
export function firstReturned(term: LambdaTerm): Span | undefined {
  const [body] = term.bindings.bodies;
  return body?.term?.span ?? body?.frame.returns.find((site) => site.term !== undefined)?.term?.span;
}

function finish(b: Binder, term: LambdaTerm, body: LambdaBody, to: Type, invoke: DelegateInvoke): BoundExpression {
  const node = { kind: 'lambda', type: to, span: term.span, returnType: invoke.returnType } as const;
  const parameters = body.parameters.length > 0 ? body.parameters : unnamedParameters(invoke, term.span);
  const before = b.faults.length;
  const bound = body.term === undefined ? finishBlock(b, body, invoke) : finishExpression(b, term, body, body.term, invoke);
  const first = b.faults[before];
  if (first !== undefined && CONVERSION_FAULTS.has(first.code)) b.report(first.span, fault.wrongLambdaReturn(lambdaText(term)));
  const lambda: BoundLambda = { ...node, parameters, body: bound, arrow: term.syntax.arrow };
  return lambda;
}

/** `delegate { … }` takes whatever its delegate has. */
function unnamedParameters(invoke: DelegateInvoke, at: Span): LocalSymbol[] {
  return invoke.parameters.map(({ name, type, modifier }) => ({
    name,
    type,
    kind: 'parameter',
    captured: false,
    byRef: modifier !== undefined,
    ...(modifier !== undefined && { modifier }),
    declaredAt: at,
  }));
}

function finishExpression(
  b: Binder,
  term: LambdaTerm,
  body: LambdaBody,
  value: Term,
  invoke: DelegateInvoke,
): BoundBlock | BoundExpression {
  if (value.kind === 'throw') return blockOf({ kind: 'throw', span: value.span, value: value.value }, body, term.span);
  if (!isVoid(invoke.returnType)) {
    const converted = convertTo(b, value, invoke.returnType);
    return withVariables(converted, { kind: 'return', span: term.span, value: converted }, body, term.span);
  }
  if (term.syntax.body.kind !== 'block' && !mayBeStatement(term.syntax.body)) b.report(value.span, fault.notAStatement());
  const done = asValue(b, value);
  return withVariables(done, { kind: 'expression', span: done.span, expression: done }, body, term.span);
}

function withVariables(value: BoundExpression, statement: BoundStatement, body: LambdaBody, span: Span): BoundBlock | BoundExpression {
  return body.scope.variables.length === 0 ? value : blockOf(statement, body, span);
}

function blockOf(statement: BoundStatement, body: LambdaBody, span: Span): BoundBlock {
  return { kind: 'block', span, statements: [statement], locals: body.scope.variables };
}

function finishBlock(b: Binder, body: LambdaBody, invoke: DelegateInvoke): BoundBlock {
  for (const { statement, term } of body.frame.returns) {
    if (isVoid(invoke.returnType)) {
      if (term !== undefined) b.report(statement.span, fault.returnsNothing('Anonymous function'));
    } else if (term === undefined) b.report(statement.span, fault.valueExpected(b.show(invoke.returnType)));
    else statement.value = convertTo(b, term, invoke.returnType);
  }
  return body.block ?? { kind: 'block', span: { start: 0, end: 0 }, statements: [], locals: [] };
}
