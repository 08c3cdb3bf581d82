/** Inference of a generic method's type arguments (C# specification, Type inference): two phases over bounds. */
import type { DelegateInvoke, LambdaOperand, MethodGroupOperand, Operand } from '../check/semantics.ts';
import { Bounds } from './bounds.ts';
import type { Conversions } from './conversions.ts';
import type { Delegates } from './delegates.ts';
import type { FunctionConversions } from './function-conversions.ts';
import { isDelegate, isVoid, tupleElements, underlyingOf } from './kinds.ts';
import type { Type, TypeParameter } from './type.ts';

/** An argument and the declared type of the parameter it goes to, type parameters unfilled. */
export interface InferenceArgument {
  readonly operand: Operand;
  readonly parameterType: Type;
  readonly byReference: boolean;
}

type FunctionOperand = LambdaOperand | MethodGroupOperand;
interface FunctionArgument {
  readonly form: FunctionOperand;
  readonly signature: DelegateInvoke;
}

export class Inference {
  readonly #conversions: Conversions;
  readonly #delegates: Delegates;
  readonly #functions: FunctionConversions;

  constructor(conversions: Conversions, delegates: Delegates, functions: FunctionConversions) {
    this.#conversions = conversions;
    this.#delegates = delegates;
    this.#functions = functions;
  }

  /** The type arguments, or undefined when the arguments do not say them all. */
  infer(parameters: readonly TypeParameter[], args: readonly InferenceArgument[]): readonly Type[] | undefined {
    const bounds = new Bounds(this.#conversions, parameters);
    const functions: FunctionArgument[] = [];
    for (const each of args) this.#first(bounds, each.operand, each.parameterType, each.byReference, functions);
    return this.#second(bounds, parameters, functions);
  }

  /** Phase one: what the arguments say by their own types. */
  #first(bounds: Bounds, operand: Operand, wanted: Type, byReference: boolean, functions: FunctionArgument[]): void {
    const { form } = operand;
    if (typeof form === 'object' && form.kind === 'tuple') {
      this.#firstOfTuple(bounds, form.elements, operand, wanted, functions);
    } else if (typeof form === 'object') {
      const signature = isDelegate(wanted) ? this.#delegates.of(wanted) : undefined;
      if (signature !== undefined) functions.push({ form, signature });
      if (signature !== undefined && form.kind === 'lambda') explicitTypes(bounds, form, signature);
    } else if (operand.type !== null && operand.type.kind !== 'special') {
      if (byReference) bounds.exact(operand.type, wanted);
      else bounds.lower(operand.type, wanted);
    }
  }

  #firstOfTuple(bounds: Bounds, parts: readonly Operand[], operand: Operand, wanted: Type, functions: FunctionArgument[]): void {
    const elements = tupleElements(underlyingOf(wanted) ?? wanted);
    if (elements?.length !== parts.length) {
      if (operand.type !== null) bounds.lower(operand.type, wanted);
      return;
    }
    for (const [index, part] of parts.entries()) {
      const element = elements[index];
      if (element !== undefined) this.#first(bounds, part, element, false, functions);
    }
  }

  /** Phase two: functions whose parameters are known say what they return; then whatever depends on nothing open is fixed. */
  #second(bounds: Bounds, parameters: readonly TypeParameter[], functions: readonly FunctionArgument[]): readonly Type[] | undefined {
    const waiting = new Set(functions);
    while (bounds.open.size > 0) {
      for (const each of waiting) {
        if (mentionsAny(inputTypes(each), bounds.open)) continue;
        waiting.delete(each);
        this.#output(bounds, each);
      }
      const chosen = chooseToFix(bounds, functions);
      if (chosen.length === 0 || !chosen.every((parameter) => bounds.fix(parameter))) return undefined;
    }
    return parameters.map((parameter) => bounds.fixed.get(parameter) ?? parameter);
  }

  #output(bounds: Bounds, { form, signature }: FunctionArgument): void {
    const returned = this.#returnType(bounds, form, signature);
    if (returned !== undefined && returned !== null && !isVoid(returned) && returned.kind !== 'special')
      bounds.lower(returned, signature.returnType);
  }

  #returnType(bounds: Bounds, form: FunctionOperand, signature: DelegateInvoke): Type | null | undefined {
    const parameters = signature.parameters.map((parameter) => ({ ...parameter, type: bounds.filled(parameter.type) }));
    if (form.kind === 'methodGroup') return this.#functions.overload(form, { ...signature, parameters })?.returnType;
    if (form.parameterCount !== undefined && form.parameterCount !== parameters.length) return undefined;
    return form.bindReturn(form.explicitTypes ?? parameters.map((parameter) => parameter.type)).returnType;
  }
}

function explicitTypes(bounds: Bounds, lambda: LambdaOperand, signature: DelegateInvoke): void {
  for (const [index, type] of lambda.explicitTypes?.entries() ?? []) {
    const parameter = signature.parameters[index];
    if (parameter !== undefined) bounds.exact(type, parameter.type);
  }
}

/** What must be known before the argument can say its return type. */
function inputTypes({ form, signature }: FunctionArgument): readonly Type[] {
  if (form.kind === 'lambda' && (form.explicitTypes !== undefined || form.parameterCount === undefined)) return [];
  return signature.parameters.map((parameter) => parameter.type);
}

/** Type parameters with bounds that depend on nothing open; failing those, ones that others wait for. */
function chooseToFix(bounds: Bounds, functions: readonly FunctionArgument[]): readonly Type[] {
  const bounded = [...bounds.open].filter((parameter) => bounds.has(parameter));
  const free = bounded.filter((parameter) => !dependsOnOpen(parameter, functions, bounds.open));
  return free.length > 0
    ? free
    : bounded.filter((parameter) => functions.some((each) => mentionsAny(inputTypes(each), new Set([parameter]))));
}

/** Whether the parameter is told by a function whose own parameters are open, directly or through others. */
function dependsOnOpen(parameter: Type, functions: readonly FunctionArgument[], open: ReadonlySet<Type>): boolean {
  return functions.some((each) => mentionsAny([each.signature.returnType], new Set([parameter])) && mentionsAny(inputTypes(each), open));
}

function mentionsAny(types: readonly Type[], wanted: ReadonlySet<Type>): boolean {
  return types.some((type) => {
    if (wanted.has(type)) return true;
    if (type.kind === 'named') return mentionsAny(type.typeArguments, wanted);
    if (type.kind === 'array') return mentionsAny([type.element], wanted);
    return false;
  });
}
