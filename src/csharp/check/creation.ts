/** `new T(…) { … }` with object, collection and index initialisers, and anonymous objects. */
import type { Span } from '../../source/span.ts';
import type {
  AnonymousMember,
  AnonymousObjectCreation,
  Expression,
  InitializerEntry,
  ObjectCreation,
  ObjectInitializer,
} from '../syntax/ast.ts';
import { isDelegate, isError, isNamed, isVoid } from '../types/kinds.ts';
import { nearestName } from '../types/permission.ts';
import { CONSTRUCTOR } from '../types/signature.ts';
import type { NamedType, Type } from '../types/type.ts';
import type { ArgumentTerm } from './arguments.ts';
import { abandonArguments, bindArguments, callArgument, finishArguments } from './arguments.ts';
import { assignable } from './assignments.ts';
import type { BoundExpression, BoundInitializer, ReceiverSymbol } from './bound.ts';
import { refuseCall, tryCall } from './calls.ts';
import type { Binder } from './context.ts';
import { convertTo, defaultOf } from './conversions.ts';
import { elementOf } from './element-access.ts';
import { bindExpression } from './expressions.ts';
import * as fault from './faults.ts';
import { memberValue } from './members.ts';
import { asValue, isErrorTerm, isNullLiteral, termText } from './operands.ts';
import { permitMember, permittedNames } from './permissions.ts';
import type { Candidate } from './semantics.ts';
import { valueTerm } from './terms.ts';
import { bindType } from './type-names.ts';

export function bindObjectCreation(b: Binder, syntax: ObjectCreation): BoundExpression {
  const type = bindType(b, syntax.type);
  const args = bindArguments(b, syntax.args ?? []);
  if (isError(type)) return abandonCreation(b, args, syntax);
  if (syntax.type.kind === 'tupleType') b.report(syntax.type.span, fault.tupleCreation());
  if (type.kind !== 'named') {
    abandonCreation(b, args, syntax);
    return b.refuse(syntax.span, fault.cannotCreateAbstract(b.show(type)));
  }
  if (isDelegate(type)) return delegateCreation(b, type, args, syntax.span);
  const wording = uncreatable(b, type);
  if (wording !== undefined) {
    abandonCreation(b, args, syntax);
    return b.refuse(syntax.span, wording);
  }
  if (args.some(({ term }) => term !== undefined && isErrorTerm(term))) return abandonCreation(b, args, syntax);
  return construct(b, type, args, syntax);
}

function uncreatable(b: Binder, { definition, ...type }: NamedType): fault.Wording | undefined {
  const shown = b.show({ definition, ...type });
  if (definition.typeKind === 'static class') return fault.cannotCreateStatic(shown);
  return definition.isAbstract || definition.typeKind === 'interface' ? fault.cannotCreateAbstract(shown) : undefined;
}

/** Initialisers of something that cannot be made still have their expressions checked. */
function abandonCreation(b: Binder, args: readonly ArgumentTerm[], syntax: ObjectCreation): BoundExpression {
  abandonArguments(b, args);
  for (const entry of syntax.initializer?.entries ?? []) {
    const values = entry.kind === 'element' ? entry.values : [entry.value];
    for (const value of values) if (value.kind !== 'initializer') bindExpression(b, value);
  }
  return b.wrong(syntax.span);
}

/** `new Func<int>(f)` is the conversion of its argument. */
function delegateCreation(b: Binder, type: NamedType, args: readonly ArgumentTerm[], span: Span): BoundExpression {
  const [argument] = args;
  if (argument?.term === undefined || args.length !== 1) return b.refuse(span, fault.delegateNeedsMethod());
  return convertTo(b, argument.term, type);
}

function construct(b: Binder, type: NamedType, args: readonly ArgumentTerm[], syntax: ObjectCreation): BoundExpression {
  const { span } = syntax;
  const receiver = b.receiver(type);
  const base = { kind: 'new', type, receiver, span } as const;
  const candidates = constructors(b, type);
  const isDefault =
    args.length === 0 && type.definition.typeKind !== 'class' && !candidates.some((each) => each.member.parameters.length === 0);
  if (isDefault) {
    if (syntax.initializer === undefined) return defaultOf(b, type, span);
    const initializers = bindInitializer(b, syntax.initializer, receiver);
    return { ...base, constructorMember: undefined, args: [], order: undefined, initializers };
  }
  const found = b.semantics.resolve(
    candidates,
    args.map((argument) => callArgument(b, argument)),
  );
  if (!found.ok) {
    const failed = refuseCall(b, found, args, syntax.type.span, span);
    if (syntax.initializer !== undefined) bindInitializer(b, syntax.initializer, receiver);
    return failed;
  }
  const { member, on } = found.candidate;
  if (member.kind !== 'constructor') return b.wrong(span);
  permitMember(b, { member, on }, syntax.type.span);
  const finished = finishArguments(b, member.parameters, found, args, span);
  const initializers = syntax.initializer === undefined ? [] : bindInitializer(b, syntax.initializer, receiver);
  return { ...base, constructorMember: member, ...finished, initializers };
}

function constructors(b: Binder, type: NamedType): Candidate[] {
  return b.semantics
    .members(type, CONSTRUCTOR)
    .flatMap(({ member, on }) => (member.kind === 'constructor' && on === type ? [{ member, on, asExtension: false }] : []));
}

// ---------------------------------------------------------------- initialisers

function bindInitializer(b: Binder, syntax: ObjectInitializer, receiver: ReceiverSymbol): BoundInitializer[] {
  const isCollection = syntax.entries.some((entry) => entry.kind === 'element');
  if (isCollection && !isEnumerable(b, receiver.type)) {
    b.report(syntax.span, fault.notACollection(b.show(receiver.type)));
    return [];
  }
  return syntax.entries.map((entry) => bindEntry(b, entry, receiver));
}

function isEnumerable(b: Binder, type: Type): boolean {
  const plain = 'System.Collections.IEnumerable';
  return isNamed(type, plain) || b.types.interfacesOf(type).some((each) => isNamed(each, plain));
}

function bindEntry(b: Binder, entry: InitializerEntry, symbol: ReceiverSymbol): BoundInitializer {
  const receiver: BoundExpression = { kind: 'receiver', symbol, type: symbol.type, span: entry.span };
  if (entry.kind === 'element') return { kind: 'step', expression: addElement(b, entry.values, receiver, entry.span) };
  const target = entry.kind === 'index' ? elementOf(b, receiver, entry.args, entry.span) : initializedMember(b, receiver, entry);
  if (entry.value.kind === 'initializer') return nestedInitializer(b, target, entry.value);
  const value = bindExpression(b, entry.value);
  const place = assignable(b, valueTerm(target), fault.notAssignable());
  if (isError(place.type)) return { kind: 'step', expression: place };
  const converted = convertTo(b, value, place.type);
  return { kind: 'step', expression: { kind: 'assign', target: place, value: converted, type: place.type, span: entry.span } };
}

function nestedInitializer(b: Binder, target: BoundExpression, syntax: ObjectInitializer): BoundInitializer {
  const receiver = b.receiver(target.type);
  return { kind: 'nested', target, receiver, initializers: isError(target.type) ? [] : bindInitializer(b, syntax, receiver) };
}

function initializedMember(b: Binder, receiver: BoundExpression, entry: InitializerEntry & { kind: 'member' }): BoundExpression {
  const found = memberValue(b, receiver, entry.name);
  if (found !== undefined) return found;
  const nearest = nearestName(entry.name.text, permittedNames(b, receiver.type));
  return b.refuse(entry.name.span, fault.noInitializerMember(b.show(receiver.type), entry.name.text, nearest));
}

/** A collection element is a call of Add. */
function addElement(b: Binder, values: readonly Expression[], receiver: BoundExpression, span: Span): BoundExpression {
  const args = values.map((value): ArgumentTerm => ({ span: value.span, term: bindExpression(b, value) }));
  if (args.some(({ term }) => term !== undefined && isErrorTerm(term))) return b.wrong(span);
  const call = tryCall(b, receiver, 'Add', args, span);
  if ('kind' in call) return call;
  const failed = refuseCall(b, call, args, span, span);
  if (call.argument !== undefined) b.report(span, fault.addFailed(`${b.show(receiver.type)}.Add`));
  return failed;
}

// ---------------------------------------------------------------- anonymous objects

export function bindAnonymousObject(b: Binder, syntax: AnonymousObjectCreation): BoundExpression {
  const names = new Set<string>();
  const values: BoundExpression[] = [];
  const members: { readonly name: string; readonly type: Type }[] = [];
  for (const member of syntax.members) {
    const value = anonymousValue(b, member);
    const name = member.name?.text ?? inferredName(member.value);
    if (name === undefined) b.report(member.span, fault.anonymousMemberName());
    else if (names.has(name)) b.report(member.span, fault.duplicateAnonymousMember());
    names.add(name ?? '');
    values.push(value);
    members.push({ name: name ?? '', type: value.type });
  }
  const isBroken = values.some((value) => isError(value.type)) || names.has('') || names.size !== members.length;
  if (isBroken) return b.wrong(syntax.span);
  return { kind: 'newAnonymous', type: b.types.anonymous(members), values, span: syntax.span };
}

function anonymousValue(b: Binder, { value, span, isRangeVariable }: AnonymousMember): BoundExpression {
  const term = bindExpression(b, value);
  if (isErrorTerm(term)) return b.wrong(term.span);
  const isTyped = term.kind === 'value' && !isNullLiteral(term.value) && !isVoid(term.value.type);
  if (!isTyped && term.kind !== 'type' && term.kind !== 'namespace' && term.kind !== 'tuple') {
    const what = termText(b, term);
    return isRangeVariable ? b.refuse(span, fault.rangeVariableValue(what)) : b.refuse(value.span, fault.anonymousMemberValue(what));
  }
  return asValue(b, term);
}

/** `x`, `a.B`, `a?.B` name the member themselves. */
export function inferredName(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'name':
    case 'memberAccess':
    case 'memberBinding':
      return expression.name.text;
    case 'conditionalAccess':
      return inferredName(expression.rest);
    default:
      return undefined;
  }
}
