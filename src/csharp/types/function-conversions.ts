/** Whether a lambda or a method group fits a delegate type (C# specification, Anonymous function and method group conversions). */
import type { CallArgument, DelegateInvoke, LambdaOperand, LambdaResult, MethodGroupOperand, OverloadSuccess } from '../check/semantics.ts';
import type { Conversions } from './conversions.ts';
import type { Delegates } from './delegates.ts';
import { isReferenceType, isVoid } from './kinds.ts';
import type { Overloads } from './overloads.ts';
import type { NamedType, Type } from './type.ts';

/** Why a lambda does not fit. */
export type LambdaMisfit =
  | { readonly kind: 'count' }
  | { readonly kind: 'types'; readonly index: number }
  | { readonly kind: 'modifier' }
  | { readonly kind: 'body' }
  | { readonly kind: 'noValue' }
  | { readonly kind: 'value' }
  | { readonly kind: 'return'; readonly index: number };

export class FunctionConversions {
  readonly #conversions: Conversions;
  readonly #delegates: Delegates;
  readonly #overloads: () => Overloads;

  constructor(conversions: Conversions, delegates: Delegates, overloads: () => Overloads) {
    this.#conversions = conversions;
    this.#delegates = delegates;
    this.#overloads = overloads;
  }

  converts(form: LambdaOperand | MethodGroupOperand, to: NamedType): boolean {
    const target = this.#delegates.of(to);
    if (target === undefined) return false;
    return form.kind === 'lambda' ? this.misfit(form, target) === undefined : this.method(form, target) !== undefined;
  }

  /** Undefined when the lambda fits the delegate. */
  misfit(lambda: LambdaOperand, target: DelegateInvoke): LambdaMisfit | undefined {
    return this.#signatureMisfit(lambda, target) ?? this.#bodyMisfit(this.#bind(lambda, target), target.returnType);
  }

  #bind(lambda: LambdaOperand, target: DelegateInvoke): LambdaResult {
    return lambda.bindReturn(lambda.explicitTypes ?? target.parameters.map((parameter) => parameter.type));
  }

  #signatureMisfit(lambda: LambdaOperand, target: DelegateInvoke): LambdaMisfit | undefined {
    if (lambda.parameterCount === undefined)
      return target.parameters.some((each) => each.modifier === 'out') ? { kind: 'modifier' } : undefined;
    if (lambda.parameterCount !== target.parameters.length) return { kind: 'count' };
    const { explicitTypes } = lambda;
    if (explicitTypes === undefined)
      return target.parameters.some((each) => each.modifier !== undefined) ? { kind: 'modifier' } : undefined;
    const index = target.parameters.findIndex((parameter, at) => !this.#same(parameter.type, explicitTypes[at]));
    return index < 0 ? undefined : { kind: 'types', index };
  }

  #same(one: Type, other: Type | undefined): boolean {
    return other !== undefined && this.#conversions.isIdentity(one, other);
  }

  #bodyMisfit(result: LambdaResult, returnType: Type): LambdaMisfit | undefined {
    if (result.hasErrors) return { kind: 'body' };
    if (isVoid(returnType)) return result.fitsVoid ? undefined : { kind: 'value' };
    if (!result.fitsValue) return { kind: 'noValue' };
    const index = result.returns.findIndex((each) => this.#conversions.implicit(each, returnType) === undefined);
    return index < 0 ? undefined : { kind: 'return', index };
  }

  /** The method of the group that serves the delegate, when its return type fits as well. */
  method(group: MethodGroupOperand, target: DelegateInvoke): OverloadSuccess | undefined {
    const found = this.overload(group, target);
    return found !== undefined && this.#returns(found.returnType, target.returnType) ? found : undefined;
  }

  /** The method that the delegate's parameter types pick, whatever it returns. Instance methods come before extensions. */
  overload(group: MethodGroupOperand, target: DelegateInvoke): OverloadSuccess | undefined {
    const args = target.parameters.map((parameter): CallArgument => {
      const operand = { type: parameter.type };
      return parameter.modifier === undefined ? { operand } : { operand, modifier: parameter.modifier };
    });
    const [own, extensions] = [group.candidates.filter((each) => !each.asExtension), group.candidates.filter((each) => each.asExtension)];
    const found = this.#overloads().resolve(own, args);
    if (found.ok || group.receiver === undefined) return found.ok ? found : undefined;
    const extended = this.#overloads().resolve(extensions, [{ operand: group.receiver }, ...args]);
    return extended.ok ? extended : undefined;
  }

  #returns(from: Type, to: Type): boolean {
    if (isVoid(to) || isVoid(from)) return isVoid(to) && isVoid(from);
    if (this.#conversions.isIdentity(from, to)) return true;
    return isReferenceType(from) && this.#conversions.types.isAssignable(from, to);
  }
}
