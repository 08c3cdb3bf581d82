/** Signatures of delegate types with type arguments filled in. */
import type { DelegateInvoke } from '../check/semantics.ts';
import { isDelegate } from './kinds.ts';
import type { TypeTable } from './table.ts';
import type { NamedType, Parameter, Type } from './type.ts';

export class Delegates {
  readonly #types: TypeTable;
  readonly #known = new Map<Type, DelegateInvoke | undefined>();

  constructor(types: TypeTable) {
    this.#types = types;
  }

  of(type: Type): DelegateInvoke | undefined {
    if (!isDelegate(type)) return undefined;
    if (!this.#known.has(type)) this.#known.set(type, this.#read(type));
    return this.#known.get(type);
  }

  #read(type: NamedType): DelegateInvoke | undefined {
    const { invoke, typeParameters } = type.definition;
    if (invoke === undefined) return undefined;
    const fill = (part: Type): Type => this.#types.substitute(part, typeParameters, type.typeArguments);
    const parameters: Parameter[] = invoke.parameters.map((parameter) => ({ ...parameter, type: fill(parameter.type) }));
    return { kind: 'delegate', name: 'Invoke', parameters, returnType: fill(invoke.returnType) };
  }
}
