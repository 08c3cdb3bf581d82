/** Calls: of methods, extension methods, delegates and local functions (C# specification, Invocation expressions). */
import type { Span } from '../../source/span.ts';
import type { Expression, Invocation } from '../syntax/ast.ts';
import { isDelegate, isError } from '../types/kinds.ts';
import { nearestName } from '../types/permission.ts';
import type { Method, Type } from '../types/type.ts';
import type { ArgumentTerm } from './arguments.ts';
import { abandonArguments, bindArguments, callArgument, finishArguments, receiverArgument } from './arguments.ts';
import type { BoundExpression } from './bound.ts';
import type { Binder } from './context.ts';
import { boxedFor } from './conversions.ts';
import { describeMember } from './describe.ts';
import { bindExpression } from './expressions.ts';
import * as fault from './faults.ts';
import { CONVERSION_FAULTS, firstReturned, reportLambdaBody } from './lambdas.ts';
import { callLocalFunction } from './local-functions.ts';
import { bindMemberAccess, bindMemberBinding } from './members.ts';
import { asValue, candidatesOf, extensionCandidates, isErrorTerm, lambdaText } from './operands.ts';
import { permitMember, permittedNames } from './permissions.ts';
import type { Candidate, DelegateInvoke, OverloadFailure, OverloadSuccess } from './semantics.ts';
import { bindNameOf } from './simple-expressions.ts';
import type { LambdaTerm, MethodsTerm, Term } from './terms.ts';

export function bindInvocation(b: Binder, syntax: Invocation): BoundExpression {
  const name = bindNameOf(b, syntax);
  if (name !== undefined) return name;
  const callee = bindCallee(b, syntax.target);
  const args = bindArguments(b, syntax.args);
  return callTerm(b, callee, args, syntax.span);
}

function bindCallee(b: Binder, target: Expression): Term {
  if (target.kind === 'memberAccess') return b.nested(target.span, () => bindMemberAccess(b, target, true));
  if (target.kind === 'memberBinding') return bindMemberBinding(b, target, true);
  return bindExpression(b, target);
}

export function callTerm(b: Binder, callee: Term, args: readonly ArgumentTerm[], span: Span): BoundExpression {
  if (isErrorTerm(callee)) return abandon(b, args, span);
  switch (callee.kind) {
    case 'methods':
      return callMethods(b, callee, args, span);
    case 'localFunction':
      return callLocalFunction(b, callee, args, span);
    case 'type':
      abandon(b, args, span);
      return b.refuse(callee.span, fault.notInvocable(b.show(callee.type)));
    default:
      return callValue(b, asValue(b, callee), args, span);
  }
}

/** Gives up on a call whose parts are wrong; lambdas among the arguments still report what is wrong inside them. */
function abandon(b: Binder, args: readonly ArgumentTerm[], span: Span): BoundExpression {
  abandonArguments(b, args);
  for (const { term } of args) if (term?.kind === 'lambda' && term.bindings.bodies.length > 0) reportLambdaBody(b, term);
  return b.wrong(span);
}

function callValue(b: Binder, target: BoundExpression, args: readonly ArgumentTerm[], span: Span): BoundExpression {
  if (isError(target.type)) return abandon(b, args, span);
  const invoke = isDelegate(target.type) ? b.semantics.delegateOf(target.type) : undefined;
  if (invoke === undefined) {
    abandon(b, args, span);
    return b.refuse(target.span, fault.notAMethod());
  }
  const found = b.semantics.resolve(
    [delegateCandidate(b, invoke, target.type)],
    args.map((argument) => callArgument(b, argument)),
  );
  if (!found.ok) return refuseCall(b, found, args, target.span, span);
  return { kind: 'invoke', target, type: found.returnType, span, ...finishArguments(b, invoke.parameters, found, args, span) };
}

function delegateCandidate(b: Binder, invoke: DelegateInvoke, type: Type): Candidate {
  return { member: invoke, on: type.kind === 'named' ? type : b.type('object'), asExtension: false };
}

// ---------------------------------------------------------------- methods

function callMethods(b: Binder, callee: MethodsTerm, args: readonly ArgumentTerm[], span: Span): BoundExpression {
  if (args.some(({ term }) => term !== undefined && isErrorTerm(term))) return abandon(b, args, span);
  const choice = resolveMethods(b, callee, args);
  if (choice.found.ok) return finishCall(b, callee, choice.found, choice.args, span);
  return refuseMethods(b, callee, choice.found, choice.args, args, span);
}

interface Choice {
  readonly found: OverloadSuccess | OverloadFailure;
  /** With the receiver in front for extension methods. */
  readonly args: readonly ArgumentTerm[];
}

/** Instance methods first; extension methods only when none of those applies. */
export function resolveMethods(b: Binder, callee: MethodsTerm, args: readonly ArgumentTerm[]): Choice {
  const given = args.map((argument) => callArgument(b, argument));
  const candidates = candidatesOf(callee);
  const found = candidates.length === 0 ? undefined : b.semantics.resolve(candidates, given);
  const { receiver } = callee;
  if (found?.ok === true || callee.extensions.length === 0 || receiver === undefined) return { found: found ?? nothing(b, callee), args };
  const withReceiver = [receiverArgument(receiver), ...args];
  const fitting = callee.extensions.filter((method) => mayReceive(b, method, receiver.type));
  if (fitting.length === 0) return { found: found ?? notReceived(b, callee, receiver.type), args };
  const extension = b.semantics.resolve(
    extensionCandidates(b, fitting, callee.typeArguments),
    withReceiver.map((argument) => callArgument(b, argument)),
  );
  if (!extension.ok && found === undefined) return { found: otherwiseReceived(b, callee, withReceiver) ?? extension, args: withReceiver };
  if (extension.ok || found === undefined) return { found: extension, args: withReceiver };
  return { found, args };
}

function nothing(b: Binder, callee: MethodsTerm): OverloadFailure {
  return { ok: false, ...fault.noMember(b.show(callee.on), callee.name, nearestName(callee.name, permittedNames(b, callee.on))) };
}

/** Whether an extension method's first parameter can be of the receiver's kind at all; inference decides the rest. */
function mayReceive(b: Binder, method: Method, type: Type): boolean {
  const wanted = method.parameters[0]?.type;
  if (wanted === undefined || wanted.kind === 'typeParameter' || isError(type)) return true;
  if (wanted.kind === 'array') return type.kind === 'array' && type.rank === wanted.rank;
  if (wanted.kind !== 'named' || b.semantics.implicit({ type }, wanted) !== undefined) return true;
  for (let at: Type | undefined = type; at !== undefined; at = b.types.baseOf(at)) if (sameDefinition(at, wanted)) return true;
  return b.types.interfacesOf(type).some((each) => sameDefinition(each, wanted));
}

/**
 * Where no extension method that takes the receiver can infer its types, one that can, but takes another receiver, is what the
 * compiler names: `groups.Contains("x")` fails for the receiver of MemoryExtensions.Contains.
 */
function otherwiseReceived(b: Binder, callee: MethodsTerm, args: readonly ArgumentTerm[]): OverloadFailure | undefined {
  const others = callee.extensions.filter((method) => callee.receiver !== undefined && !mayReceive(b, method, callee.receiver.type));
  if (others.length === 0) return undefined;
  const found = b.semantics.resolve(
    extensionCandidates(b, others, callee.typeArguments),
    args.map((argument) => callArgument(b, argument)),
  );
  return !found.ok && found.argument === 0 ? found : undefined;
}

function sameDefinition(type: Type, wanted: Type): boolean {
  return type.kind === 'named' && wanted.kind === 'named' && wanted.typeArguments.length > 0 && type.definition === wanted.definition;
}

function notReceived(b: Binder, callee: MethodsTerm, type: Type): OverloadFailure {
  const plain = callee.extensions.find((method) => method.typeParameters.length === 0);
  const wanted = plain?.parameters[0]?.type;
  if (plain === undefined || wanted === undefined) return nothing(b, callee);
  const shown = describeMember(b, { member: plain, on: b.types.construct(plain.owner, []) });
  return { ok: false, ...fault.wrongReceiver(b.show(type), callee.name, shown, b.show(wanted)), argument: -1 };
}

function refuseMethods(
  b: Binder,
  callee: MethodsTerm,
  found: OverloadFailure,
  resolved: readonly ArgumentTerm[],
  args: readonly ArgumentTerm[],
  span: Span,
): BoundExpression {
  const isExtension = resolved.length > args.length;
  if (isExtension && found.argument === 0) return refuseReceiver(b, callee, found, args, span);
  if (found.argument === -1 && callee.receiver !== undefined) {
    abandon(b, args, span);
    b.report(callee.receiver.span, found);
    return b.wrong(span);
  }
  return refuseCall(b, found, resolved, callee.nameSpan, span);
}

function refuseReceiver(
  b: Binder,
  callee: MethodsTerm,
  found: OverloadFailure,
  args: readonly ArgumentTerm[],
  span: Span,
): BoundExpression {
  abandon(b, args, span);
  const [method] = callee.extensions;
  const at = callee.receiver?.span ?? callee.nameSpan;
  const wanted = method?.parameters[0]?.type;
  if (method === undefined || wanted === undefined) return b.refuse(at, found);
  const shown = describeMember(b, { member: method, on: b.types.construct(method.owner, []) });
  return b.refuse(at, fault.wrongReceiver(b.show(callee.on), callee.name, shown, b.show(wanted)));
}

/** Reports why no overload fits. A lambda that is wrong inside explains it better than the call does. */
export function refuseCall(b: Binder, found: OverloadFailure, args: readonly ArgumentTerm[], at: Span, span: Span): BoundExpression {
  abandonArguments(b, args);
  const explained = args.filter(({ term }) => term?.kind === 'lambda' && reportLambdaBody(b, term));
  if (explained.length > 0) return b.wrong(span);
  const blamed = found.argument === undefined ? undefined : args[found.argument];
  if (blamed?.term?.kind === 'lambda' && CONVERSION_FAULTS.has(found.code)) return refuseReturn(b, blamed.term, found, span);
  return b.refuse(blamed?.span ?? at, { code: found.code, message: found.message });
}

/** What a lambda returns does not convert to what the method wants: the returned value is to blame. */
function refuseReturn(b: Binder, term: LambdaTerm, found: OverloadFailure, span: Span): BoundExpression {
  const at = firstReturned(term) ?? term.span;
  b.report(at, { code: found.code, message: found.message });
  b.report(at, fault.wrongLambdaReturn(lambdaText(term)));
  return b.wrong(span);
}

/** The call itself once its method is known. */
function finishCall(b: Binder, callee: MethodsTerm, found: OverloadSuccess, args: readonly ArgumentTerm[], span: Span): BoundExpression {
  const { member, on, asExtension } = found.candidate;
  if (member.kind !== 'method') return b.wrong(span);
  permitMember(b, { member, on }, callee.nameSpan);
  const misuse = asExtension ? undefined : wrongSide(b, callee, found, member);
  if (misuse !== undefined) b.report(callee.span, misuse);
  const finished = finishArguments(b, member.parameters, found, args, span);
  const base = { kind: 'call', method: member, on, typeArguments: found.typeArguments, type: found.returnType, span, ...finished } as const;
  if (member.isStatic || callee.receiver === undefined) return base;
  return { ...base, receiver: boxedFor(callee.receiver, on) };
}

function wrongSide(b: Binder, callee: MethodsTerm, found: OverloadSuccess, method: Method): fault.Wording | undefined {
  const shown = () => describeMember(b, { member: method, on: found.candidate.on });
  if (method.isStatic) return callee.receiver !== undefined && !callee.viaType ? fault.needsType(shown()) : undefined;
  return callee.receiver === undefined ? fault.needsInstance(shown()) : undefined;
}

/** Calls a method of a value by name, as lowered constructs do (`Add` of collection initializers, `Deconstruct`). */
export function tryCall(
  b: Binder,
  receiver: BoundExpression,
  name: string,
  args: readonly ArgumentTerm[],
  span: Span,
): BoundExpression | OverloadFailure {
  const callee: MethodsTerm = {
    kind: 'methods',
    name,
    nameSpan: span,
    instance: b.semantics.members(receiver.type, name).filter(({ member }) => member.kind === 'method' && !member.isStatic),
    extensions: b.types.extensionMethods(name),
    receiver,
    on: receiver.type,
    viaType: false,
    typeArguments: undefined,
    span,
  };
  const choice = resolveMethods(b, callee, args);
  return choice.found.ok ? finishCall(b, callee, choice.found, choice.args, span) : choice.found;
}
