/** `return ref x;` in local functions that return by reference (C# specification, The return statement). */
import type { Span } from '../../source/span.ts';
import type { Expression } from '../syntax/ast.ts';
import { isError } from '../types/kinds.ts';
import type { BoundExpression } from './bound.ts';
import type { Binder } from './context.ts';
import { bindValue } from './expressions.ts';
import * as fault from './faults.ts';

/** The reference that a `return` gives; reports what cannot be returned, or is not returned as the function says. */
export function bindReturnedReference(b: Binder, syntax: Expression, at: Span): BoundExpression {
  const { returnsRef, returnType } = b.frame;
  const place = bindValue(b, syntax.kind === 'ref' ? syntax.expression : syntax);
  if (!returnsRef) return b.refuse(at, fault.returnedByReference());
  if (syntax.kind !== 'ref') return b.refuse(at, fault.returnedByValue());
  if (isError(place.type)) return place;
  const problem = unreturnable(place);
  if (problem !== undefined) return b.refuse(place.span, problem);
  if (returnType !== undefined && place.type !== returnType) return b.refuse(place.span, fault.returnedOtherType(b.show(returnType)));
  return { kind: 'referenceOf', place, type: place.type, span: syntax.span };
}

/** A place must outlive the call: variables of a function do not. */
function unreturnable(place: BoundExpression): fault.Wording | undefined {
  switch (place.kind) {
    case 'arrayElement':
    case 'target':
      return undefined;
    case 'local':
      if (place.local.byRef) return undefined;
      return place.local.kind === 'parameter'
        ? fault.parameterReturnedByReference(place.local.name)
        : fault.localReturnedByReference(place.local.name);
    case 'field':
      return place.receiver === undefined ? fault.notReturnableByReference() : unreturnable(place.receiver);
    default:
      return fault.notReturnableByReference();
  }
}
