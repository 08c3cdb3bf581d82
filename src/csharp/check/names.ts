/** Simple names: variables, range variables, local functions, `context`, types and namespaces; and the declaration of variables. */
import type { Span } from '../../source/span.ts';
import type { Expression, Name, NameExpression } from '../syntax/ast.ts';
import { nearestName } from '../types/permission.ts';
import type { Type } from '../types/type.ts';
import type { BoundExpression, LocalSymbol } from './bound.ts';
import type { Binder } from './context.ts';
import * as fault from './faults.ts';
import { permitType } from './permissions.ts';
import type { Scope, ScopeEntry } from './scope.ts';
import type { Term } from './terms.ts';
import { valueTerm } from './terms.ts';
import { bindTypeArguments, simpleType } from './type-names.ts';

export function bindName(b: Binder, syntax: NameExpression): Term {
  const { name, typeArguments } = syntax;
  const found = b.scope.find(name.text);
  if (found !== undefined && (typeArguments === undefined || found.entry.kind === 'function')) {
    return entryTerm(b, found.entry, found.scope, syntax);
  }
  const type = typeOfName(b, syntax);
  if (type !== undefined) return { kind: 'type', type, span: syntax.span };
  if (typeArguments === undefined && b.types.isNamespace(name.text)) return { kind: 'namespace', name: name.text, span: syntax.span };
  if (name.text === '') return valueTerm(b.wrong(syntax.span));
  return valueTerm(b.refuse(name.span, fault.unknownName(name.text, nearestName(name.text, visibleNames(b)))));
}

function typeOfName(b: Binder, { name, typeArguments, span }: NameExpression): Type | undefined {
  const parameter = b.scope.findTypeParameter(name.text);
  if (parameter !== undefined) return parameter;
  const type = simpleType(b, typeArguments === undefined ? { name } : { name, typeArguments });
  if (type !== undefined) permitType(b, type, span);
  return type;
}

function visibleNames(b: Binder): string[] {
  const names: string[] = [];
  for (let scope: Scope | undefined = b.scope; scope !== undefined; scope = scope.parent) names.push(...scope.entries.keys());
  return names;
}

function entryTerm(b: Binder, entry: ScopeEntry, scope: Scope, syntax: NameExpression): Term {
  const { name, span } = syntax;
  switch (entry.kind) {
    case 'pending':
      return valueTerm(b.refuse(name.span, fault.usedBeforeDeclared(name.text)));
    case 'alias':
      noteCapture(b, entry.value, scope);
      return withType({ ...entry.value, span }, name);
    case 'function':
      return { kind: 'localFunction', function: entry.function, typeArguments: bindTypeArguments(b, syntax.typeArguments), span };
    case 'local':
      if (scope.frame !== b.frame) entry.local.captured = true;
      scope.shared.add(entry.local);
      if (entry.local.byRef && scope.frame !== b.frame) b.report(name.span, fault.byRefCaptured(name.text));
      return withType(entry.constant ? { ...entry.constant, span } : localValue(entry.local, span), name);
  }
}

/** A path from a captured parameter captures the parameter. */
function noteCapture(b: Binder, value: BoundExpression, scope: Scope): void {
  let root = value;
  while (root.kind === 'anonymousMember') root = root.receiver;
  if (root.kind === 'local' && scope.frame !== b.frame) root.local.captured = true;
}

export function localValue(local: LocalSymbol, span: Span): BoundExpression {
  return { kind: 'local', local, type: local.type, span };
}

/** Color Color: a variable that is named as its own type may stand for either. */
function withType(value: BoundExpression, name: Name): Term {
  const isNamedSo = value.type.kind === 'named' && value.type.definition.name === name.text && value.type.typeArguments.length === 0;
  return isNamedSo ? { kind: 'value', value, span: value.span, alsoType: value.type } : valueTerm(value);
}

/** `_` where no variable of that name is in scope. */
export function isDiscardName(b: Binder, expression: Expression): boolean {
  return (
    expression.kind === 'name' && expression.name.text === '_' && expression.typeArguments === undefined && b.scope.find('_') === undefined
  );
}

export function makeLocal(name: Name, type: Type, kind: LocalSymbol['kind']): LocalSymbol {
  return { name: name.text, type, kind, captured: false, byRef: false, declaredAt: name.span };
}

/** Enters a name into the present scope; reports one that is taken. */
export function declareLocal(b: Binder, name: Name, local: LocalSymbol, constant?: ScopeEntry & { kind: 'local' }): void {
  reportConflict(b, name);
  if (name.text !== '') b.scope.entries.set(name.text, constant ?? { kind: 'local', local });
}

export function reportConflict(b: Binder, name: Name): void {
  const conflict = name.text === '' ? undefined : b.scope.conflict(name);
  const isParameter = conflict === 'same' && isParameterName(b, name);
  if (conflict === 'same' && !isParameter) b.report(name.span, fault.duplicateLocal(name.text));
  if (conflict === 'enclosing' || isParameter) b.report(name.span, fault.shadowedLocal(name.text));
}

/** To the compiler the parameters of a function are a scope around its body. */
function isParameterName(b: Binder, name: Name): boolean {
  const entry = b.scope.entries.get(name.text);
  return entry?.kind === 'local' && entry.local.kind === 'parameter';
}

/** Declares an out or pattern variable, which lives as long as the present scope. */
export function declareVariable(b: Binder, name: Name, type: Type): LocalSymbol {
  const local = makeLocal(name, type, 'local');
  declareLocal(b, name, local);
  b.scope.variables.push(local);
  return local;
}
