/** Arguments of calls: evaluation order, references, and what must happen after the call. */
import type { BoundArgument, BoundExpression, EvaluationOrder } from '../check/bound.ts';
import { checkedReceiver, notNull } from '../runtime/checks.ts';
import type { Implementation } from '../types/declare.ts';
import type { NamedType, Type } from '../types/type.ts';
import { emit, emitUncopied } from './expression.ts';
import type { Frame } from './frame.ts';
import { isNonNull, isSimple } from './inspect.ts';
import { openPlace } from './places.ts';

/** Something that can be called with a list of argument codes. */
export interface Callee {
  /** Code in front of the opening parenthesis. */
  readonly code: string;
  /** Arguments that come first: runtime and types. */
  readonly leading: readonly string[];
}

/** The callee of a library implementation; a special one also takes the runtime and type arguments. */
export function implementationCallee(frame: Frame, implementation: Implementation, types: readonly Type[]): Callee {
  const { program } = frame;
  if (typeof implementation === 'function') return { code: program.constant(implementation), leading: [] };
  return { code: program.constant(implementation.call), leading: ['r', program.typeList(types)] };
}

/** Type arguments as special implementations expect them. */
export function typeArgumentsOf(on: NamedType, own: readonly Type[] = []): readonly Type[] {
  return own.length === 0 ? on.typeArguments : [...on.typeArguments, ...own];
}

/** Emits a call; the receiver, when there is one, is the first argument and is checked for null as C# does: after the arguments. */
export function emitCall(
  frame: Frame,
  callee: Callee,
  receiver: BoundExpression | undefined,
  args: readonly BoundArgument[],
  order: EvaluationOrder,
  isVoid: boolean,
): string {
  const after: string[] = [];
  const before: string[] = [];
  const receiverCode = receiver && prepareReceiver(frame, receiver, args, order, before);
  const codes = orderedArguments(frame, args, order, before, after);
  const all = receiverCode === undefined ? codes : withReceiver(frame, receiverCode, codes);
  const call = `${callee.code}(${[...callee.leading, ...all].join(',')})`;
  return wrap(frame, before, call, after, isVoid);
}

interface PreparedReceiver {
  readonly code: string;
  /** Name to check once the arguments are evaluated. */
  readonly checkLater?: string;
}

function prepareReceiver(
  frame: Frame,
  receiver: BoundExpression,
  args: readonly BoundArgument[],
  order: EvaluationOrder,
  before: string[],
): PreparedReceiver {
  const code = emitUncopied(receiver, frame);
  if (order) {
    const name = frame.temporary();
    before.push(`${name}=${code}`);
    return isNonNull(receiver, frame.program) ? { code: name } : { code: `${frame.program.constant(notNull)}(${name})` };
  }
  if (isNonNull(receiver, frame.program)) return { code };
  if (args.every((arg) => arg.kind === 'value' && isSimple(arg.value))) return { code: `${frame.program.constant(notNull)}(${code})` };
  const name = frame.temporary();
  return { code: `${name}=${code}`, checkLater: name };
}

function withReceiver(frame: Frame, receiver: PreparedReceiver, codes: string[]): string[] {
  if (receiver.checkLater === undefined) return [receiver.code, ...codes];
  const last = codes.length - 1;
  const checked = codes.map((code, at) =>
    at === last ? `${frame.program.constant(checkedReceiver)}(${code},${receiver.checkLater})` : code,
  );
  return [receiver.code, ...checked];
}

/** Argument codes in parameter order; named arguments in another order are evaluated into temporaries first. */
function orderedArguments(
  frame: Frame,
  args: readonly BoundArgument[],
  order: EvaluationOrder,
  before: string[],
  after: string[],
): string[] {
  if (!order) return args.map((arg) => emitArgument(frame, arg, after));
  const codes: string[] = args.map(() => 'null');
  for (const at of evaluationOrder(args, order)) {
    const arg = args[at];
    if (!arg) continue;
    const name = frame.temporary();
    before.push(`${name}=${emitArgument(frame, arg, after)}`);
    codes[at] = name;
  }
  return codes;
}

/** The written arguments in their order, then those that defaults fill in. */
function evaluationOrder(args: readonly BoundArgument[], order: readonly number[]): number[] {
  const rest = args.map((_, at) => at).filter((at) => !order.includes(at));
  return [...order, ...rest];
}

/** A `ref` argument of our own function: both sides see at once what the other writes, as when the function also captures the variable. */
export function aliased(arg: BoundArgument): BoundArgument {
  if (arg.kind === 'value' || arg.modifier !== 'ref' || arg.place.kind === 'discard') return arg;
  return { kind: 'value', value: { kind: 'referenceOf', place: arg.place, type: arg.place.type, span: arg.place.span } };
}

function emitArgument(frame: Frame, arg: BoundArgument, after: string[]): string {
  if (arg.kind === 'value') return emit(arg.value, frame);
  const { place } = arg;
  if (place.kind === 'discard') return '{value:null}';
  if (place.kind === 'target') return emit(place.reference, frame);
  if (arg.modifier === 'in' && place.kind !== 'local') return `{value:${emit(place, frame)}}`;
  if (place.kind === 'local' && place.local.byRef) return frame.local(place.local);
  const opened = openPlace(place, frame);
  const reference = frame.temporary();
  if (arg.modifier !== 'in') after.push(opened.set(`${reference}.value`));
  const initial = arg.modifier === 'out' ? 'null' : opened.get;
  return `(${[...opened.setup, `${reference}={value:${initial}}`].join(',')})`;
}

function wrap(frame: Frame, before: readonly string[], call: string, after: readonly string[], isVoid: boolean): string {
  if (after.length === 0) return before.length === 0 ? call : `(${[...before, call].join(',')})`;
  if (isVoid) return `(${[...before, call, ...after].join(',')})`;
  const result = frame.temporary();
  return `(${[...before, `${result}=${call}`, ...after, result].join(',')})`;
}
