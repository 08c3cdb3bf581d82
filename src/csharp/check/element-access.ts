/** `a[i]`: array elements and indexers. */
import type { Span } from '../../source/span.ts';
import type { Argument, ElementAccess, ElementBinding } from '../syntax/ast.ts';
import { isError } from '../types/kinds.ts';
import { INDEXER } from '../types/signature.ts';
import type { ArrayType } from '../types/type.ts';
import { abandonArguments, bindArguments, callArgument, finishArguments } from './arguments.ts';
import type { BoundExpression } from './bound.ts';
import { refuseCall } from './calls.ts';
import type { Binder } from './context.ts';
import { boxedFor, convertTo } from './conversions.ts';
import { bindExpression, bindValue } from './expressions.ts';
import * as fault from './faults.ts';
import { filledIn } from './members.ts';
import { isErrorTerm, isNullLiteral, operandOf } from './operands.ts';
import { permitMember } from './permissions.ts';
import type { Candidate } from './semantics.ts';
import type { Term } from './terms.ts';

export function bindElementAccess(b: Binder, syntax: ElementAccess): BoundExpression {
  return elementOf(b, bindValue(b, syntax.target), syntax.args, syntax.span);
}

/** `[i]` inside `a?[i]`. */
export function bindElementBinding(b: Binder, syntax: ElementBinding): BoundExpression {
  const receiver = b.receivers.at(-1);
  return receiver === undefined ? b.wrong(syntax.span) : elementOf(b, receiver, syntax.args, syntax.span);
}

export function elementOf(b: Binder, target: BoundExpression, args: readonly Argument[], span: Span): BoundExpression {
  if (!isError(target.type) && target.type.kind === 'array') return arrayElement(b, target, target.type, args, span);
  return indexerElement(b, target, args, span);
}

function arrayElement(b: Binder, array: BoundExpression, type: ArrayType, args: readonly Argument[], span: Span): BoundExpression {
  const indexes = args.map((argument) => arrayIndex(b, bindExpression(b, argument.expression)));
  if (args.length !== type.rank) return b.refuse(span, fault.wrongIndexCount(type.rank));
  const named = args.find((argument) => argument.name !== undefined);
  if (named !== undefined) return b.refuse(named.span, fault.namedIndexArgument());
  if (indexes.some((index) => isError(index.type))) return b.wrong(span);
  return { kind: 'arrayElement', array, indexes, type: type.element, span };
}

/** Indexes and array sizes are int, uint, long or ulong: the first that the value converts to. */
export function arrayIndex(b: Binder, term: Term): BoundExpression {
  if (isErrorTerm(term)) return b.wrong(term.span);
  const operand = operandOf(b, term);
  const keyword = ['int', 'uint', 'long', 'ulong'].find((each) => b.semantics.implicit(operand, b.type(each)) !== undefined);
  return convertTo(b, term, b.type(keyword ?? 'int'));
}

function indexerElement(b: Binder, target: BoundExpression, syntax: readonly Argument[], span: Span): BoundExpression {
  const args = bindArguments(b, syntax);
  if (isError(target.type)) return target;
  const candidates = isNullLiteral(target) ? [] : indexers(b, target);
  if (candidates.length === 0) return b.refuse(span, fault.cannotIndex(b.show(target.type)));
  if (args.some(({ term }) => term !== undefined && isErrorTerm(term))) {
    abandonArguments(b, args);
    return b.wrong(span);
  }
  b.reads.member(target, 'this[]');
  const found = b.semantics.resolve(
    candidates,
    args.map((argument) => callArgument(b, argument)),
  );
  if (!found.ok) return refuseCall(b, found, args, span, span);
  const { member, on } = found.candidate;
  if (member.kind !== 'indexer') return b.wrong(span);
  permitMember(b, { member, on }, span);
  const finished = finishArguments(b, member.parameters, found, args, span);
  const type = filledIn(b, member.type, { on });
  return { kind: 'indexer', indexer: member, on, receiver: boxedFor(target, on), args: finished.args, type, span };
}

function indexers(b: Binder, target: BoundExpression): Candidate[] {
  return b.semantics
    .members(target.type, INDEXER)
    .flatMap(({ member, on }) => (member.kind === 'indexer' ? [{ member, on, asExtension: false }] : []));
}
