/** Whether an argument fits its parameter, and the compiler's words when it does not. */
import type { CallArgument, LambdaOperand, Operand, OverloadFailure } from '../check/semantics.ts';
import type { Conversions } from './conversions.ts';
import type { Delegates } from './delegates.ts';
import type { FunctionConversions, LambdaMisfit } from './function-conversions.ts';
import { isError, isValueType } from './kinds.ts';
import {
  cannotConvertArgument,
  lambdaCount,
  lambdaNotStatement,
  lambdaParameterTypes,
  lambdaReturn,
  lambdaWithoutValue,
  modifierMissing,
  modifierTooMuch,
  noDelegate,
  wrongReceiver,
} from './messages.ts';
import type { Form } from './overloads.ts';
import type { Type } from './type.ts';

export class ArgumentFaults {
  readonly #conversions: Conversions;
  readonly #delegates: Delegates;
  readonly #functions: FunctionConversions;

  constructor(conversions: Conversions, delegates: Delegates, functions: FunctionConversions) {
    this.#conversions = conversions;
    this.#delegates = delegates;
    this.#functions = functions;
  }

  /** `tolerant` takes lambdas with errors inside. */
  fits(argument: CallArgument, form: Form, index: number, tolerant: boolean): boolean {
    const target = form.targets[index];
    if (target === undefined || this.#modifierFault(argument, form, index) !== undefined) return false;
    if (argument.isOutDeclaration) return true;
    if (argument.modifier !== undefined && argument.modifier !== 'in') return this.#sameType(argument.operand, target);
    if (form.candidate.asExtension && index === 0) return this.#receives(argument.operand, target);
    return (
      this.#conversions.implicit(argument.operand, target) !== undefined || (tolerant && this.#onlyBodyFails(argument.operand, target))
    );
  }

  #sameType(operand: Operand, target: Type): boolean {
    return operand.type !== null && (isError(operand.type) || this.#conversions.isIdentity(operand.type, target));
  }

  /** The receiver of an extension method converts by identity, reference or boxing only. */
  #receives(operand: Operand, target: Type): boolean {
    const conversion = this.#conversions.implicit(operand, target);
    return conversion !== undefined && ['identity', 'reference', 'boxing', 'tuple'].includes(conversion.kind);
  }

  #onlyBodyFails(operand: Operand, target: Type): boolean {
    const signature = this.#delegates.of(target);
    if (signature === undefined || typeof operand.form !== 'object' || operand.form.kind !== 'lambda') return false;
    return this.#functions.misfit(operand.form, signature)?.kind === 'body';
  }

  #modifierFault(argument: CallArgument, form: Form, index: number): OverloadFailure | undefined {
    const wanted = form.modifiers[index];
    if (argument.modifier === wanted || (wanted === 'in' && argument.modifier === undefined)) return undefined;
    if (wanted === undefined || wanted === 'in') return modifierTooMuch(index, argument.modifier ?? 'in');
    return modifierMissing(index, wanted);
  }

  /** Undefined when the argument fits. */
  explain(argument: CallArgument, form: Form, index: number): OverloadFailure | undefined {
    const target = form.targets[index];
    const fault = this.#modifierFault(argument, form, index);
    if (fault !== undefined || target === undefined || this.fits(argument, form, index, false)) return fault;
    const { operand } = argument;
    if (form.candidate.asExtension && index === 0 && operand.type !== null)
      return wrongReceiver(this.#conversions.types, form.candidate, form.typeArguments, operand.type, target);
    if (typeof operand.form === 'object' && operand.form.kind === 'lambda') return this.#explainLambda(operand.form, target, index);
    const prefix = argument.modifier === undefined ? '' : `${argument.modifier} `;
    const to = prefix + this.#conversions.types.displayQualified(target);
    return cannotConvertArgument(index, prefix + this.describe(operand), to);
  }

  /** How CS1503 writes what has no type: `<null>`, `method group`, `lambda expression`. */
  describe(operand: Operand): string {
    if (operand.type !== null) return this.#conversions.types.displayQualified(operand.type);
    if (operand.form === undefined || operand.form === 'null') return '<null>';
    if (operand.form === 'default') return 'default';
    if (operand.form === 'throw') return '<throw expression>';
    if (operand.form.kind === 'methodGroup') return 'method group';
    return operand.form.kind === 'lambda'
      ? 'lambda expression'
      : `(${operand.form.elements.map((each) => this.describe(each)).join(', ')})`;
  }

  #explainLambda(lambda: LambdaOperand, target: Type, index: number): OverloadFailure {
    const signature = this.#delegates.of(target);
    const shown = this.#conversions.types.display(target);
    const what = lambda.parameterCount === undefined ? 'anonymous method' : 'lambda expression';
    if (signature === undefined) return noDelegate(shown, what, index);
    const misfit = this.#functions.misfit(lambda, signature);
    return this.#explainMisfit(misfit ?? { kind: 'body' }, lambda, target, index);
  }

  #explainMisfit(misfit: LambdaMisfit, lambda: LambdaOperand, target: Type, index: number): OverloadFailure {
    const shown = this.#conversions.types.display(target);
    switch (misfit.kind) {
      case 'count':
        return lambdaCount(shown, lambda.parameterCount ?? 0, index);
      case 'noValue':
        return lambdaWithoutValue(shown, index);
      case 'value':
        return lambdaNotStatement(index);
      case 'return':
        return this.#explainReturn(lambda, target, index, misfit.index);
      default:
        return lambdaParameterTypes(shown, index);
    }
  }

  #explainReturn(lambda: LambdaOperand, target: Type, index: number, returned: number): OverloadFailure {
    const signature = this.#delegates.of(target);
    const parameters = lambda.explicitTypes ?? signature?.parameters.map((parameter) => parameter.type) ?? [];
    const operand = lambda.bindReturn(parameters).returns[returned];
    const wanted = signature?.returnType ?? target;
    if (operand?.type == null && isValueType(wanted)) {
      const text = `Cannot convert null to '${this.#conversions.types.display(wanted)}' because it is a non-nullable value type`;
      return { ok: false, code: 'CS0037', message: text, argument: index, lambdaReturn: returned };
    }
    const castable = operand !== undefined && this.#conversions.explicit(operand, wanted) !== undefined;
    const from = operand === undefined ? '?' : this.describe(operand);
    return lambdaReturn(from, this.#conversions.types.displayQualified(wanted), castable, index, returned);
  }
}
