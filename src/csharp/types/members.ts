/** Makes a type's members of their signatures and implementations. */
import type { Accessors, ConstantValue, Implementation, MemberTable } from './declare.ts';
import { defaultValue } from './defaults.ts';
import type { Resolver } from './resolve.ts';
import type { HeaderSyntax, MemberSyntax, ParameterSyntax, TypeParameterSyntax } from './signature.ts';
import { readMember } from './signature.ts';
import type { Member, Method, Parameter, Type, TypeDefinition, TypeParameter } from './type.ts';

type MemberValue = MemberTable[string];

export function buildMember(owner: TypeDefinition, signature: string, value: MemberValue, resolver: Resolver): Member {
  const syntax = readMember(signature, owner.name);
  const base = { name: syntax.name, owner, isStatic: syntax.isStatic, signature };
  switch (syntax.kind) {
    case 'constructor':
      return {
        ...base,
        kind: 'constructor',
        parameters: parametersOf(owner, syntax.parameters, [], resolver),
        implementation: implementationOf(base, value),
      };
    case 'operator':
      return {
        ...base,
        kind: 'operator',
        parameters: parametersOf(owner, syntax.parameters, [], resolver),
        returnType: typeOf(owner, syntax, resolver),
        implementation: implementationOf(base, value),
      };
    case 'property':
      return { ...base, kind: 'property', type: typeOf(owner, syntax, resolver), ...accessorsOf(value) };
    case 'indexer':
      return {
        ...base,
        kind: 'indexer',
        type: typeOf(owner, syntax, resolver),
        parameters: parametersOf(owner, syntax.parameters, [], resolver),
        ...accessorsOf(value),
      };
    case 'const':
      return { ...base, kind: 'field', type: typeOf(owner, syntax, resolver), isConst: true, value: constantOf(base, value) };
    case 'field':
      return { ...base, kind: 'field', type: typeOf(owner, syntax, resolver), isConst: false, ...fieldAccessors(value) };
    case 'method':
      return buildMethod(base, syntax, implementationOf(base, value), resolver);
  }
}

function buildMethod(
  base: { name: string; owner: TypeDefinition; isStatic: boolean; signature: string },
  syntax: MemberSyntax,
  implementation: Implementation,
  resolver: Resolver,
): Method {
  const typeParameters = typeParametersOf(syntax.typeParameters);
  return {
    ...base,
    kind: 'method',
    isExtension: syntax.parameters[0]?.isThis === true,
    typeParameters,
    parameters: parametersOf(base.owner, syntax.parameters, typeParameters, resolver),
    returnType: typeOf(base.owner, syntax, resolver, typeParameters),
    implementation,
  };
}

/** The Invoke method of a delegate type: calls the function that the delegate is. */
export function buildInvoke(owner: TypeDefinition, header: HeaderSyntax, resolver: Resolver): Method {
  return {
    kind: 'method',
    name: 'Invoke',
    owner,
    isStatic: false,
    isExtension: false,
    signature: 'Invoke',
    typeParameters: [],
    parameters: parametersOf(owner, header.parameters, [], resolver),
    returnType: header.returnType === undefined ? resolver.void : resolver.resolve(header.returnType, owner, []),
    implementation: (target: (...args: unknown[]) => unknown, ...args: unknown[]) => target(...args),
  };
}

export function buildEnumMembers(owner: TypeDefinition, resolver: Resolver, name: string): readonly Member[] {
  const value = owner.enumValues?.get(name);
  if (value === undefined) return [];
  const type = resolver.plain(owner);
  return [{ kind: 'field', name, owner, isStatic: true, signature: `const ${owner.name} ${name}`, type, isConst: true, value }];
}

function typeParametersOf(syntax: readonly TypeParameterSyntax[]): TypeParameter[] {
  return syntax.map((parameter) => ({
    kind: 'typeParameter',
    name: parameter.name,
    ...(parameter.constraint === undefined ? {} : { constraint: parameter.constraint }),
  }));
}

function typeOf(owner: TypeDefinition, syntax: MemberSyntax, resolver: Resolver, own: readonly TypeParameter[] = []): Type {
  return syntax.type === undefined ? resolver.void : resolver.resolve(syntax.type, owner, own);
}

function parametersOf(
  owner: TypeDefinition,
  syntax: readonly ParameterSyntax[],
  own: readonly TypeParameter[],
  resolver: Resolver,
): Parameter[] {
  return syntax.map((parameter) => {
    const type = resolver.resolve(parameter.type, owner, own);
    return {
      name: parameter.name,
      type,
      isParams: parameter.isParams,
      isOptional: parameter.defaultText !== undefined,
      ...(parameter.modifier === undefined ? {} : { modifier: parameter.modifier }),
      ...(parameter.defaultText === undefined ? {} : { defaultValue: defaultValue(parameter.defaultText, type, owner.fullName) }),
    };
  });
}

function isImplementation(value: MemberValue): value is Implementation {
  return typeof value === 'function' || 'special' in value;
}

function implementationOf(base: { owner: TypeDefinition; signature: string }, value: MemberValue): Implementation {
  if (isImplementation(value)) return value;
  throw new Error(`${base.owner.fullName}: '${base.signature}' needs a function`);
}

function accessorsOf(value: MemberValue): { getter?: Implementation; setter?: Implementation } {
  if (isImplementation(value)) return { getter: value };
  const { get, set } = value as Accessors;
  return { ...(get === undefined ? {} : { getter: get }), ...(set === undefined ? {} : { setter: set }) };
}

/** A static readonly field may be given as a constant value as well. */
function fieldAccessors(value: MemberValue): { getter?: Implementation; setter?: Implementation } {
  if (!isImplementation(value) && 'constant' in value) {
    const held = (value as ConstantValue).constant;
    return { getter: () => held };
  }
  return accessorsOf(value);
}

function constantOf(base: { owner: TypeDefinition; signature: string }, value: MemberValue): unknown {
  if (!isImplementation(value) && 'constant' in value) return value.constant;
  throw new Error(`${base.owner.fullName}: '${base.signature}' needs constant(…)`);
}
