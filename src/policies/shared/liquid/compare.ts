/** Comparing: the right side is brought to the left side's type (DotLiquid's Condition). */
import { NetDateTime } from '../../../dotnet/json/dates.ts';
import { compareDecimals, decimalFromInteger, type NetDecimal, roundDecimal } from '../../../dotnet/numbers/decimal.ts';
import { liquidError } from './errors.ts';
import { decimalOf, EmptyWord, isList, isNumber, isObject, itemsOf, type LiquidValue, textOf } from './values.ts';

type Operator = (left: LiquidValue, right: LiquidValue) => boolean;

const OPERATORS: Readonly<Record<string, Operator>> = {
  '==': sameValue,
  '!=': (left, right) => !sameValue(left, right),
  '<>': (left, right) => !sameValue(left, right),
  '<': ordered((order) => order < 0),
  '>': ordered((order) => order > 0),
  '<=': ordered((order) => order <= 0),
  '>=': ordered((order) => order >= 0),
  contains: (left, right) =>
    isList(left) ? left.some((item) => sameValue(item, right)) : left !== null && right !== null && textOf(left).includes(textOf(right)),
  startsWith: (left, right) =>
    isList(left) ? left.length > 0 && sameValue(left[0] ?? null, right) : left !== null && textOf(left).startsWith(textOf(right)),
  endsWith: (left, right) =>
    isList(left) ? left.length > 0 && sameValue(left.at(-1) ?? null, right) : left !== null && textOf(left).endsWith(textOf(right)),
  hasKey: (left, right) => isObject(left) && left.member(textOf(right)) !== undefined,
  hasValue: (left, right) =>
    isObject(left) && left.items().some((pair) => isObject(pair) && sameValue(pair.member('Value') ?? null, right)),
};

/** The operator of that name, which may start upper or lower case; undefined when there is none. */
export function operatorNamed(name: string): Operator | undefined {
  return Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : wordOperator(name.charAt(0).toLowerCase() + name.slice(1));
}

function wordOperator(name: string): Operator | undefined {
  return Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
}

/** Equality after the right side was converted; what cannot be converted is not equal. */
export function sameValue(left: LiquidValue, right: LiquidValue): boolean {
  if (left instanceof EmptyWord) return right instanceof EmptyWord || isEmpty(right);
  if (right instanceof EmptyWord) return isEmpty(left);
  if (left === null || right === null) return left === right;
  const order = compared(left, right);
  return order === 0;
}

function isEmpty(value: LiquidValue): boolean {
  return value === '' || ((isList(value) || isObject(value)) && itemsOf(value).length === 0);
}

function ordered(test: (order: number) => boolean): Operator {
  return (left, right) => {
    if (left === null || right === null) return false;
    const order = compared(left, right);
    if (order === undefined) throw liquidError(`'${textOf(right)}' cannot be compared with '${textOf(left)}'`);
    return test(order);
  };
}

/** Negative, zero, positive; undefined when the right side cannot become what the left one is. */
function compared(left: LiquidValue, right: LiquidValue): number | undefined {
  if (isNumber(left)) return numbersCompared(left, right);
  if (typeof left === 'boolean') return booleansCompared(left, right);
  if (left instanceof NetDateTime) return right instanceof NetDateTime ? Number(left.ticks - right.ticks) : undefined;
  if (isList(left) && isList(right)) return listsCompared(left, right);
  return textsCompared(textOf(left), textOf(right));
}

function numbersCompared(left: bigint | number | NetDecimal, right: LiquidValue): number | undefined {
  const a = decimalOf(left);
  const b = typeof right === 'boolean' ? decimalFromInteger(right ? 1 : 0) : decimalOf(right);
  if (a === undefined || b === undefined) return undefined;
  return compareDecimals(a, typeof left === 'bigint' ? roundDecimal(b, 0, 0) : b);
}

function booleansCompared(left: boolean, right: LiquidValue): number | undefined {
  const text = textOf(right).trim().toLowerCase();
  const other = isNumber(right) ? text !== '0' : text === 'true' ? true : text === 'false' ? false : undefined;
  return other === undefined ? undefined : Number(left) - Number(other);
}

function listsCompared(left: readonly LiquidValue[], right: readonly LiquidValue[]): number | undefined {
  return left.length === right.length && left.every((item, at) => sameValue(item, right[at] ?? null)) ? 0 : undefined;
}

function textsCompared(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
