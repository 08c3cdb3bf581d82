/** The texts of the exceptions that strings and their kin throw, as .NET 8 words them. */
import { argument, argumentOutOfRange, NetException } from '../../csharp/runtime/exception.ts';

const INDEX_OR_EQUAL = 'Index was out of range. Must be non-negative and less than or equal to the size of the collection.';
const INDEX_LESS = 'Index was out of range. Must be non-negative and less than the size of the collection.';
const COUNT = 'Count must be positive and count must refer to a location within the string/array/collection.';

/** `ArgumentOutOfRangeException.ThrowIfNegative`. */
export function requireNonNegative(value: number, parameter: string): void {
  if (value < 0) throw withActualValue(parameter, `${parameter} ('${value}') must be a non-negative value.`, value);
}

/** `ArgumentOutOfRangeException.ThrowIfGreaterThan`. */
export function requireAtMost(value: number, limit: number, parameter: string): void {
  if (value > limit) throw withActualValue(parameter, `${parameter} ('${value}') must be less than or equal to '${limit}'.`, value);
}

function withActualValue(parameter: string, message: string, value: number): NetException {
  const text = `${message} (Parameter '${parameter}')\nActual value was ${value}.`;
  return new NetException('System.ArgumentOutOfRangeException', text, null, { ParamName: parameter });
}

/** An index that may be at most the length. */
export function requireIndex(index: number, length: number, parameter: string): void {
  if (index < 0 || index > length) throw argumentOutOfRange(parameter, INDEX_OR_EQUAL);
}

/** An index that must name an element. */
export function requireElement(index: number, length: number, parameter: string): void {
  if (index < 0 || index >= length) throw argumentOutOfRange(parameter, INDEX_LESS);
}

/** A count of elements after an index that is known to be right. */
export function requireCount(count: number, available: number, parameter = 'count'): void {
  if (count < 0 || count > available) throw argumentOutOfRange(parameter, COUNT);
}

export function emptyValue(parameter: string): NetException {
  return argument('The value cannot be an empty string.', parameter);
}

export function mustBeString(): NetException {
  return argument('Object must be of type String.');
}

export function mustBeChar(): NetException {
  return argument('Object must be of type Char.');
}

export function notOneCharacter(): NetException {
  return new NetException('System.FormatException', 'String must be exactly one character long.');
}

export function illegalEnumValue(value: number, parameter: string): NetException {
  return argument(`Illegal enum value: ${value}.`, parameter);
}
