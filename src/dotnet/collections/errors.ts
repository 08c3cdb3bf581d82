/** The texts of the exceptions that collections and LINQ throw (.NET 8, System.Private.CoreLib and System.Linq). */
import { argument, argumentOutOfRange, invalidOperation, type NetException, notSupported } from '../../csharp/runtime/exception.ts';

export const collectionModified = (): NetException => invalidOperation('Collection was modified; enumeration operation may not execute.');
export const noElements = (): NetException => invalidOperation('Sequence contains no elements');
export const noMatch = (): NetException => invalidOperation('Sequence contains no matching element');
export const moreThanOneElement = (): NetException => invalidOperation('Sequence contains more than one element');
export const moreThanOneMatch = (): NetException => invalidOperation('Sequence contains more than one matching element');
export const fixedSize = (): NetException => notSupported('Collection was of a fixed size.');
export const readOnly = (): NetException => notSupported('Collection is read-only.');
export const derivedSet = (of: 'key' | 'value'): NetException =>
  notSupported(`Mutating a ${of} collection derived from a dictionary is not allowed.`);
export const queueEmpty = (): NetException => invalidOperation('Queue empty.');
export const stackEmpty = (): NetException => invalidOperation('Stack empty.');
export const comparerFailed = (inner: NetException): NetException => {
  const wrapped = invalidOperation('Failed to compare two elements in the array.');
  return Object.assign(wrapped, { inner });
};
export const duplicateKey = (key: string): NetException => argument(`An item with the same key has already been added. Key: ${key}`);
export const badIndex = (parameter = 'index'): NetException =>
  argumentOutOfRange(parameter, 'Index was out of range. Must be non-negative and less than the size of the collection.');
export const badInsertIndex = (): NetException => argumentOutOfRange('index', 'Index must be within the bounds of the List.');
export const negative = (parameter: string): NetException => argumentOutOfRange(parameter, 'Non-negative number required.');
export const badCount = (): NetException =>
  argumentOutOfRange('count', 'Count must be positive and count must refer to a location within the string/array/collection.');
export const badOffsets = (): NetException =>
  argument(
    'Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.',
  );
export const destinationTooShort = (): NetException =>
  argument("Destination array was not long enough. Check the destination index, length, and the array's lower bounds.", 'destinationArray');
