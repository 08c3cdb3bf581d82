/** Method groups turned into delegates (C# specification, Method group conversions). */
import type { Span } from '../../source/span.ts';
import { isDelegate, isError, isVoid } from '../types/kinds.ts';
import type { Type } from '../types/type.ts';
import type { ArgumentTerm } from './arguments.ts';
import type { BoundExpression, BoundLambda, LocalSymbol, ReceiverSymbol } from './bound.ts';
import { callTerm, resolveMethods } from './calls.ts';
import type { Binder } from './context.ts';
import { applyConversion } from './conversions.ts';
import * as fault from './faults.ts';
import { localValue } from './names.ts';
import { valueOperand } from './operands.ts';
import type { DelegateInvoke } from './semantics.ts';
import type { LocalFunctionTerm, MethodsTerm, Term } from './terms.ts';
import { valueTerm } from './terms.ts';

/** A method group as a delegate of type `to`: the receiver is evaluated once, the call itself is written as a lambda. */
export function convertMethods(b: Binder, term: MethodsTerm, to: Type, at: Span): BoundExpression {
  if (isError(to)) return b.wrong(at);
  const invoke = isDelegate(to) ? b.semantics.delegateOf(to) : undefined;
  if (invoke === undefined) return b.refuse(term.nameSpan, fault.methodGroupToValue(term.name, b.show(to)));
  const parameters = delegateParameters(invoke, term.nameSpan);
  const symbol = term.receiver === undefined ? undefined : b.receiver(term.receiver.type);
  const inner = symbol === undefined ? term : { ...term, receiver: receiverValue(symbol, term.span) };
  const args = parameters.map((parameter, index) => forwarded(parameter, invoke, index));
  if (!resolveMethods(b, inner, args).found.ok) return b.refuse(term.nameSpan, fault.noMatchingOverload(term.name, b.show(to)));
  const adapter = adapterOf(b, inner, parameters, args, to, invoke);
  if (adapter === undefined) return b.wrong(term.span);
  const receiver = symbol === undefined || term.receiver === undefined ? {} : { receiver: { symbol, value: term.receiver } };
  return { kind: 'methodGroup', adapter, type: to, span: term.span, ...receiver };
}

export function convertLocalFunction(b: Binder, term: LocalFunctionTerm, to: Type, at: Span): BoundExpression {
  if (isError(to)) return b.wrong(at);
  const name = term.function.name.text;
  const invoke = isDelegate(to) ? b.semantics.delegateOf(to) : undefined;
  if (invoke === undefined) return b.refuse(term.span, fault.methodGroupToValue(name, b.show(to)));
  if (term.function.parameters.length !== invoke.parameters.length) return b.refuse(term.span, fault.noMatchingOverload(name, b.show(to)));
  const parameters = delegateParameters(invoke, term.span);
  const args = parameters.map((parameter, index) => forwarded(parameter, invoke, index));
  const adapter = adapterOf(b, term, parameters, args, to, invoke);
  return adapter === undefined ? b.wrong(term.span) : { kind: 'methodGroup', adapter, type: to, span: term.span };
}

function receiverValue(symbol: ReceiverSymbol, span: Span): BoundExpression {
  return { kind: 'receiver', symbol, type: symbol.type, span };
}

function delegateParameters(invoke: DelegateInvoke, at: Span): LocalSymbol[] {
  return invoke.parameters.map(({ name, type, modifier }) => ({
    name,
    type,
    kind: 'parameter',
    captured: false,
    byRef: modifier !== undefined,
    declaredAt: at,
  }));
}

function forwarded(local: LocalSymbol, invoke: DelegateInvoke, index: number): ArgumentTerm {
  const modifier = invoke.parameters[index]?.modifier;
  const base = { span: local.declaredAt, term: valueTerm(localValue(local, local.declaredAt)) };
  return modifier === undefined ? base : { ...base, modifier };
}

function adapterOf(
  b: Binder,
  callee: Term,
  parameters: readonly LocalSymbol[],
  args: readonly ArgumentTerm[],
  to: Type,
  invoke: DelegateInvoke,
): BoundLambda | undefined {
  const call = callTerm(b, callee, args, callee.span);
  if (isError(call.type)) return undefined;
  const body = returned(b, call, invoke.returnType);
  if (body === undefined) {
    b.report(callee.span, fault.wrongReturnType(b.show(call.type), callee.kind === 'methods' ? `${b.show(callee.on)}.${callee.name}` : ''));
    return undefined;
  }
  return { kind: 'lambda', parameters, body, returnType: invoke.returnType, type: to, span: callee.span };
}

/** Only identity and reference conversions are allowed for what the method returns. */
function returned(b: Binder, call: BoundExpression, wanted: Type): BoundExpression | undefined {
  if (isVoid(wanted)) return call;
  const conversion = b.semantics.implicit(valueOperand(call), wanted);
  if (conversion === undefined || (conversion.kind !== 'identity' && conversion.kind !== 'reference')) return undefined;
  return applyConversion(b, call, conversion, call.span);
}
