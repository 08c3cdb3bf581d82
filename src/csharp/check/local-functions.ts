/**
 * Local functions. Generic ones are checked once with their type parameters and then bound anew for every list of type
 * arguments they are used with, since the representation of a value follows its static type.
 */
import type { Span } from '../../source/span.ts';
import type { FunctionParameter, LocalFunction, Name } from '../syntax/ast.ts';
import { isError, isNamed, isVoid, mentionsTypeParameter } from '../types/kinds.ts';
import type { Method, Parameter, Type, TypeParameter } from '../types/type.ts';
import type { ArgumentTerm } from './arguments.ts';
import { abandonArguments, callArgument, finishArguments } from './arguments.ts';
import type { BoundBlock, BoundExpression, BoundStatement, LocalFunctionSymbol, LocalSymbol } from './bound.ts';
import { refuseCall } from './calls.ts';
import type { Binder, Environment } from './context.ts';
import { convertTo } from './conversions.ts';
import { bindExpression, bindValueOrThrow } from './expressions.ts';
import * as fault from './faults.ts';
import { Frame } from './frame.ts';
import { mayBeStatement } from './lambdas.ts';
import { asValue, isErrorTerm } from './operands.ts';
import { bindReturnedReference } from './ref-returns.ts';
import { Scope } from './scope.ts';
import type { Candidate } from './semantics.ts';
import { bindBlock } from './statements.ts';
import type { LocalFunctionTerm } from './terms.ts';
import { bindType } from './type-names.ts';

/** A local function of a block: its signature, and a bound copy for each list of type arguments. */
export interface LocalFunctionEntry {
  readonly name: Name;
  readonly syntax: LocalFunction;
  readonly place: Environment;
  readonly typeParameters: readonly TypeParameter[];
  readonly parameters: readonly Parameter[];
  readonly returnType: Type;
  readonly isIterator: boolean;
  readonly copies: { readonly types: readonly Type[]; readonly symbol: LocalFunctionSymbol }[];
}

/** More copies of functions than anyone needs: a recursion that makes ever larger types ends here. */
const MOST_COPIES = 100;

/** Reads the signature, so that calls may come before the declaration. */
export function announceFunction(b: Binder, syntax: LocalFunction): LocalFunctionEntry {
  for (const modifier of syntax.modifiers) {
    if (modifier.text === 'async') b.report(modifier.span, fault.asyncRefused());
    else if (modifier.text !== 'static') b.report(modifier.span, fault.modifierNotAllowed(modifier.text));
  }
  const typeParameters = syntax.typeParameters.map(({ text }): TypeParameter => ({ kind: 'typeParameter', name: text }));
  const signature = b.inScope((scope) => {
    typeParameters.forEach((parameter) => void scope.typeParameters.set(parameter.name, parameter));
    const returnType = bindType(b, syntax.returnType);
    if (syntax.returnsRef !== undefined && isVoid(returnType)) b.report(syntax.returnType.span, fault.voidNotAllowed());
    return { returnType, parameters: syntax.parameters.map((parameter) => parameterOf(b, parameter)) };
  });
  return {
    name: syntax.name,
    syntax,
    place: b.environment(),
    typeParameters,
    ...signature,
    isIterator: syntax.body.kind === 'block' && containsYield(syntax.body.statements),
    copies: [],
  };
}

function parameterOf(b: Binder, parameter: FunctionParameter): Parameter {
  const { name, modifier, defaultValue } = parameter;
  const type = bindType(b, parameter.type);
  const base = { name: name.text, type, isParams: modifier === 'params', isOptional: defaultValue !== undefined };
  const withModifier = modifier === undefined || modifier === 'params' ? base : { ...base, modifier };
  return defaultValue === undefined ? withModifier : { ...withModifier, defaultValue: defaultConstant(b, parameter, type) };
}

function defaultConstant(b: Binder, parameter: FunctionParameter, type: Type): unknown {
  if (parameter.defaultValue === undefined) return undefined;
  const value = convertTo(b, bindExpression(b, parameter.defaultValue), type);
  if (value.kind === 'literal') return value.value;
  if (value.kind !== 'default' && value.kind !== 'conversion') b.report(value.span, fault.optionalNotConstant(parameter.name.text));
  return null;
}

/** Whether a function body yields; nested functions do not count. */
function containsYield(statements: readonly unknown[]): boolean {
  return statements.some(yields);
}

function yields(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  const { kind } = node as { kind?: unknown };
  if (kind === 'yield') return true;
  if (kind === 'localFunction' || kind === 'lambda') return false;
  return Object.values(node).some((part) => (Array.isArray(part) ? part.some(yields) : yields(part)));
}

// ---------------------------------------------------------------- bodies

/** The bound function for the type arguments; made at first use. */
function copyFor(b: Binder, entry: LocalFunctionEntry, types: readonly Type[], span: Span): LocalFunctionSymbol | undefined {
  const known = entry.copies.find((copy) => copy.types.every((type, index) => type === types[index]));
  if (known !== undefined) return known.symbol;
  b.copies += 1;
  if (b.copies > MOST_COPIES) {
    b.report(span, fault.tooManySpecialisations(entry.name.text));
    return undefined;
  }
  return makeCopy(b, entry, types, entry.typeParameters.length === 0);
}

/** Binds the body with `types` for the type parameters; its faults count when `reports`. */
function makeCopy(b: Binder, entry: LocalFunctionEntry, types: readonly Type[], reports: boolean): LocalFunctionSymbol {
  const fill = (type: Type) => b.types.substitute(type, entry.typeParameters, types);
  const returnType = fill(entry.returnType);
  const parameters = entry.syntax.parameters.map(
    ({ name, modifier }, index): LocalSymbol => ({
      name: name.text,
      type: fill(entry.parameters[index]?.type ?? b.error),
      kind: 'parameter',
      captured: false,
      byRef: modifier !== undefined && modifier !== 'params',
      ...(modifier !== undefined && modifier !== 'params' && { modifier }),
      declaredAt: name.span,
    }),
  );
  const symbol: LocalFunctionSymbol = {
    name: entry.name.text,
    typeParameters: [],
    parameters,
    returnType,
    body: undefined,
    isIterator: entry.isIterator,
    ...(entry.syntax.returnsRef === undefined ? {} : { returnsRef: entry.syntax.returnsRef }),
  };
  entry.copies.push({ types, symbol });
  const faults = bindBody(b, entry, types, symbol);
  if (reports) for (const each of faults) b.faults.push(each);
  return symbol;
}

function bindBody(b: Binder, entry: LocalFunctionEntry, types: readonly Type[], symbol: LocalFunctionSymbol) {
  const yieldType = entry.isIterator ? iteratorElement(b, symbol.returnType) : undefined;
  const shown = `${symbol.name}(${symbol.parameters.map((parameter) => b.show(parameter.type)).join(', ')})`;
  const frame = new Frame('localFunction', symbol.returnType, yieldType, shown, symbol.returnsRef !== undefined);
  const scope = new Scope(entry.place.scope, frame);
  entry.typeParameters.forEach((parameter, index) => void scope.typeParameters.set(parameter.name, types[index] ?? b.error));
  const bound = b.within({ ...entry.place, frame, scope, receivers: [] }, () => {
    if (entry.isIterator && frame.yieldType === undefined && !isError(symbol.returnType))
      b.report(entry.name.span, fault.notAnIterator(shown, b.show(symbol.returnType)));
    declareParameters(b, entry.syntax, symbol.parameters);
    return b.nested(entry.name.span, () => functionBody(b, entry.syntax, symbol));
  });
  symbol.body = bound.result;
  return bound.faults;
}

function declareParameters(b: Binder, syntax: LocalFunction, parameters: readonly LocalSymbol[]): void {
  syntax.parameters.forEach(({ name }, index) => {
    const local = parameters[index];
    if (local === undefined) return;
    const conflict = b.scope.conflict(name);
    if (conflict === 'same') b.report(name.span, fault.duplicateParameter(name.text));
    if (conflict === 'enclosing') b.report(name.span, fault.shadowedLocal(name.text));
    b.scope.entries.set(name.text, { kind: 'local', local });
  });
}

function functionBody(b: Binder, syntax: LocalFunction, symbol: LocalFunctionSymbol): BoundBlock {
  if (syntax.body.kind === 'block') return bindBlock(b, syntax.body, b.scope);
  const statement = expressionBody(b, syntax, symbol);
  return { kind: 'block', span: syntax.body.span, statements: [statement], locals: b.scope.variables };
}

function expressionBody(b: Binder, syntax: LocalFunction, symbol: LocalFunctionSymbol): BoundStatement {
  const { body } = syntax;
  if (body.kind === 'block') return { kind: 'block', span: body.span, statements: [], locals: [] };
  if ((b.frame.returnsRef && body.kind !== 'throwExpression') || body.kind === 'ref')
    return { kind: 'return', span: body.span, value: bindReturnedReference(b, body, body.span) };
  const term = bindValueOrThrow(b, body);
  if (term.kind === 'throw') return { kind: 'throw', span: body.span, value: term.value };
  if (!isVoid(symbol.returnType)) return { kind: 'return', span: body.span, value: convertTo(b, term, symbol.returnType) };
  if (!mayBeStatement(body)) b.report(body.span, fault.notAStatement());
  return { kind: 'expression', span: body.span, expression: asValue(b, term) };
}

/** What an iterator function yields: T of IEnumerable<T> or IEnumerator<T>, object of the plain ones. */
function iteratorElement(b: Binder, type: Type): Type | undefined {
  const generic = ['System.Collections.Generic.IEnumerable', 'System.Collections.Generic.IEnumerator'];
  if (generic.some((name) => isNamed(type, name))) return type.kind === 'named' ? (type.typeArguments[0] ?? b.type('object')) : undefined;
  const plain = ['System.Collections.IEnumerable', 'System.Collections.IEnumerator'];
  return plain.some((name) => isNamed(type, name)) ? b.type('object') : undefined;
}

/** Checks a function where it stands: plain ones are bound now, generic ones once with their own type parameters. */
export function bindDeclaredFunction(b: Binder, entry: LocalFunctionEntry): void {
  if (entry.typeParameters.length === 0) copyFor(b, entry, [], entry.name.span);
  else checkGeneric(b, entry);
}

function checkGeneric(b: Binder, entry: LocalFunctionEntry): void {
  const trial: LocalFunctionEntry = { ...entry, copies: [] };
  makeCopy(b, trial, entry.typeParameters, true);
}

/** The statements that declare every copy a block has come to need. */
export function functionStatements(entries: readonly LocalFunctionEntry[]): BoundStatement[] {
  return entries.flatMap((entry) =>
    entry.copies
      .filter(({ types }) => !types.some(mentionsTypeParameter))
      .map(({ symbol }): BoundStatement => ({ kind: 'localFunction', span: entry.name.span, function: symbol })),
  );
}

// ---------------------------------------------------------------- uses

/** The function as overload resolution wants to see it. */
export function localFunctionCandidate(b: Binder, term: LocalFunctionTerm): Candidate {
  const on = b.type('object');
  const { function: entry, typeArguments } = term;
  const member: Method = {
    kind: 'method',
    name: entry.name.text,
    owner: on.definition,
    isStatic: true,
    signature: entry.name.text,
    isExtension: false,
    typeParameters: entry.typeParameters,
    parameters: entry.parameters,
    returnType: entry.returnType,
    implementation: () => undefined,
  };
  return { member, on, asExtension: false, ...(typeArguments === undefined ? {} : { typeArguments }) };
}

export function callLocalFunction(b: Binder, term: LocalFunctionTerm, args: readonly ArgumentTerm[], span: Span): BoundExpression {
  if (args.some((argument) => argument.term !== undefined && isErrorTerm(argument.term))) {
    abandonArguments(b, args);
    return b.wrong(span);
  }
  const entry = term.function;
  const found = b.semantics.resolve(
    [localFunctionCandidate(b, term)],
    args.map((argument) => callArgument(b, argument)),
  );
  if (!found.ok) return refuseCall(b, found, args, term.span, span);
  const symbol = copyFor(b, entry, found.typeArguments, span);
  const finished = finishArguments(b, entry.parameters, found, args, span);
  if (symbol === undefined) return b.wrong(span);
  const call: BoundExpression = { kind: 'localCall', function: symbol, type: found.returnType, span, ...finished };
  if (symbol.returnsRef === undefined) return call;
  return { kind: 'target', reference: call, isReadonly: symbol.returnsRef === 'readonly', type: found.returnType, span };
}
