/** The compiler's sentences about overloads and type arguments; one function a message. */
import type { Candidate, OverloadFailure } from '../check/semantics.ts';
import type { TypeTable } from './table.ts';
import type { Parameter, Type } from './type.ts';

type Member = Candidate['member'];

/** How messages write a member: `Enumerable.Where<TSource>(IEnumerable<TSource>, Func<TSource, bool>)`. */
function describe(types: TypeTable, candidate: Candidate, typeArguments?: readonly Type[]): string {
  const { member, on } = candidate;
  if (member.kind === 'delegate')
    return member.name === 'Invoke' ? types.display(on) : `${member.name}(${parameterList(types, member.parameters, same)})`;
  const own = member.kind === 'method' ? member.typeParameters : [];
  const filled = typeArguments ?? own;
  const fill = (type: Type): Type => types.substitute(types.substitute(type, on.definition.typeParameters, on.typeArguments), own, filled);
  const list = parameterList(types, member.parameters, fill);
  if (member.kind === 'indexer') return `${types.display(on)}.this[${list}]`;
  const generic = filled.length === 0 ? '' : `<${filled.map((type) => types.display(type)).join(', ')}>`;
  return `${types.display(on)}.${simpleName(candidate)}${generic}(${list})`;
}

function same(type: Type): Type {
  return type;
}

function parameterList(types: TypeTable, parameters: readonly Parameter[], fill: (type: Type) => Type): string {
  return parameters
    .map((parameter) => {
      const prefix = parameter.isParams ? 'params ' : parameter.modifier === undefined ? '' : `${parameter.modifier} `;
      return prefix + types.display(fill(parameter.type));
    })
    .join(', ');
}

function simpleName({ member, on }: Candidate): string {
  if (member.kind === 'constructor') return on.definition.name;
  return member.kind === 'indexer' ? 'this' : member.name;
}

function isDelegateValue(member: Member): boolean {
  return member.kind === 'delegate' && member.name === 'Invoke';
}

export function wrongCount(types: TypeTable, candidate: Candidate, count: number): OverloadFailure {
  const { member, on } = candidate;
  if (isDelegateValue(member)) return failure('CS1593', `Delegate '${types.display(on)}' does not take ${count} arguments`);
  if (member.kind === 'constructor')
    return failure('CS1729', `'${types.display(on)}' does not contain a constructor that takes ${count} arguments`);
  return failure('CS1501', `No overload for method '${simpleName(candidate)}' takes ${count} arguments`);
}

export function missingArgument(types: TypeTable, candidate: Candidate, parameter: string): OverloadFailure {
  const text = `There is no argument given that corresponds to the required formal parameter '${parameter}' of '${describe(types, candidate)}'`;
  return failure('CS7036', text);
}

export function unknownName(types: TypeTable, candidate: Candidate, name: string, argument: number): OverloadFailure {
  const { member, on } = candidate;
  if (isDelegateValue(member))
    return failure('CS1746', `The delegate '${types.display(on)}' does not have a parameter named '${name}'`, argument);
  const text = `The best overload for '${simpleName(candidate)}' does not have a parameter named '${name}'`;
  return failure('CS1739', text, argument);
}

export function namedTwice(name: string, argument: number): OverloadFailure {
  return failure(
    'CS1744',
    `Named argument '${name}' specifies a parameter for which a positional argument has already been given`,
    argument,
  );
}

export function namedAgain(name: string, argument: number): OverloadFailure {
  return failure('CS1740', `Named argument '${name}' cannot be specified multiple times`, argument);
}

export function namedOutOfPosition(name: string, argument: number): OverloadFailure {
  return failure('CS8323', `Named argument '${name}' is used out-of-position but is followed by an unnamed argument`, argument);
}

export function modifierMissing(argument: number, modifier: string): OverloadFailure {
  return failure('CS1620', `Argument ${argument + 1} must be passed with the '${modifier}' keyword`, argument);
}

export function modifierTooMuch(argument: number, modifier: string): OverloadFailure {
  return failure('CS1615', `Argument ${argument + 1} may not be passed with the '${modifier}' keyword`, argument);
}

export function cannotConvertArgument(argument: number, from: string, to: string): OverloadFailure {
  return failure('CS1503', `Argument ${argument + 1}: cannot convert from '${from}' to '${to}'`, argument);
}

export function notInferred(types: TypeTable, candidate: Candidate): OverloadFailure {
  const text = `The type arguments for method '${describe(types, candidate)}' cannot be inferred from the usage. Try specifying the type arguments explicitly.`;
  return failure('CS0411', text);
}

export function ambiguousCall(types: TypeTable, one: Candidate, other: Candidate): OverloadFailure {
  const text = `The call is ambiguous between the following methods or properties: '${describe(types, one)}' and '${describe(types, other)}'`;
  return failure('CS0121', text);
}

export function wrongReceiver(
  types: TypeTable,
  candidate: Candidate,
  typeArguments: readonly Type[],
  from: Type,
  to: Type,
): OverloadFailure {
  const { name } = candidate.member;
  const text = `'${types.display(from)}' does not contain a definition for '${name}' and the best extension method overload '${describe(types, candidate, typeArguments)}' requires a receiver of type '${types.display(to)}'`;
  return failure('CS1929', text, 0);
}

export function notGeneric(types: TypeTable, candidate: Candidate): OverloadFailure {
  return failure('CS0308', `The non-generic method '${describe(types, candidate)}' cannot be used with type arguments`);
}

export function wrongArity(types: TypeTable, candidate: Candidate, wanted: number): OverloadFailure {
  return failure('CS0305', `Using the generic method '${describe(types, candidate)}' requires ${wanted} type arguments`);
}

export function needsValueType(types: TypeTable, candidate: Candidate, parameter: string, type: Type): OverloadFailure {
  const text = `The type '${types.display(type)}' must be a non-nullable value type in order to use it as parameter '${parameter}' in the generic type or method '${describe(types, candidate)}'`;
  return failure('CS0453', text);
}

export function needsReferenceType(types: TypeTable, candidate: Candidate, parameter: string, type: Type): OverloadFailure {
  const text = `The type '${types.display(type)}' must be a reference type in order to use it as parameter '${parameter}' in the generic type or method '${describe(types, candidate)}'`;
  return failure('CS0452', text);
}

export function needsConversion(
  types: TypeTable,
  candidate: Candidate,
  parameter: string,
  type: Type,
  wanted: Type,
  boxing: boolean,
): OverloadFailure {
  const [given, target] = [types.displayQualified(type), types.displayQualified(wanted)];
  const text = `The type '${given}' cannot be used as type parameter '${parameter}' in the generic type or method '${describe(types, candidate)}'. There is no ${boxing ? 'boxing' : 'implicit reference'} conversion from '${given}' to '${target}'.`;
  return failure(boxing ? 'CS0315' : 'CS0311', text);
}

export function needsConstructor(types: TypeTable, candidate: Candidate, parameter: string, type: Type): OverloadFailure {
  const text = `'${types.display(type)}' must be a non-abstract type with a public parameterless constructor in order to use it as parameter '${parameter}' in the generic type or method '${describe(types, candidate)}'`;
  return failure('CS0310', text);
}

export function noDelegate(to: string, what: 'lambda expression' | 'anonymous method', argument: number): OverloadFailure {
  return failure('CS1660', `Cannot convert ${what} to type '${to}' because it is not a delegate type`, argument);
}

export function lambdaCount(delegate: string, count: number, argument: number): OverloadFailure {
  return failure('CS1593', `Delegate '${delegate}' does not take ${count} arguments`, argument);
}

export function lambdaParameterTypes(delegate: string, argument: number): OverloadFailure {
  const text = `Cannot convert lambda expression to type '${delegate}' because the parameter types do not match the delegate parameter types`;
  return failure('CS1661', text, argument);
}

export function lambdaReturn(from: string, to: string, castable: boolean, argument: number, index: number): OverloadFailure {
  const text = `Cannot implicitly convert type '${from}' to '${to}'${castable ? '. An explicit conversion exists (are you missing a cast?)' : ''}`;
  return { ...failure(castable ? 'CS0266' : 'CS0029', text, argument), lambdaReturn: index };
}

export function lambdaWithoutValue(delegate: string, argument: number): OverloadFailure {
  return failure('CS1643', `Not all code paths return a value in lambda expression of type '${delegate}'`, argument);
}

export function lambdaNotStatement(argument: number): OverloadFailure {
  const text = 'Only assignment, call, increment, decrement, await, and new object expressions can be used as a statement';
  return failure('CS0201', text, argument);
}

function failure(code: string, message: string, argument?: number): OverloadFailure {
  return argument === undefined ? { ok: false, code, message } : { ok: false, code, message, argument };
}
