/** User-defined operators of the operand types and their bases, lifted forms included (C# specification, Operator overload resolution). */
import type { Operand, OperatorResult } from '../check/semantics.ts';
import type { Betterness } from './betterness.ts';
import type { Conversions } from './conversions.ts';
import { isNullable, isValueType, keywordOf, underlyingOf } from './kinds.ts';
import type { NamedType, Operator, Type } from './type.ts';

interface Form {
  readonly operator: Operator;
  readonly on: NamedType;
  readonly operands: readonly Type[];
  readonly result: Type;
  readonly lifted: boolean;
}

const COMPARISONS: ReadonlySet<string> = new Set([
  'op_Equality',
  'op_Inequality',
  'op_LessThan',
  'op_GreaterThan',
  'op_LessThanOrEqual',
  'op_GreaterThanOrEqual',
]);

export class UserOperators {
  readonly #conversions: Conversions;
  readonly #betterness: Betterness;

  constructor(conversions: Conversions, betterness: Betterness) {
    this.#conversions = conversions;
    this.#betterness = betterness;
  }

  /** `name` is the .NET name; undefined when no declared operator takes the operands. */
  resolve(name: string, operands: readonly Operand[]): OperatorResult | undefined {
    const applicable = this.#forms(name, operands).filter((form) => this.#applies(form, operands));
    if (applicable.length === 0) return undefined;
    const best = applicable.find((form) => applicable.every((other) => other === form || this.#isBetter(form, other, operands)));
    return best === undefined ? { kind: 'ambiguous' } : result(best);
  }

  #forms(name: string, operands: readonly Operand[]): Form[] {
    const forms: Form[] = [];
    for (const on of this.#owners(operands))
      for (const operator of on.definition.membersNamed(name))
        if (operator.kind === 'operator' && operator.parameters.length === operands.length) forms.push(...this.#formsOf(operator, on));
    return forms;
  }

  #formsOf(operator: Operator, on: NamedType): Form[] {
    const { types } = this.#conversions;
    const fill = (type: Type): Type => types.substitute(type, on.definition.typeParameters, on.typeArguments);
    const plain = {
      operator,
      on,
      operands: operator.parameters.map((each) => fill(each.type)),
      result: fill(operator.returnType),
      lifted: false,
    };
    if (!plain.operands.every((type) => isValueType(type) && !isNullable(type))) return [plain];
    const lifted = COMPARISONS.has(operator.name) ? plain.result : isValueType(plain.result) ? types.nullable(plain.result) : undefined;
    if (lifted === undefined) return [plain];
    return [plain, { ...plain, operands: plain.operands.map((type) => types.nullable(type)), result: lifted, lifted: true }];
  }

  /** Operand types and their bases; the built-in types but decimal have no declared operators. */
  #owners(operands: readonly Operand[]): ReadonlySet<NamedType> {
    const owners = new Set<NamedType>();
    for (const { type } of operands)
      for (
        let at: Type | undefined = type === null ? undefined : (underlyingOf(type) ?? type);
        at !== undefined;
        at = this.#conversions.types.baseOf(at)
      )
        if (at.kind === 'named' && (keywordOf(at) === undefined || keywordOf(at) === 'decimal')) owners.add(at);
    return owners;
  }

  #applies(form: Form, operands: readonly Operand[]): boolean {
    return operands.every((operand, index) => {
      const type = form.operands[index];
      return type !== undefined && this.#conversions.implicit(operand, type) !== undefined;
    });
  }

  #isBetter(one: Form, other: Form, operands: readonly Operand[]): boolean {
    let better = false;
    for (const [index, operand] of operands.entries()) {
      const [first, second] = [one.operands[index], other.operands[index]];
      if (first === undefined || second === undefined || first === second) continue;
      const vote = this.#betterness.betterConversion(operand, first, second);
      if (vote > 0) return false;
      better ||= vote < 0;
    }
    return better;
  }
}

function result(form: Form): OperatorResult {
  const [left, right] = form.operands;
  const leftType = left ?? form.result;
  return {
    kind: 'user',
    operator: form.operator,
    on: form.on,
    leftType,
    rightType: right ?? leftType,
    resultType: form.result,
    lifted: form.lifted,
  };
}
