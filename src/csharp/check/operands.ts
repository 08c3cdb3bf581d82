/** Terms as the type rules see them, as messages name them, and as values. */
import { isError } from '../types/kinds.ts';
import type { Method, Type } from '../types/type.ts';
import type { BoundExpression } from './bound.ts';
import type { Binder } from './context.ts';
import { describeMember } from './describe.ts';
import * as fault from './faults.ts';
import { lambdaOperand } from './lambdas.ts';
import { localFunctionCandidate } from './local-functions.ts';
import type { Candidate, Operand } from './semantics.ts';
import type { MethodsTerm, Term, TupleTerm } from './terms.ts';

export function isNullLiteral(value: BoundExpression): boolean {
  return value.type.kind === 'special' && value.type.name === 'null';
}

export function operandOf(b: Binder, term: Term): Operand {
  switch (term.kind) {
    case 'value':
      return valueOperand(term.value);
    case 'lambda':
      return { type: null, form: lambdaOperand(b, term) };
    case 'methods':
      return { type: null, form: { kind: 'methodGroup', candidates: candidatesOf(term) } };
    case 'localFunction':
      return { type: null, form: { kind: 'methodGroup', candidates: [localFunctionCandidate(b, term)] } };
    case 'default':
      return { type: null, form: 'default' };
    case 'throw':
      return { type: null, form: 'throw' };
    case 'tuple':
      return {
        type: term.type,
        form: { kind: 'tuple', elements: term.elements.map((element) => operandOf(b, element)), names: term.names },
      };
    default:
      return { type: b.error };
  }
}

export function valueOperand(value: BoundExpression): Operand {
  if (isNullLiteral(value)) return { type: null, form: 'null' };
  return value.kind === 'literal' ? { type: value.type, constant: value.value } : { type: value.type };
}

/** Candidates of a method group: its own methods, or when there are none the extension methods of that name. */
export function candidatesOf(term: MethodsTerm): readonly Candidate[] {
  const more = term.typeArguments === undefined ? {} : { typeArguments: term.typeArguments };
  if (term.instance.length > 0) {
    return term.instance.flatMap(({ member, on }) => (member.kind === 'method' ? [{ member, on, asExtension: false, ...more }] : []));
  }
  return [];
}

export function extensionCandidates(b: Binder, methods: readonly Method[], typeArguments: readonly Type[] | undefined): Candidate[] {
  const more = typeArguments === undefined ? {} : { typeArguments };
  return methods.map((member) => ({ member, on: b.types.construct(member.owner, []), asExtension: true, ...more }));
}

/** What a message calls the term: a type, or `lambda expression`, `method group`, `<null>`. */
export function termText(b: Binder, term: Term, fully = false): string {
  switch (term.kind) {
    case 'value':
      return fully ? b.showFully(term.value.type) : b.show(term.value.type);
    case 'lambda':
      return lambdaText(term);
    case 'methods':
    case 'localFunction':
      return 'method group';
    case 'default':
      return 'default';
    case 'throw':
      return '<throw expression>';
    case 'tuple':
      return `(${term.elements.map((element, index) => tupleElementText(b, element, term.names[index], fully)).join(', ')})`;
    case 'type':
      return b.show(term.type);
    case 'namespace':
      return term.name;
  }
}

function tupleElementText(b: Binder, element: Term, name: string | undefined, fully: boolean): string {
  return termText(b, element, fully) + (name === undefined ? '' : ` ${name}`);
}

export function lambdaText(term: { readonly syntax: { readonly arrow: { readonly start: number; readonly end: number } } }): string {
  return term.syntax.arrow.end - term.syntax.arrow.start === 2 ? 'lambda expression' : 'anonymous method';
}

/** The static type, or null when the term has none of its own. */
export function typeOfTerm(term: Term): Type | null {
  if (term.kind === 'value') return isNullLiteral(term.value) ? null : term.value.type;
  return term.kind === 'tuple' ? term.type : null;
}

export function isErrorTerm(term: Term): boolean {
  if (term.kind === 'tuple') return term.elements.some(isErrorTerm);
  return (term.kind === 'value' && isError(term.value.type)) || (term.kind === 'type' && isError(term.type));
}

/** The term as a value of its own type; reports what has none. */
export function asValue(b: Binder, term: Term): BoundExpression {
  switch (term.kind) {
    case 'value':
      return readable(b, term.value);
    case 'type':
      return isError(term.type) ? b.wrong(term.span) : b.refuse(term.span, fault.typeNotValidHere(b.show(term.type)));
    case 'namespace':
      return b.refuse(term.span, fault.namespaceNotValidHere(term.name));
    case 'methods':
      return b.refuse(term.nameSpan, fault.methodNotValidHere(`${b.show(term.on)}.${term.name}(${methodParameters(b, term)})`));
    case 'localFunction':
      return b.refuse(term.span, fault.methodNotValidHere(`${term.function.name.text}()`));
    case 'lambda':
      return b.refuse(term.span, fault.inferredDelegateType());
    case 'default':
      return b.refuse(term.span, fault.defaultHasNoType());
    case 'throw':
      return b.refuse(term.span, fault.throwNotAllowed());
    case 'tuple':
      return tupleValue(b, term);
  }
}

function methodParameters(b: Binder, term: MethodsTerm): string {
  const first = term.instance[0]?.member;
  return first?.kind === 'method' ? first.parameters.map((parameter) => b.show(parameter.type)).join(', ') : '';
}

function tupleValue(b: Binder, term: TupleTerm): BoundExpression {
  const values = term.elements.map((element) => asValue(b, element));
  if (values.some((value) => isError(value.type))) return b.wrong(term.span);
  if (values.some(isNullLiteral)) return b.refuse(term.span, fault.deconstructNothing());
  const type = b.types.tuple(
    values.map((value) => value.type),
    term.names,
  );
  return { kind: 'tuple', type, values, span: term.span };
}

/** Reading a property needs its getter. */
function readable(b: Binder, value: BoundExpression): BoundExpression {
  if (value.kind === 'property' && value.property.getter === undefined)
    return b.refuse(value.span, fault.writeOnly(describeMember(b, { member: value.property, on: value.on })));
  if (value.kind === 'indexer' && value.indexer.getter === undefined)
    return b.refuse(value.span, fault.writeOnly(describeMember(b, { member: value.indexer, on: value.on })));
  return value;
}
