/** Whether type arguments keep to the constraints of their type parameters. */
import type { Candidate, OverloadFailure } from '../check/semantics.ts';
import { isNullable, isReferenceType, isValueType } from './kinds.ts';
import { needsConstructor, needsConversion, needsReferenceType, needsValueType } from './messages.ts';
import { CONSTRUCTOR } from './signature.ts';
import type { TypeTable } from './table.ts';
import type { Type, TypeParameter } from './type.ts';

/** The first constraint that is broken, or undefined. */
export function brokenConstraint(
  types: TypeTable,
  candidate: Candidate,
  parameters: readonly TypeParameter[],
  typeArguments: readonly Type[],
): OverloadFailure | undefined {
  for (const [index, parameter] of parameters.entries()) {
    const type = typeArguments[index];
    if (type === undefined || parameter.constraint === undefined || type.kind === 'typeParameter') continue;
    for (const part of parameter.constraint.split(',')) {
      const broken = brokenPart(types, candidate, parameter.name, type, part.trim());
      if (broken !== undefined) return broken;
    }
  }
  return undefined;
}

function brokenPart(types: TypeTable, candidate: Candidate, parameter: string, type: Type, part: string): OverloadFailure | undefined {
  switch (part) {
    case 'class':
      return isReferenceType(type) ? undefined : needsReferenceType(types, candidate, parameter, type);
    case 'struct':
      return isValueType(type) && !isNullable(type) ? undefined : needsValueType(types, candidate, parameter, type);
    case 'new()':
      return isCreatable(type) ? undefined : needsConstructor(types, candidate, parameter, type);
    default:
      return notDerived(types, candidate, parameter, type, part);
  }
}

function isCreatable(type: Type): boolean {
  if (isValueType(type)) return true;
  if (type.kind !== 'named' || type.definition.isAbstract) return false;
  return type.definition.membersNamed(CONSTRUCTOR).some((each) => each.kind === 'constructor' && each.parameters.length === 0);
}

/** Constraints that name a plain class or interface. */
function notDerived(types: TypeTable, candidate: Candidate, parameter: string, type: Type, part: string): OverloadFailure | undefined {
  const [definition] = types.find(part, 0);
  if (definition === undefined) return undefined;
  const wanted = types.construct(definition, []);
  return types.isAssignable(type, wanted) ? undefined : needsConversion(types, candidate, parameter, type, wanted, isValueType(type));
}
