/** Member access: `a.B` on values, types and namespaces; properties, fields, constants, enum members, methods. */
import type { Span } from '../../source/span.ts';
import type { Expression, MemberAccess, MemberBinding, Name, TypeSyntax } from '../syntax/ast.ts';
import { isDelegate, isError, isNamed, isVoid } from '../types/kinds.ts';
import { nearestName } from '../types/permission.ts';
import type { FoundMember } from '../types/table.ts';
import type { Field, Property, Type } from '../types/type.ts';
import type { BoundExpression, ConstantValue } from './bound.ts';
import type { Binder } from './context.ts';
import { boxedFor } from './conversions.ts';
import { describeMember } from './describe.ts';
import { bindExpression } from './expressions.ts';
import * as fault from './faults.ts';
import { asValue, isNullLiteral } from './operands.ts';
import { permitMember, permitType, permittedNames } from './permissions.ts';
import type { Term } from './terms.ts';
import { valueTerm } from './terms.ts';
import { bindTypeArguments, nestedType, qualifiedType } from './type-names.ts';

/** What stands behind the dot. */
interface MemberName {
  readonly name: Name;
  readonly typeArguments: readonly TypeSyntax[] | undefined;
  readonly span: Span;
  /** A call follows: members that cannot be called do not count. */
  readonly invoked: boolean;
}

/** What stands before the dot: a value, or a type, or a variable that is named as its type. */
interface Owner {
  readonly type: Type;
  readonly receiver: BoundExpression | undefined;
  readonly viaType: boolean;
}

export function bindMemberAccess(b: Binder, syntax: MemberAccess, invoked: boolean): Term {
  const target = bindTarget(b, syntax.target);
  return memberOf(b, target, { name: syntax.name, typeArguments: syntax.typeArguments, span: syntax.span, invoked });
}

/** `predefinedType` may stand before a dot. */
function bindTarget(b: Binder, target: Expression): Term {
  return bindExpression(b, target);
}

/** `.B` inside `a?.B`. */
export function bindMemberBinding(b: Binder, syntax: MemberBinding, invoked: boolean): Term {
  const receiver = b.receivers.at(-1);
  if (receiver === undefined) return valueTerm(b.wrong(syntax.span));
  const member = { name: syntax.name, typeArguments: syntax.typeArguments, span: syntax.span, invoked };
  return memberOfValue(b, receiver, receiver, member, undefined);
}

function memberOf(b: Binder, target: Term, member: MemberName): Term {
  switch (target.kind) {
    case 'namespace':
      return memberOfNamespace(b, target.name, member);
    case 'type':
      return isError(target.type) ? valueTerm(b.wrong(member.span)) : memberOfType(b, target.type, member);
    default: {
      const value = asValue(b, target);
      return memberOfValue(b, value, value, member, target.kind === 'value' ? target.alsoType : undefined);
    }
  }
}

function memberOfNamespace(b: Binder, namespace: string, member: MemberName): Term {
  const { name, typeArguments, span } = member;
  const full = `${namespace}.${name.text}`;
  const type = qualifiedType(b, full, typeArguments === undefined ? { name } : { name, typeArguments });
  if (type !== undefined) {
    permitType(b, type, name.span);
    return { kind: 'type', type, span };
  }
  if (b.types.isNamespace(full)) return { kind: 'namespace', name: full, span };
  return valueTerm(name.text === '' ? b.wrong(span) : b.refuse(name.span, fault.unknownInNamespace(name.text, namespace)));
}

function memberOfType(b: Binder, type: Type, member: MemberName): Term {
  const owner: Owner = { type, receiver: undefined, viaType: true };
  const { name, typeArguments } = member;
  const nested = nestedType(b, type, typeArguments === undefined ? { name } : { name, typeArguments });
  if (nested !== undefined) return { kind: 'type', type: nested, span: member.span };
  const found = lookUp(b, owner, member);
  if (found !== undefined) return found;
  const wording = fault.noStaticMember(b.show(type), name.text, nearestName(name.text, permittedNames(b, type)));
  return valueTerm(name.text === '' ? b.wrong(member.span) : b.refuse(name.span, wording));
}

function memberOfValue(b: Binder, value: BoundExpression, receiver: BoundExpression, member: MemberName, alsoType: Type | undefined): Term {
  const { name, span } = member;
  if (isError(value.type) || name.text === '') return valueTerm(b.wrong(span));
  if (isVoid(value.type)) return valueTerm(b.refuse(span, fault.notOnNullReceiver('.', 'void')));
  if (isNullLiteral(value)) return valueTerm(b.refuse(span, fault.extensionOnNull()));
  b.reads.member(value, name.text);
  if (value.type.kind === 'anonymous') {
    const own = value.type.members.find((each) => each.name === name.text);
    if (own !== undefined) return valueTerm({ kind: 'anonymousMember', receiver, name: own.name, type: own.type, span });
  }
  const behind = behindRest(b, value.type, receiver, member);
  if (behind !== undefined) return behind;
  const found = lookUp(b, { type: value.type, receiver, viaType: alsoType !== undefined }, member);
  return found ?? refuseMember(b, value.type, member);
}

/** The eighth and every later element of a tuple stands in the tuple behind `Rest`. */
function behindRest(b: Binder, type: Type, receiver: BoundExpression, { name, span }: MemberName): Term | undefined {
  if (type.kind !== 'named' || !isNamed(type, 'System.ValueTuple') || type.typeArguments.length < 8) return undefined;
  const named = type.tupleNames?.indexOf(name.text) ?? -1;
  const index = named >= 0 ? named : Number(/^Item([1-9]\d*)$/.exec(name.text)?.[1] ?? 0) - 1;
  if (index < 7) return undefined;
  const rest = memberValue(b, receiver, { text: 'Rest', span: name.span });
  const item = { name: { text: `Item${index - 6}`, span: name.span }, typeArguments: undefined, span, invoked: false };
  return rest && memberOfValue(b, rest, rest, item, undefined);
}

function refuseMember(b: Binder, type: Type, { name }: MemberName): Term {
  const nearest = nearestName(name.text, permittedNames(b, type));
  return valueTerm(b.refuse(name.span, fault.noMember(b.show(type), name.text, nearest)));
}

/** Finds the member: the nearest property or field, or all methods of the name with the extension methods behind them. */
function lookUp(b: Binder, owner: Owner, member: MemberName): Term | undefined {
  const all = b.semantics.members(owner.type, member.name.text);
  const callable = member.invoked ? all.filter(isCallable) : all;
  const [first] = callable;
  if (first !== undefined && first.member.kind !== 'method') return valueTerm(dataMember(b, owner, first, member));
  const extensions = owner.receiver === undefined ? [] : b.types.extensionMethods(member.name.text);
  const methods = callable.filter((found) => found.member.kind === 'method');
  if (methods.length > 0 || extensions.length > 0) {
    return {
      kind: 'methods',
      name: member.name.text,
      nameSpan: member.name.span,
      instance: methods,
      extensions,
      receiver: owner.receiver,
      on: owner.type,
      viaType: owner.viaType,
      typeArguments: bindTypeArguments(b, member.typeArguments),
      span: member.span,
    };
  }
  const [other] = all;
  return other === undefined ? undefined : valueTerm(b.refuse(member.name.span, fault.notInvocable(describeMember(b, other))));
}

function isCallable({ member }: FoundMember): boolean {
  return member.kind === 'method' || ((member.kind === 'property' || member.kind === 'field') && isDelegate(member.type));
}

function dataMember(b: Binder, owner: Owner, found: FoundMember, member: MemberName): BoundExpression {
  permitMember(b, found, member.name.span);
  const misuse = wrongSide(b, owner, found);
  if (misuse !== undefined) return b.refuse(found.member.isStatic ? member.span : member.span, misuse);
  if (found.member.kind === 'property') return propertyValue(b, owner, found.member, found, member.span);
  if (found.member.kind === 'field') return fieldValue(b, owner, found.member, found, member.span);
  return b.wrong(member.span);
}

/** A static member on a value, or an instance member on a type. */
function wrongSide(b: Binder, owner: Owner, found: FoundMember): fault.Wording | undefined {
  if (found.member.isStatic) {
    return owner.receiver !== undefined && !owner.viaType ? fault.needsType(describeMember(b, found)) : undefined;
  }
  return owner.receiver === undefined ? fault.needsInstance(describeMember(b, found)) : undefined;
}

function propertyValue(b: Binder, owner: Owner, property: Property, found: FoundMember, span: Span): BoundExpression {
  const { on } = found;
  const type = filledIn(b, property.type, found);
  if (property.isStatic || owner.receiver === undefined) return { kind: 'property', property, on, type, span };
  if (owner.type.kind === 'array' && owner.type.rank === 1 && property.name === 'Length') {
    return { kind: 'arrayLength', array: owner.receiver, type, span };
  }
  const value: BoundExpression = { kind: 'property', property, on, receiver: boxedFor(owner.receiver, on), type, span };
  if (isNamed(owner.type, b.engine.contextType)) b.reads.taken(value, property.name);
  return value;
}

function fieldValue(b: Binder, owner: Owner, field: Field, found: FoundMember, span: Span): BoundExpression {
  const { on } = found;
  if (field.isConst) return b.literal(constantOf(field.value), filledIn(b, field.type, found), span);
  const type = tupleFieldType(owner.type, field.name) ?? filledIn(b, field.type, found);
  const receiver = field.isStatic || owner.receiver === undefined ? {} : { receiver: owner.receiver };
  return { kind: 'field', field, on, ...receiver, type, span };
}

/** Element types keep names that the field's own declaration does not know. */
function tupleFieldType(type: Type, name: string): Type | undefined {
  if (!isNamed(type, 'System.ValueTuple')) return undefined;
  return type.typeArguments[Number(/^Item([1-7])$/.exec(name)?.[1] ?? 0) - 1];
}

function constantOf(value: unknown): ConstantValue {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : { decimal: String((value as { netToString?(): string }).netToString?.() ?? '0') };
    default:
      return null;
  }
}

/** A member's type with the type arguments of the type it was found on. */
export function filledIn(b: Binder, type: Type, { on }: Pick<FoundMember, 'on'>): Type {
  return b.types.substitute(type, on.definition.typeParameters, on.typeArguments);
}

/** A property or field of a value by name, as object initialisers use it; undefined when there is none. */
export function memberValue(b: Binder, receiver: BoundExpression, name: Name): BoundExpression | undefined {
  const found = b.semantics.members(receiver.type, name.text).find(({ member }) => member.kind === 'property' || member.kind === 'field');
  if (found === undefined) return undefined;
  const owner: Owner = { type: receiver.type, receiver, viaType: false };
  return dataMember(b, owner, found, { name, typeArguments: undefined, span: name.span, invoked: false });
}
