/** Tuples taken apart: `(a, b) = …`, `var (a, b) = …`, by tuple elements or a Deconstruct method. */
import type { Span } from '../../source/span.ts';
import type { DeclarationExpression, Designation, Expression, TupleExpression, TypeSyntax } from '../syntax/ast.ts';
import { isError, tupleElements } from '../types/kinds.ts';
import type { Type } from '../types/type.ts';
import type { ArgumentTerm } from './arguments.ts';
import { assignable } from './assignments.ts';
import type { BoundDeconstruct, BoundExpression, LocalSymbol } from './bound.ts';
import { tryCall } from './calls.ts';
import type { Binder } from './context.ts';
import { convertTo } from './conversions.ts';
import { inferredName } from './creation.ts';
import { bindExpression } from './expressions.ts';
import * as fault from './faults.ts';
import { declareVariable, isDiscardName, localValue } from './names.ts';
import { asValue, isErrorTerm, isNullLiteral, typeOfTerm } from './operands.ts';
import type { Term } from './terms.ts';
import { valueTerm } from './terms.ts';
import { bindType } from './type-names.ts';

// ---------------------------------------------------------------- tuple literals

export function bindTupleLiteral(b: Binder, syntax: TupleExpression): Term {
  const elements = syntax.elements.map((element) => bindExpression(b, element.expression));
  const names = tupleNames(b, syntax);
  if (elements.some(isErrorTerm)) return valueTerm(b.wrong(syntax.span));
  const types = elements.map(typeOfTerm);
  const known = types.filter((type) => type !== null);
  const type = known.length === types.length ? b.types.tuple(known, names) : null;
  return { kind: 'tuple', elements, names, type, span: syntax.span };
}

/** Written names, and since C# 7.1 those that the elements suggest, unless two would be equal. */
function tupleNames(b: Binder, syntax: TupleExpression): (string | undefined)[] {
  const inferred = syntax.elements.map((element) => (element.name === undefined ? inferredName(element.expression) : undefined));
  const written = syntax.elements.map((element) => element.name?.text);
  written.forEach((name, index) => {
    if (name !== undefined && written.indexOf(name) !== index)
      b.report(syntax.elements[index]?.name?.span ?? syntax.span, fault.duplicateTupleName());
  });
  return written.map((name, index) => {
    const guess = inferred[index];
    if (name !== undefined || guess === undefined) return name;
    const isTaken = written.includes(guess) || inferred.indexOf(guess) !== inferred.lastIndexOf(guess);
    return isTaken || RESERVED.test(guess) ? undefined : guess;
  });
}

const RESERVED = /^(Item[0-9]+|Rest|ToString|Equals|GetHashCode|CompareTo)$/;

/** An element of a tuple value by position. */
export function tupleElement(b: Binder, tuple: BoundExpression, index: number): BoundExpression {
  const type = tupleElements(tuple.type)?.[index];
  const found = b.semantics.members(tuple.type, `Item${index + 1}`)[0];
  if (type === undefined || found?.member.kind !== 'field') return b.wrong(tuple.span);
  return { kind: 'field', field: found.member, on: found.on, receiver: tuple, type, span: tuple.span };
}

// ---------------------------------------------------------------- targets

type Target =
  | { readonly kind: 'place'; readonly place: BoundExpression; readonly span: Span }
  | { readonly kind: 'declare'; readonly designation: Designation; readonly type: TypeSyntax; readonly span: Span }
  | { readonly kind: 'parts'; readonly parts: readonly Target[]; readonly span: Span };

function targetOf(b: Binder, syntax: Expression): Target {
  const { span } = syntax;
  if (syntax.kind === 'tuple') return { kind: 'parts', parts: syntax.elements.map(({ expression }) => targetOf(b, expression)), span };
  if (syntax.kind === 'declaration') return designated(syntax.type, syntax.designation);
  if (isDiscardName(b, syntax)) return { kind: 'declare', designation: { kind: 'discard', span }, type: { kind: 'varType', span }, span };
  return { kind: 'place', place: assignable(b, bindExpression(b, syntax), fault.notAssignable()), span };
}

function designated(type: TypeSyntax, designation: Designation): Target {
  const { span } = designation;
  if (designation.kind === 'parts') return { kind: 'parts', parts: designation.parts.map((part) => designated(type, part)), span };
  return { kind: 'declare', designation, type, span };
}

// ---------------------------------------------------------------- assignment

interface Plan {
  readonly prepare: BoundExpression[];
  readonly assignments: { readonly target: BoundExpression; readonly value: BoundExpression }[];
}

export function bindDeconstruction(b: Binder, target: Expression, value: Expression, span: Span): BoundExpression {
  const parts = targetOf(b, target);
  return deconstruct(b, parts, bindExpression(b, value), span);
}

/** `var (k, v)` of a foreach loop: declares the variables and takes the value apart. */
export function deconstructInto(b: Binder, type: TypeSyntax, designation: Designation, value: BoundExpression): BoundExpression {
  return deconstruct(b, designated(type, designation), valueTerm(value), value.span);
}

function deconstruct(b: Binder, target: Target, term: Term, span: Span): BoundExpression {
  const value = isErrorTerm(term) ? b.wrong(span) : sourceValue(b, target, term);
  if (isError(value.type)) {
    declareUnknown(b, target);
    return b.wrong(span);
  }
  const receiver = b.receiver(value.type);
  const plan: Plan = { prepare: [], assignments: [] };
  const before = b.faults.length;
  assignParts(b, target, { kind: 'receiver', symbol: receiver, type: value.type, span: value.span }, plan);
  if (b.faults.length > before) return b.wrong(span);
  return deconstruction(b, value, receiver, plan, span);
}

function deconstruction(
  b: Binder,
  value: BoundExpression,
  receiver: BoundDeconstruct['receiver'],
  plan: Plan,
  span: Span,
): BoundDeconstruct {
  const [first] = plan.prepare;
  const last = plan.prepare.at(-1);
  const several =
    last === undefined ? undefined : ({ kind: 'sequence', first: plan.prepare.slice(0, -1), value: last, type: last.type, span } as const);
  const prepare = plan.prepare.length > 1 ? several : first;
  const types = plan.assignments.map(({ target }) => target.type);
  const type = types.length > 1 ? b.types.tuple(types) : value.type;
  const base = { kind: 'deconstruct', value, receiver, assignments: plan.assignments, type, span } as const;
  return prepare === undefined ? base : { ...base, prepare };
}

/** A tuple literal with elements that have no type takes the types of its targets. */
function sourceValue(b: Binder, target: Target, term: Term): BoundExpression {
  if (term.kind !== 'tuple' || term.type !== null || target.kind !== 'parts') {
    if (term.kind === 'value' && isNullLiteral(term.value)) return b.refuse(term.span, fault.deconstructNothing());
    return asValue(b, term);
  }
  const values = term.elements.map((element, index) => {
    const part = target.parts[index];
    const wanted = part === undefined ? undefined : knownType(b, part);
    return wanted === undefined ? asValue(b, element) : convertTo(b, element, wanted);
  });
  if (values.some((value) => isError(value.type))) return b.wrong(term.span);
  const nothing = values.findIndex(isNullLiteral);
  if (nothing >= 0) return b.refuse(term.elements[nothing]?.span ?? term.span, fault.deconstructNothing());
  return { kind: 'tuple', type: b.types.tuple(values.map((value) => value.type)), values, span: term.span };
}

function knownType(b: Binder, target: Target): Type | undefined {
  if (target.kind === 'place') return target.place.type;
  return target.kind === 'declare' && target.type.kind !== 'varType' ? bindType(b, target.type) : undefined;
}

function assignParts(b: Binder, target: Target, value: BoundExpression, plan: Plan): void {
  if (target.kind !== 'parts') return assignPart(b, target, value, plan);
  const elements = elementValues(b, target, value, plan);
  if (elements === undefined) return declareUnknown(b, target);
  target.parts.forEach((part, index) => {
    const element = elements[index];
    if (element !== undefined) assignParts(b, part, element, plan);
  });
}

function assignPart(b: Binder, target: Exclude<Target, { kind: 'parts' }>, value: BoundExpression, plan: Plan): void {
  const place = target.kind === 'place' ? target.place : declaredPlace(b, target.designation, target.type, value.type);
  if (isError(place.type)) return;
  plan.assignments.push({ target: place, value: convertTo(b, valueTerm({ ...value, span: target.span }), place.type) });
}

function declaredPlace(b: Binder, designation: Designation, syntax: TypeSyntax, valueType: Type): BoundExpression {
  const type = syntax.kind === 'varType' ? valueType : bindType(b, syntax);
  const { span } = designation;
  if (designation.kind !== 'variable') return { kind: 'discard', type, span };
  return localValue(declareVariable(b, designation.name, type), span);
}

/** After a failure: the variables exist all the same. */
function declareUnknown(b: Binder, target: Target): void {
  if (target.kind === 'parts') for (const part of target.parts) declareUnknown(b, part);
  if (target.kind !== 'declare' || target.designation.kind !== 'variable') return;
  const { name } = target.designation;
  const isVar = target.type.kind === 'varType';
  if (isVar) b.report(name.span, fault.uninferredPart(name.text));
  declareVariable(b, name, isVar ? b.error : bindType(b, target.type));
}

function elementValues(
  b: Binder,
  target: Target & { kind: 'parts' },
  value: BoundExpression,
  plan: Plan,
): readonly BoundExpression[] | undefined {
  const types = tupleElements(value.type);
  const count = target.parts.length;
  if (types === undefined) return deconstructedBy(b, target, value, plan);
  if (types.length !== count) {
    b.report(target.span, fault.cannotDeconstruct(types.length, count));
    return undefined;
  }
  return types.map((_, index) => tupleElement(b, value, index));
}

/** A Deconstruct method fills helper variables; the call runs before the assignments. */
function deconstructedBy(
  b: Binder,
  target: Target & { kind: 'parts' },
  value: BoundExpression,
  plan: Plan,
): readonly BoundExpression[] | undefined {
  const { span } = value;
  const args = target.parts.map((): ArgumentTerm => ({ span, modifier: 'out', term: undefined, designation: { kind: 'discard', span } }));
  const call = tryCall(b, value, 'Deconstruct', args, span);
  if (!('kind' in call) || call.kind !== 'call') {
    const hasNone = b.semantics.members(value.type, 'Deconstruct').length === 0;
    if (hasNone) b.report(span, fault.noMember(b.show(value.type), 'Deconstruct'));
    b.report(span, fault.noDeconstruct(b.show(value.type), target.parts.length));
    return undefined;
  }
  const holders: LocalSymbol[] = [];
  const filled = call.args.map((argument) => {
    if (argument.kind !== 'reference') return argument;
    const holder = b.helper(argument.place.type, span);
    holders.push(holder);
    return { ...argument, place: localValue(holder, span) };
  });
  plan.prepare.push({ ...call, args: filled });
  return holders.map((holder) => localValue(holder, span));
}

/** `var x` where an expression must have a value: only `out` and deconstruction may declare. */
export function bindDeclarationExpression(b: Binder, syntax: DeclarationExpression): BoundExpression {
  declareUnknown(b, designated(syntax.type, syntax.designation));
  return b.refuse(syntax.span, { code: 'CS8185', message: 'A declaration is not allowed in this context.' });
}
