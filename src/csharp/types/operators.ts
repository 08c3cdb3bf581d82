/** Binary and unary operator resolution (C# specification, Arithmetic, Shift, Relational and Logical operators). */
import type { BuiltInOperator } from '../check/bound.ts';
import type { Operand, OperatorResult } from '../check/semantics.ts';
import type { Betterness } from './betterness.ts';
import type { Conversions } from './conversions.ts';
import {
  acceptsNull,
  isDelegate,
  isEnum,
  isError,
  isReferenceType,
  isString,
  isVoid,
  keywordOf,
  tupleElements,
  underlyingOf,
} from './kinds.ts';
import { integerOf, isIntegral, isNumeric, isSigned } from './numeric.ts';
import { operatorName } from './signature.ts';
import type { Type } from './type.ts';
import { UserOperators } from './user-operators.ts';

const NONE: OperatorResult = { kind: 'none' };
const EQUALITY: ReadonlySet<string> = new Set(['==', '!=']);
const COMPARISON: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=']);
const BITWISE: ReadonlySet<string> = new Set(['&', '|', '^']);
const SHIFT: ReadonlySet<string> = new Set(['<<', '>>']);

type Promotion = string | 'ambiguous' | undefined;

export class Operators {
  readonly #conversions: Conversions;
  readonly #user: UserOperators;

  constructor(conversions: Conversions, betterness: Betterness) {
    this.#conversions = conversions;
    this.#user = new UserOperators(conversions, betterness);
  }

  binary(operator: BuiltInOperator, left: Operand, right: Operand): OperatorResult {
    if (isError(left.type) || isError(right.type)) return this.#erroneous();
    if (isVoid(left.type) || isVoid(right.type)) return NONE;
    const [one, other] = [typedDefault(left, right), typedDefault(right, left)];
    const user = this.#user.resolve(operatorName(operator, 2) ?? '', [one, other]);
    return user ?? this.#builtIn(operator, one, other);
  }

  #erroneous(): OperatorResult {
    const error = this.#conversions.types.special('error');
    return { kind: 'builtIn', operandType: error, leftType: error, rightType: error, resultType: error, lifted: false };
  }

  #builtIn(operator: BuiltInOperator, left: Operand, right: Operand): OperatorResult {
    if (operator === '+' && isConcat(left, right)) return { kind: 'concat' };
    if (SHIFT.has(operator)) return this.#shift(left, right);
    const [one, other] = [bare(left), bare(right)];
    if (isEnum(one) || isEnum(other)) return this.#ofEnum(operator, left, right, one, other);
    const value = this.#ofValues(operator, left, right, one, other);
    if (value.kind !== 'none') return value;
    return EQUALITY.has(operator) ? this.#equality(left, right) : NONE;
  }

  // ---------------------------------------------------------------- numbers and bool

  #ofValues(operator: BuiltInOperator, left: Operand, right: Operand, one: Type | null, other: Type | null): OperatorResult {
    const [first, second] = [keywordOf(one ?? other), keywordOf(other ?? one)];
    if (one === null && other === null) return NONE;
    if (first === 'bool' && second === 'bool' && (BITWISE.has(operator) || EQUALITY.has(operator)))
      return this.#simple('bool', operator, left, right);
    if (!isNumeric(first) || !isNumeric(second)) return NONE;
    if (!isNumberOrNull(left) || !isNumberOrNull(right)) return NONE;
    const promoted = promote(first, left, second, right);
    if (promoted === 'ambiguous') return BITWISE.has(operator) ? NONE : { kind: 'ambiguous' };
    if (promoted === undefined || (BITWISE.has(operator) && !isIntegral(promoted))) return NONE;
    return this.#simple(promoted, operator, left, right);
  }

  /** Both operands of one built-in type; lifted when either may be null. */
  #simple(keyword: string, operator: BuiltInOperator, left: Operand, right: Operand): OperatorResult {
    const { types } = this.#conversions;
    const operandType = types.type(keyword);
    return this.#of(
      operandType,
      operandType,
      operandType,
      COMPARISON.has(operator) ? types.type('bool') : operandType,
      operator,
      left,
      right,
    );
  }

  #of(operandType: Type, left: Type, right: Type, result: Type, operator: string, one: Operand, other: Operand): OperatorResult {
    if (!mayBeNull(one) && !mayBeNull(other))
      return { kind: 'builtIn', operandType, leftType: left, rightType: right, resultType: result, lifted: false };
    const { types } = this.#conversions;
    return {
      kind: 'builtIn',
      operandType,
      leftType: types.nullable(left),
      rightType: types.nullable(right),
      resultType: COMPARISON.has(operator) ? result : types.nullable(result),
      lifted: true,
    };
  }

  /** The left operand promotes alone; the count is an int. */
  #shift(left: Operand, right: Operand): OperatorResult {
    const { types } = this.#conversions;
    const keyword = promoteOne(keywordOf(bare(left)));
    const int = types.type('int');
    const count = this.#conversions.implicit(right, mayBeNull(right) ? types.nullable(int) : int);
    if (keyword === undefined || !isIntegral(keyword) || count === undefined) return NONE;
    const type = types.type(keyword);
    return this.#of(type, type, int, type, '<<', left, right);
  }

  // ---------------------------------------------------------------- enums

  #ofEnum(operator: BuiltInOperator, left: Operand, right: Operand, one: Type | null, other: Type | null): OperatorResult {
    const type = isEnum(one) ? one : isEnum(other) ? other : undefined;
    if (type === undefined) return NONE;
    const { types } = this.#conversions;
    const underlying = types.type(type.definition.enumUnderlying ?? 'int');
    const both = this.#fits(left, type) && this.#fits(right, type);
    if (COMPARISON.has(operator)) return both ? this.#of(type, type, type, types.type('bool'), operator, left, right) : NONE;
    if (BITWISE.has(operator)) return both ? this.#of(type, type, type, type, operator, left, right) : NONE;
    if (operator === '-' && isEnum(one) && isEnum(other))
      return both ? this.#of(type, type, type, underlying, operator, left, right) : NONE;
    if (operator !== '+' && operator !== '-') return NONE;
    if (isEnum(one) && this.#fits(right, underlying)) return this.#of(type, type, underlying, type, operator, left, right);
    // The specification has no number - enum; the compiler does.
    if (isEnum(other) && this.#fits(left, underlying)) return this.#of(type, underlying, type, type, operator, left, right);
    return NONE;
  }

  #fits(operand: Operand, type: Type): boolean {
    const target = mayBeNull(operand) ? this.#conversions.types.nullable(type) : type;
    return this.#conversions.implicit(operand, target) !== undefined;
  }

  // ---------------------------------------------------------------- equality

  #equality(left: Operand, right: Operand): OperatorResult {
    const { types } = this.#conversions;
    if (isFunction(left) || isFunction(right)) return NONE;
    if (isTextOrNull(left) && isTextOrNull(right) && (isString(left.type) || isString(right.type)))
      return this.#references(types.type('string'));
    if (left.type === null || right.type === null) return this.#equalsNull(left.type ?? right.type);
    if (isNullLiteral(left) || isNullLiteral(right)) return this.#equalsNull(isNullLiteral(left) ? right.type : left.type);
    return this.#comparable(left.type, right.type) ? this.#references(types.type('object')) : NONE;
  }

  #equalsNull(type: Type | null): OperatorResult {
    const { types } = this.#conversions;
    const underlying = underlyingOf(type);
    if (type !== null && underlying !== undefined && tupleElements(underlying) === undefined) {
      return { kind: 'builtIn', operandType: underlying, leftType: type, rightType: type, resultType: types.type('bool'), lifted: true };
    }
    const fits = type === null || acceptsNull(type) || type.kind === 'typeParameter' || type.kind === 'special';
    return fits ? this.#references(types.type('object')) : NONE;
  }

  #references(type: Type): OperatorResult {
    const { types } = this.#conversions;
    return { kind: 'builtIn', operandType: type, leftType: type, rightType: type, resultType: types.type('bool'), lifted: false };
  }

  /** Reference equality needs a reference conversion one way or the other. */
  #comparable(left: Type, right: Type): boolean {
    if (!isReferenceType(left) || !isReferenceType(right)) return false;
    if (isDelegate(left) && isDelegate(right)) return this.#conversions.isIdentity(left, right);
    return [this.#conversions.standardExplicit(left, right), this.#conversions.standardExplicit(right, left)].some(
      (each) => each !== undefined,
    );
  }

  // ---------------------------------------------------------------- unary

  unary(operator: '+' | '-' | '!' | '~' | '++' | '--', operand: Operand): OperatorResult {
    if (isError(operand.type)) return this.#erroneous();
    if (operand.type === null || isVoid(operand.type)) return NONE;
    return this.#user.resolve(operatorName(operator, 1) ?? '', [operand]) ?? this.#builtInUnary(operator, operand, operand.type);
  }

  #builtInUnary(operator: '+' | '-' | '!' | '~' | '++' | '--', operand: Operand, type: Type): OperatorResult {
    const target = this.#unaryTarget(operator, underlyingOf(type) ?? type);
    return target === undefined ? NONE : this.#of(target, target, target, target, operator, operand, operand);
  }

  #unaryTarget(operator: '+' | '-' | '!' | '~' | '++' | '--', type: Type): Type | undefined {
    const keyword = keywordOf(type);
    if (operator === '!') return keyword === 'bool' ? type : undefined;
    if (isEnum(type)) return operator === '+' || operator === '-' ? undefined : type;
    if (!isNumeric(keyword)) return undefined;
    if (operator === '++' || operator === '--') return type;
    const promoted = operator === '-' ? negated(keyword) : promoteOne(keyword);
    if (promoted === undefined || (operator === '~' && !isIntegral(promoted))) return undefined;
    return this.#conversions.types.type(promoted);
  }
}

/** `x == default`: the literal takes the type of the other operand. */
function typedDefault(operand: Operand, other: Operand): Operand {
  if (operand.form !== 'default' || operand.type !== null || other.type === null) return operand;
  return { type: other.type };
}

function bare(operand: Operand): Type | null {
  return underlyingOf(operand.type) ?? (isNullLiteral(operand) ? null : operand.type);
}

function isNullLiteral(operand: Operand): boolean {
  return operand.form === 'null' || (operand.type?.kind === 'special' && operand.type.name === 'null');
}

function mayBeNull(operand: Operand): boolean {
  return isNullLiteral(operand) || underlyingOf(operand.type) !== undefined;
}

function isFunction({ form }: Operand): boolean {
  return typeof form === 'object' && (form.kind === 'lambda' || form.kind === 'methodGroup');
}

function isTextOrNull(operand: Operand): boolean {
  return isString(operand.type) || isNullLiteral(operand);
}

function isNumberOrNull(operand: Operand): boolean {
  return isNullLiteral(operand) || isNumeric(keywordOf(bare(operand)));
}

/** One operand is a string; the other may be anything that has a value. */
function isConcat(left: Operand, right: Operand): boolean {
  if (!isString(left.type) && !isString(right.type)) return false;
  return [left, right].every((each) => !isFunction(each) && (each.type !== null || isNullLiteral(each) || each.form === 'default'));
}

/** Binary numeric promotion of two types by keyword; constants count as any type that they fit. */
function promote(first: string, left: Operand, second: string, right: Operand): Promotion {
  const pair = [first, second];
  if (pair.includes('decimal')) return undefined;
  if (pair.includes('double')) return 'double';
  if (pair.includes('float')) return 'float';
  if (pair.includes('ulong')) return promoteWith('ulong', first, left, second, right) ? 'ulong' : 'ambiguous';
  if (pair.includes('long')) return 'long';
  if (pair.includes('uint')) return promoteWith('uint', first, left, second, right) ? 'uint' : 'long';
  return 'int';
}

/** Whether both operands are unsigned or, by their constant value, might be. */
function promoteWith(unsigned: 'uint' | 'ulong', first: string, left: Operand, second: string, right: Operand): boolean {
  return isUnsignedValue(unsigned, first, left) && isUnsignedValue(unsigned, second, right);
}

function isUnsignedValue(unsigned: 'uint' | 'ulong', keyword: string, operand: Operand): boolean {
  if (!isSigned(keyword)) return true;
  const constant = integerOf(operand.constant);
  const fits = keyword === 'int' || (keyword === 'long' && unsigned === 'ulong');
  return constant !== undefined && constant >= 0n && fits;
}

/** Unary numeric promotion: everything smaller than int becomes int. */
function promoteOne(keyword: string | undefined): string | undefined {
  if (!isNumeric(keyword)) return undefined;
  return ['sbyte', 'byte', 'short', 'ushort', 'char'].includes(keyword) ? 'int' : keyword;
}

function negated(keyword: string): string | undefined {
  if (keyword === 'ulong') return undefined;
  return keyword === 'uint' ? 'long' : promoteOne(keyword);
}
