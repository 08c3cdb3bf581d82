/** The better of two applicable candidates (C# specification, Better function member, with the tie-breakers of C# 7.3). */
import type { CallArgument, LambdaOperand, Operand } from '../check/semantics.ts';
import type { Conversions } from './conversions.ts';
import type { Delegates } from './delegates.ts';
import { isVoid, keywordOf, tupleElements, underlyingOf } from './kinds.ts';
import { isSigned, isUnsigned } from './numeric.ts';
import type { Form } from './overloads.ts';
import type { Type } from './type.ts';

/** Negative: the first is better; positive: the second; zero: neither. */
type Comparison = -1 | 0 | 1;

export class Betterness {
  readonly #conversions: Conversions;
  readonly #delegates: Delegates;

  constructor(conversions: Conversions, delegates: Delegates) {
    this.#conversions = conversions;
    this.#delegates = delegates;
  }

  /** The form that is better than every other, or undefined. */
  best(forms: readonly Form[], args: readonly CallArgument[]): Form | undefined {
    return forms.find((form) => forms.every((other) => other === form || this.#compare(form, other, args) < 0));
  }

  /** Two forms of which neither is better, for the message about an ambiguous call. */
  rivals(forms: readonly Form[], args: readonly CallArgument[]): readonly Form[] {
    const standing = forms.filter((form) => !forms.some((other) => other !== form && this.#compare(other, form, args) < 0));
    return (standing.length > 1 ? standing : forms).slice(0, 2);
  }

  #compare(one: Form, other: Form, args: readonly CallArgument[]): Comparison {
    const votes = args.map((argument, index) => this.#compareTargets(argument.operand, one.targets[index], other.targets[index]));
    const first = votes.includes(-1);
    if (first !== votes.includes(1)) return first ? -1 : 1;
    return !first && this.#sameTargets(one, other) ? this.#breakTie(one, other) : preferPlain(one, other);
  }

  #compareTargets(operand: Operand, one: Type | undefined, other: Type | undefined): Comparison {
    if (one === undefined || other === undefined || this.#conversions.isIdentity(one, other)) return 0;
    return this.betterConversion(operand, one, other);
  }

  #sameTargets(one: Form, other: Form): boolean {
    return one.targets.every((type, index) => {
      const match = other.targets[index];
      return match !== undefined && this.#conversions.isIdentity(type, match);
    });
  }

  // ---------------------------------------------------------------- conversions

  betterConversion(operand: Operand, one: Type, other: Type): Comparison {
    const [first, second] = [this.#matchesExactly(operand, one), this.#matchesExactly(operand, other)];
    if (first !== second) return first ? -1 : 1;
    return this.#betterTarget(operand, one, other);
  }

  #matchesExactly(operand: Operand, target: Type): boolean {
    const { form, type } = operand;
    if (typeof form === 'object' && form.kind === 'lambda') return this.#returnsExactly(form, target);
    if (typeof form === 'object' && form.kind === 'tuple') {
      const elements = tupleElements(target);
      return elements !== undefined && form.elements.every((element, index) => this.#matchesOptional(element, elements[index]));
    }
    return type !== null && this.#conversions.isIdentity(type, target);
  }

  #matchesOptional(operand: Operand, target: Type | undefined): boolean {
    return target !== undefined && this.#matchesExactly(operand, target);
  }

  #returnsExactly(lambda: LambdaOperand, target: Type): boolean {
    const signature = this.#delegates.of(target);
    if (signature === undefined || isVoid(signature.returnType)) return false;
    const { returns } = lambda.bindReturn(lambda.explicitTypes ?? signature.parameters.map((each) => each.type));
    return returns.length > 0 && returns.every((each) => this.#matchesExactly(each, signature.returnType));
  }

  #betterTarget(operand: Operand, one: Type, other: Type): Comparison {
    const [forth, back] = [this.#converts(one, other), this.#converts(other, one)];
    if (forth !== back) return forth ? -1 : 1;
    const { form } = operand;
    if (typeof form === 'object' && form.kind === 'lambda') return this.#betterDelegate(form, one, other);
    if (typeof form === 'object' && form.kind === 'tuple') return this.#betterTuple(form.elements, one, other);
    return betterSign(one, other);
  }

  #converts(from: Type, to: Type): boolean {
    return this.#conversions.implicitType(from, to) !== undefined;
  }

  #betterTuple(operands: readonly Operand[], one: Type, other: Type): Comparison {
    const [ones, others] = [tupleElements(one), tupleElements(other)];
    const votes = operands.map((operand, index) => this.#compareTargets(operand, ones?.[index], others?.[index]));
    const first = votes.includes(-1);
    return first === votes.includes(1) ? 0 : first ? -1 : 1;
  }

  /** Delegates with the same parameters: the better return type; any value is better than void. */
  #betterDelegate(lambda: LambdaOperand, one: Type, other: Type): Comparison {
    const [first, second] = [this.#delegates.of(one), this.#delegates.of(other)];
    if (first === undefined || second === undefined || first.parameters.length !== second.parameters.length) return 0;
    const same = first.parameters.every((each, index) => this.#identical(each.type, second.parameters[index]?.type));
    if (!same || first.returnType === second.returnType) return 0;
    if (isVoid(second.returnType)) return -1;
    if (isVoid(first.returnType)) return 1;
    const result = lambda.bindReturn(lambda.explicitTypes ?? first.parameters.map((each) => each.type));
    return this.#betterReturn(result.returnType, result.returns, first.returnType, second.returnType);
  }

  #identical(one: Type, other: Type | undefined): boolean {
    return other !== undefined && this.#conversions.isIdentity(one, other);
  }

  #betterReturn(inferred: Type | null, returns: readonly Operand[], one: Type, other: Type): Comparison {
    if (inferred !== null) return this.betterConversion({ type: inferred }, one, other);
    const votes = returns.map((each) => this.betterConversion(each, one, other));
    const first = votes.includes(-1);
    return first === votes.includes(1) ? 0 : first ? -1 : 1;
  }

  // ---------------------------------------------------------------- tie-breakers

  #breakTie(one: Form, other: Form): Comparison {
    return (
      prefer(!isGeneric(one), !isGeneric(other)) ||
      prefer(!one.expanded, !other.expanded) ||
      preferMoreParameters(one, other) ||
      prefer(!one.usesDefaults, !other.usesDefaults) ||
      this.#moreSpecific(one.declaredTargets, other.declaredTargets)
    );
  }

  #moreSpecific(ones: readonly Type[], others: readonly Type[]): Comparison {
    const votes = ones.map((type, index) => {
      const match = others[index];
      return match === undefined ? 0 : this.#moreSpecificType(type, match);
    });
    const first = votes.includes(-1);
    return first === votes.includes(1) ? 0 : first ? -1 : 1;
  }

  /** A type parameter is less specific than anything else; constructed types go by their arguments. */
  #moreSpecificType(one: Type, other: Type): Comparison {
    if (one.kind === 'typeParameter' || other.kind === 'typeParameter')
      return prefer(one.kind !== 'typeParameter', other.kind !== 'typeParameter');
    if (one.kind === 'array' && other.kind === 'array') return this.#moreSpecificType(one.element, other.element);
    if (one.kind !== 'named' || other.kind !== 'named' || one.definition !== other.definition) return 0;
    return this.#moreSpecific(one.typeArguments, other.typeArguments);
  }
}

/** A signed integral type is better than an unsigned one that it does not convert to. */
function betterSign(one: Type, other: Type): Comparison {
  const [first, second] = [keywordOf(underlyingOf(one) ?? one), keywordOf(underlyingOf(other) ?? other)];
  if (isSigned(first) && isUnsigned(second)) return -1;
  return isUnsigned(first) && isSigned(second) ? 1 : 0;
}

function isGeneric(form: Form): boolean {
  const { member } = form.candidate;
  return member.kind === 'method' && member.typeParameters.length > 0;
}

/**
 * Where the parameter types differ and none is better, the compiler still prefers the normal form, then the candidate that
 * needs no default value, if the two have different numbers of parameters. The specification does not say so; `Split(null)` needs it.
 */
function preferPlain(one: Form, other: Form): Comparison {
  if (parametersUsed(one) === parametersUsed(other)) return 0;
  return prefer(!one.expanded, !other.expanded) || prefer(!one.usesDefaults, !other.usesDefaults);
}

function parametersUsed(form: Form): number {
  const declared = form.candidate.member.parameters.length;
  return form.expanded ? Math.max(declared, form.targets.length) : declared;
}

function preferMoreParameters(one: Form, other: Form): Comparison {
  if (!one.expanded || !other.expanded) return 0;
  const [first, second] = [one.candidate.member.parameters.length, other.candidate.member.parameters.length];
  return prefer(first > second, second > first);
}

function prefer(one: boolean, other: boolean): Comparison {
  if (one === other) return 0;
  return one ? -1 : 1;
}
