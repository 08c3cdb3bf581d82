/** Members as the compiler's messages write them: `string.Length`, `string.this[int]`, `List<int>.Add(int)`. */
import type { FoundMember } from '../types/table.ts';
import type { Method, Parameter, Type } from '../types/type.ts';
import type { Binder } from './context.ts';

export function describeMember(b: Binder, { member, on }: FoundMember): string {
  const owner = b.show(on);
  const fill = (type: Type) => b.types.substitute(type, on.definition.typeParameters, on.typeArguments);
  switch (member.kind) {
    case 'method':
      return `${owner}.${member.name}${typeParametersText(member)}(${parametersText(b, member.parameters, fill)})`;
    case 'indexer':
      return `${owner}.this[${parametersText(b, member.parameters, fill)}]`;
    case 'constructor':
      return `${owner}.${on.definition.name}(${parametersText(b, member.parameters, fill)})`;
    default:
      return `${owner}.${member.name}`;
  }
}

function typeParametersText(method: Method): string {
  return method.typeParameters.length === 0 ? '' : `<${method.typeParameters.map((parameter) => parameter.name).join(', ')}>`;
}

function parametersText(b: Binder, parameters: readonly Parameter[], fill: (type: Type) => Type): string {
  return parameters
    .map((parameter) => `${parameter.isParams ? 'params ' : ''}${modifierText(parameter)}${b.show(fill(parameter.type))}`)
    .join(', ');
}

function modifierText(parameter: Parameter): string {
  return parameter.modifier === undefined ? '' : `${parameter.modifier} `;
}
