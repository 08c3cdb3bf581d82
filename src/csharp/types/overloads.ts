/** Overload resolution (C# 7.3 specification, Function members): applicable candidates, the best of them, or why there is none. */
import type { CallArgument, Candidate, OverloadFailure, OverloadResult, OverloadSuccess } from '../check/semantics.ts';
import { ArgumentFaults } from './argument-faults.ts';
import type { Mapping } from './argument-mapping.ts';
import { mapArguments, parameterIndexes } from './argument-mapping.ts';
import { Betterness } from './betterness.ts';
import { brokenConstraint } from './constraints.ts';
import type { Conversions } from './conversions.ts';
import type { Delegates } from './delegates.ts';
import type { FunctionConversions } from './function-conversions.ts';
import { Inference } from './inference.ts';
import { isError } from './kinds.ts';
import {
  ambiguousCall,
  missingArgument,
  namedAgain,
  namedOutOfPosition,
  namedTwice,
  notGeneric,
  notInferred,
  unknownName,
  wrongArity,
  wrongCount,
} from './messages.ts';
import type { NamedType, Parameter, Type, TypeParameter } from './type.ts';

/** A candidate whose arguments have found their parameters. */
export interface Form {
  readonly candidate: Candidate;
  readonly mapping: Mapping;
  readonly expanded: boolean;
  readonly typeArguments: readonly Type[];
  /** Types of the parameters, filled in; in expanded form the last one is still the array. */
  readonly parameterTypes: readonly Type[];
  /** What each argument must convert to, by argument index; and the same before type arguments were filled in. */
  readonly targets: readonly Type[];
  readonly declaredTargets: readonly Type[];
  readonly modifiers: readonly Parameter['modifier'][];
  readonly usesDefaults: boolean;
}

/** Ranks of failure: the compiler reports the one that came furthest. */
type Stage = 'count' | 'inference' | 'constraint' | 'arguments';
interface Rejected {
  readonly stage: Stage;
  readonly failure: OverloadFailure;
}
const STAGES: readonly Stage[] = ['constraint', 'arguments', 'inference'];

export class Overloads {
  readonly #conversions: Conversions;
  readonly #inference: Inference;
  readonly #betterness: Betterness;
  readonly #faults: ArgumentFaults;

  constructor(conversions: Conversions, delegates: Delegates, functions: FunctionConversions) {
    this.#conversions = conversions;
    this.#inference = new Inference(conversions, delegates, functions);
    this.#betterness = new Betterness(conversions, delegates);
    this.#faults = new ArgumentFaults(conversions, delegates, functions);
  }

  resolve(candidates: readonly Candidate[], args: readonly CallArgument[]): OverloadResult {
    return this.#attempt(candidates, args, false) ?? this.#attempt(candidates, args, true) ?? this.#explain(candidates, args);
  }

  /** `tolerant` takes lambdas whose own bodies have errors, so that those errors are what gets reported. */
  #attempt(candidates: readonly Candidate[], args: readonly CallArgument[], tolerant: boolean): OverloadResult | undefined {
    const forms: Form[] = [];
    for (const candidate of candidates) {
      const form = this.#applicable(candidate, args, tolerant);
      if (form !== undefined) forms.push(form);
    }
    const nearest = this.#withoutHidden(forms);
    if (nearest.length === 0) return undefined;
    const best = this.#betterness.best(nearest, args) ?? this.#bestPermitted(nearest, args);
    if (best !== undefined) return this.#success(best);
    const [one, other] = this.#betterness.rivals(nearest, args);
    return one === undefined || other === undefined
      ? undefined
      : tolerant || args.some(isErroneous)
        ? this.#success(one)
        : ambiguousCall(this.#conversions.types, one.candidate, other.candidate);
  }

  /** What no expression may use makes no call ambiguous: `Headers.GetValueOrDefault("a", null)` means API Management's own method. */
  #bestPermitted(forms: readonly Form[], args: readonly CallArgument[]): Form | undefined {
    const permitted = forms.filter(({ candidate }) => candidate.on.definition.listed !== 'none');
    return permitted.length < forms.length ? this.#betterness.best(permitted, args) : undefined;
  }

  #applicable(candidate: Candidate, args: readonly CallArgument[], tolerant: boolean): Form | undefined {
    const form = this.#usable(candidate, args, false, tolerant);
    return form ?? (candidate.member.parameters.at(-1)?.isParams ? this.#usable(candidate, args, true, tolerant) : undefined);
  }

  #usable(candidate: Candidate, args: readonly CallArgument[], expanded: boolean, tolerant: boolean): Form | undefined {
    const form = this.#form(candidate, args, expanded);
    if ('stage' in form) return undefined;
    return args.every((argument, index) => this.#faults.fits(argument, form, index, tolerant)) ? form : undefined;
  }

  /** Steps before conversions: arguments to parameters, type arguments, constraints. */
  #form(candidate: Candidate, args: readonly CallArgument[], expanded: boolean): Form | Rejected {
    const { member } = candidate;
    const mapped = mapArguments(member.parameters, args, expanded);
    if (!mapped.ok) return { stage: 'count', failure: this.#mappingFailure(candidate, args, mapped) };
    const own = member.kind === 'method' ? member.typeParameters : [];
    const indexes = parameterIndexes(mapped.mapping, args.length);
    const declared = member.parameters.map((parameter) => this.#onReceiver(parameter.type, candidate));
    const declaredTargets = indexes.map((index) => this.#target(member.parameters, declared, index, expanded));
    const modifiers = indexes.map((index) => member.parameters[index]?.modifier);
    const typeArguments = this.#typeArguments(candidate, own, args, declaredTargets, modifiers);
    if (!Array.isArray(typeArguments)) return typeArguments as Rejected;
    const broken = brokenConstraint(this.#conversions.types, candidate, own, typeArguments);
    if (broken !== undefined) return { stage: 'constraint', failure: broken };
    const fill = (type: Type): Type => this.#conversions.types.substitute(type, own, typeArguments);
    return {
      candidate,
      mapping: mapped.mapping,
      expanded,
      typeArguments,
      parameterTypes: declared.map(fill),
      targets: declaredTargets.map(fill),
      declaredTargets: indexes.map((index) => this.#target(member.parameters, member.parameters.map(typeOf), index, expanded)),
      modifiers,
      usesDefaults: mapped.mapping.includes(undefined),
    };
  }

  #onReceiver(type: Type, { member, on }: Candidate): Type {
    return member.kind === 'delegate' ? type : this.#conversions.types.substitute(type, on.definition.typeParameters, on.typeArguments);
  }

  #target(parameters: readonly Parameter[], types: readonly Type[], index: number, expanded: boolean): Type {
    const type = types[index] ?? this.#conversions.types.special('error');
    const unpack = expanded && index === parameters.length - 1 && type.kind === 'array';
    return unpack ? type.element : type;
  }

  #typeArguments(
    candidate: Candidate,
    own: readonly TypeParameter[],
    args: readonly CallArgument[],
    targets: readonly Type[],
    modifiers: readonly Parameter['modifier'][],
  ): readonly Type[] | Rejected {
    const { types } = this.#conversions;
    const written = candidate.typeArguments;
    if (written !== undefined && written.length > 0) {
      if (written.length === own.length) return written;
      return { stage: 'count', failure: own.length === 0 ? notGeneric(types, candidate) : wrongArity(types, candidate, own.length) };
    }
    if (own.length === 0) return [];
    const inputs = args.map((argument, index) => ({
      operand: argument.operand,
      parameterType: targets[index] ?? types.special('error'),
      byReference: modifiers[index] !== undefined && modifiers[index] !== 'in',
    }));
    return this.#inference.infer(own, inputs) ?? { stage: 'inference', failure: notInferred(types, candidate) };
  }

  #mappingFailure(
    candidate: Candidate,
    args: readonly CallArgument[],
    mapped: Exclude<ReturnType<typeof mapArguments>, { ok: true }>,
  ): OverloadFailure {
    const { types } = this.#conversions;
    if (mapped.reason === 'tooMany') return wrongCount(types, candidate, args.length - (candidate.asExtension ? 1 : 0));
    if (mapped.reason === 'missing') return missingArgument(types, candidate, mapped.parameter);
    const name = args[mapped.argument]?.name ?? '';
    if (mapped.reason === 'unknownName') return unknownName(types, candidate, name, mapped.argument);
    if (mapped.reason === 'outOfPosition') return namedOutOfPosition(name, mapped.argument);
    const isRepeated = args.some((one, at) => at < mapped.argument && one.name === name);
    return isRepeated ? namedAgain(name, mapped.argument) : namedTwice(name, mapped.argument);
  }

  /** A type's applicable members hide those of its base types, however well they fit. */
  #withoutHidden(forms: readonly Form[]): readonly Form[] {
    if (forms.length < 2) return forms;
    const { types } = this.#conversions;
    return forms.filter(
      (form) =>
        !forms.some((other) => other !== form && derives(other.candidate, form.candidate, (from, to) => types.isAssignable(from, to))),
    );
  }

  #success(form: Form): OverloadSuccess {
    const { member } = form.candidate;
    const { types } = this.#conversions;
    const returned = member.kind === 'constructor' ? form.candidate.on : member.kind === 'indexer' ? member.type : member.returnType;
    const own = member.kind === 'method' ? member.typeParameters : [];
    const returnType = types.substitute(this.#onReceiver(returned, form.candidate), own, form.typeArguments);
    const { candidate, typeArguments, parameterTypes, mapping, expanded } = form;
    return { ok: true, candidate, typeArguments, parameterTypes, returnType, mapping, expanded };
  }

  // ---------------------------------------------------------------- failures

  #explain(candidates: readonly Candidate[], args: readonly CallArgument[]): OverloadFailure {
    const rejected = candidates.map((candidate) => this.#reject(candidate, args));
    for (const stage of STAGES) {
      const found = rejected.filter((each) => each.stage === stage);
      const told = found.find((each) => !blamesReceiver(each.failure)) ?? found[0];
      if (told !== undefined) return told.failure;
    }
    const named = rejected.find((each) => each.failure.argument !== undefined);
    const [first] = rejected;
    const [candidate] = candidates;
    if (first === undefined || candidate === undefined)
      return { ok: false, code: 'CS1501', message: `No overload takes ${args.length} arguments` };
    if (rejected.length === 1) return first.failure;
    if (candidates.every(isWrittenGenericOnly)) return notGeneric(this.#conversions.types, candidate);
    return named?.failure ?? wrongCount(this.#conversions.types, candidate, args.length - (candidate.asExtension ? 1 : 0));
  }

  /** Why one candidate fails; the expanded form speaks for it where the normal form has the wrong number of arguments. */
  #reject(candidate: Candidate, args: readonly CallArgument[]): Rejected {
    const normal = this.#form(candidate, args, false);
    const hasParams = candidate.member.parameters.at(-1)?.isParams === true;
    const form = hasParams && 'stage' in normal && normal.stage === 'count' ? this.#form(candidate, args, true) : normal;
    if ('stage' in form) return form;
    const chosen = hasParams && !form.expanded ? this.#form(candidate, args, true) : form;
    const told = 'stage' in chosen ? form : chosen;
    for (const [index, argument] of args.entries()) {
      const failure = this.#faults.explain(argument, told, index);
      if (failure !== undefined) return { stage: 'arguments', failure };
    }
    return { stage: 'count', failure: wrongCount(this.#conversions.types, candidate, args.length) };
  }
}

/** An extension method for quite another type says less than one that takes the receiver. */
function blamesReceiver(failure: OverloadFailure): boolean {
  return failure.code === 'CS1929';
}

function typeOf(parameter: Parameter): Type {
  return parameter.type;
}

function isErroneous(argument: CallArgument): boolean {
  return isError(argument.operand.type);
}

function derives(one: Candidate, other: Candidate, isAssignable: (from: NamedType, to: NamedType) => boolean): boolean {
  if (one.asExtension || other.asExtension || one.member.kind === 'constructor' || one.on === other.on) return false;
  return isAssignable(one.on, other.on) && !isAssignable(other.on, one.on);
}

/** Type arguments are written, but the method has no type parameters. */
function isWrittenGenericOnly({ member, typeArguments = [] }: Candidate): boolean {
  return typeArguments.length > 0 && (member.kind !== 'method' || member.typeParameters.length === 0);
}
