/** How types are written: in C#, in the compiler's messages, by reflection, in recorded outcomes. */
import { tupleElements, underlyingOf } from './kinds.ts';
import type { ArrayType, NamedType, SpecialType, Type, TypeDefinition } from './type.ts';

const SPECIAL_NAMES: Readonly<Record<SpecialType['name'], string>> = { void: 'void', null: '<null>', error: '?' };

/** `List<string>`, or `System.Collections.Generic.List<string>` when `qualified`. */
export function displayType(type: Type, qualified: boolean): string {
  switch (type.kind) {
    case 'named':
      return displayNamed(type, qualified);
    case 'array':
      return displayArray(type, '*', (element) => displayType(element, qualified));
    case 'typeParameter':
      return type.name;
    case 'anonymous':
      return displayAnonymous(type.members, qualified);
    case 'special':
      return SPECIAL_NAMES[type.name];
  }
}

function displayAnonymous(members: readonly { readonly name: string; readonly type: Type }[], qualified: boolean): string {
  if (members.length === 0) return '<empty anonymous type>';
  return `<anonymous type: ${members.map((member) => `${displayType(member.type, qualified)} ${member.name}`).join(', ')}>`;
}

function displayNamed(type: NamedType, qualified: boolean): string {
  const { definition } = type;
  if (definition.keyword !== undefined) return definition.keyword;
  const underlying = underlyingOf(type);
  if (underlying !== undefined) return `${displayType(underlying, qualified)}?`;
  const elements = tupleElements(type);
  if (elements !== undefined) return displayTuple(elements, type.tupleNames, qualified);
  const prefix = qualified && definition.namespace !== '' ? `${definition.namespace}.` : '';
  return prefix + nestedName(definition, type.typeArguments, (argument) => displayType(argument, qualified));
}

function displayTuple(elements: readonly Type[], names: NamedType['tupleNames'], qualified: boolean): string {
  const parts = elements.map((element, index) => {
    const name = names?.[index];
    return displayType(element, qualified) + (name === undefined ? '' : ` ${name}`);
  });
  return `(${parts.join(', ')})`;
}

/** `Dictionary<string, int>.KeyCollection`: a nested type's first arguments belong to the type around it. */
function nestedName(definition: TypeDefinition, typeArguments: readonly Type[], display: (type: Type) => string): string {
  const outer = definition.containing;
  const taken = outer === undefined ? 0 : outer.typeParameters.length;
  const own = typeArguments.slice(taken);
  const name = own.length === 0 ? definition.name : `${definition.name}<${own.map(display).join(', ')}>`;
  return outer === undefined ? name : `${nestedName(outer, typeArguments.slice(0, taken), display)}.${name}`;
}

/**
 * `int[][,]` is an array of `int[,]`: the outermost brackets come first. The compiler writes `int[*,*]` for several dimensions;
 * `star` is what it puts there.
 */
function displayArray(type: ArrayType, star: '*' | '', display: (type: Type) => string): string {
  let brackets = '';
  let element: Type = type;
  while (element.kind === 'array') {
    brackets += element.rank === 1 ? '[]' : `[${Array.from({ length: element.rank }, () => star).join(',')}]`;
    element = element.element;
  }
  return display(element) + brackets;
}

/** Type.ToString of .NET: `System.Collections.Generic.List`1[System.String]`, `System.Int32[,]`. */
export function reflectionName(type: Type): string {
  switch (type.kind) {
    case 'named':
      return withArguments(reflectedDefinition(type.definition, '`'), type.typeArguments.map(reflectionName), '[', ',', ']');
    case 'array':
      return `${reflectionName(type.element)}[${','.repeat(type.rank - 1)}]`;
    case 'anonymous':
      return withArguments(
        `<>f__AnonymousType0\`${type.members.length}`,
        type.members.map((member) => reflectionName(member.type)),
        '[',
        ',',
        ']',
      );
    case 'typeParameter':
      return type.name;
    case 'special':
      return type.name === 'void' ? 'System.Void' : SPECIAL_NAMES[type.name];
  }
}

/** As recorded outcomes write types: `System.Collections.Generic.List<System.String>`, `anonymous{A,B}`, `System.Int32[,]`. */
export function fullDisplay(type: Type): string {
  switch (type.kind) {
    case 'named':
      return withArguments(reflectedDefinition(type.definition, ''), type.typeArguments.map(fullDisplay), '<', ',', '>');
    case 'array':
      return displayArray(type, '', fullDisplay);
    case 'anonymous':
      return `anonymous{${type.members.map((member) => member.name).join(',')}}`;
    case 'typeParameter':
      return type.name;
    case 'special':
      return type.name === 'void' ? 'System.Void' : type.name;
  }
}

function withArguments(name: string, parts: readonly string[], open: string, separator: string, close: string): string {
  return parts.length === 0 ? name : name + open + parts.join(separator) + close;
}

/** Reflection's name of a definition: `+` before nested types, `` `n `` for n type parameters of its own when `tick` is given. */
function reflectedDefinition(definition: TypeDefinition, tick: '`' | ''): string {
  const outer = definition.containing;
  const own = definition.typeParameters.length - (outer?.typeParameters.length ?? 0);
  const arity = tick === '' || own <= 0 ? '' : `${tick}${own}`;
  return outer === undefined ? definition.fullName + arity : `${reflectedDefinition(outer, tick)}+${definition.name}${arity}`;
}
