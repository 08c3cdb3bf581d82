/** `ref int x = ref a[i];`: a second name for a place (C# specification, Reference local variables). */
import type { Declarator } from '../syntax/ast.ts';
import { isError } from '../types/kinds.ts';
import type { Type } from '../types/type.ts';
import { assignable } from './assignments.ts';
import type { BoundExpression, BoundTarget, LocalSymbol } from './bound.ts';
import type { Binder } from './context.ts';
import { type Declared, declare } from './declarations.ts';
import { bindExpression } from './expressions.ts';
import * as fault from './faults.ts';
import { localValue, makeLocal, reportConflict } from './names.ts';

/** A place whose parts are evaluated once, and the variables that hold them. */
interface Anchored extends Declared {
  readonly place: BoundExpression;
}

/** The name stands for the place wherever it is used; `type` is undefined for `ref var`. */
export function declareRef(b: Binder, { name, initializer }: Declarator, type: Type | undefined, isReadonly: boolean): Declared {
  const { place, ...declared } = referenced(b, initializer, name.span);
  const isOther = type !== undefined && type !== place.type && !isError(place.type) && !isError(type);
  if (isOther) b.report(place.span, fault.refOfOtherType(b.show(type)));
  reportConflict(b, name);
  if (name.text !== '')
    b.scope.entries.set(name.text, { kind: 'alias', value: isReadonly && !isError(place.type) ? readOnly(place) : place });
  return declared;
}

function referenced(b: Binder, initializer: Declarator['initializer'], at: BoundExpression['span']): Anchored {
  if (initializer === undefined) return plain(b.refuse(at, fault.refNeedsInitializer()));
  const term = bindExpression(b, initializer.kind === 'ref' ? initializer.expression : initializer);
  if (initializer.kind !== 'ref') return plain(b.refuse(initializer.span, fault.refNeedsRef()));
  return anchored(b, assignable(b, term, fault.outNeedsVariable()));
}

function plain(place: BoundExpression): Anchored {
  return { place, statements: [], locals: [] };
}

function anchored(b: Binder, place: BoundExpression): Anchored {
  if (isError(place.type) || place.kind === 'local') return plain(place);
  if (place.kind === 'target') return heldReference(place);
  if (place.kind === 'field' && place.receiver !== undefined) {
    const receiver = anchored(b, place.receiver);
    return { ...receiver, place: { ...place, receiver: receiver.place } };
  }
  if (place.kind !== 'arrayElement') return plain(b.refuse(place.span, fault.propertyByReference()));
  const [array, ...indexes] = [place.array, ...place.indexes].map(held);
  if (array === undefined) return plain(place);
  const all = [array, ...indexes];
  return {
    place: { ...place, array: array.place, indexes: indexes.map((index) => index.place) },
    statements: all.flatMap((each) => each.statements),
    locals: all.flatMap((each) => each.locals),
  };
}

/** What a function returned by reference is kept as such. */
function heldReference({ reference, type, span, isReadonly }: BoundTarget): Anchored {
  const local: LocalSymbol = { ...makeLocal({ text: '', span }, type, 'local'), byRef: true };
  const place = localValue(local, span);
  const kept = { ...declare(local, reference), place };
  return isReadonly ? { ...kept, place: readOnly(place) } : kept;
}

function readOnly(place: BoundExpression): BoundTarget {
  const { type, span } = place;
  return { kind: 'target', reference: { kind: 'referenceOf', place, type, span }, isReadonly: true, type, span };
}

/** A value kept in a variable without a name. */
function held(value: BoundExpression): Anchored {
  const local = makeLocal({ text: '', span: value.span }, value.type, 'local');
  return { ...declare(local, value), place: localValue(local, value.span) };
}
