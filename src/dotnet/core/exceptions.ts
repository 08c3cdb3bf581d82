/** System.Exception, its family, and how further exception types are declared. */
import { NetException } from '../../csharp/runtime/exception.ts';
import { declareType, type MemberTable, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { newDictionary } from '../collections/dictionary.ts';
import { exceptionText, objectHash, toText } from './protocol.ts';

type Inner = NetException | null;

/** The published list holds System.Exception alone: other types may be caught, but neither made nor asked for what is their own. */
const NOT_MADE: readonly string[] = [];

/**
 * An exception class with the three usual constructors. `base` is a full name; `message` what the parameterless one says;
 * `more` adds members or replaces constructors.
 */
export function declareException(fullName: string, base: string, message: string, more: MemberTable = {}): TypeDeclaration {
  const name = fullName.slice(fullName.lastIndexOf('.') + 1);
  return declareType(`class ${fullName} : ${base}`, NOT_MADE, { ...usualConstructors(fullName, name, message), ...more });
}

/** One whose constructors are its own. */
function declareSpecial(fullName: string, base: string, members: MemberTable): TypeDeclaration {
  return declareType(`class ${fullName} : ${base}`, NOT_MADE, members);
}

function usualConstructors(fullName: string, name: string, fallback: string): MemberTable {
  return {
    [`${name}()`]: () => new NetException(fullName, fallback),
    [`${name}(string message)`]: (message: string | null) => new NetException(fullName, message ?? thrown(fullName)),
    [`${name}(string message, Exception innerException)`]: (message: string | null, inner: Inner) =>
      new NetException(fullName, message ?? thrown(fullName), inner),
  };
}

function thrown(fullName: string): string {
  return `Exception of type '${fullName}' was thrown.`;
}

function innermost(self: NetException): NetException {
  return self.inner ? innermost(self.inner) : self;
}

/** What COM knows an exception by, where it is not Exception's own number. */
const HRESULTS: Readonly<Record<string, number>> = {
  'System.SystemException': -2146233087,
  'System.ApplicationException': -2146232832,
  'System.ArgumentException': -2147024809,
  'System.ArgumentNullException': -2147467261,
  'System.ArgumentOutOfRangeException': -2146233086,
  'System.ArithmeticException': -2147024362,
  'System.ArrayTypeMismatchException': -2146233085,
  'System.DivideByZeroException': -2147352558,
  'System.FormatException': -2146233033,
  'System.UriFormatException': -2146233033,
  'System.IndexOutOfRangeException': -2146233080,
  'System.InvalidCastException': -2147467262,
  'System.InvalidOperationException': -2146233079,
  'System.ObjectDisposedException': -2146232798,
  'System.NotImplementedException': -2147467263,
  'System.NotSupportedException': -2146233067,
  'System.NullReferenceException': -2147467261,
  'System.OverflowException': -2146233066,
  'System.TimeoutException': -2146233083,
  'System.Collections.Generic.KeyNotFoundException': -2146232969,
  'System.Xml.XmlException': -2146232000,
  'System.OutOfMemoryException': -2147024882,
  'System.RankException': -2146233065,
  'System.OperationCanceledException': -2146233029,
  'System.UnauthorizedAccessException': -2147024891,
  'System.InsufficientExecutionStackException': -2146232968,
  'System.IO.IOException': -2146232800,
  'System.Security.Cryptography.CryptographicException': -2146233296,
  'System.Text.RegularExpressions.RegexMatchTimeoutException': -2146233083,
};

const exceptionType = declareType('class System.Exception', 'all', {
  ...usualConstructors('System.Exception', 'Exception', "Exception of type 'System.Exception' was thrown."),
  'string Message { get; }': (self: NetException) => self.message,
  'Exception InnerException { get; }': (self: NetException) => self.inner,
  'System.Collections.IDictionary Data { get; }': special(({ types }, _types, self: NetException) => {
    self.data ??= newDictionary(types, types.type('object'), types.type('object'));
    return self.data;
  }),
  'string StackTrace { get; }': () => null,
  'string Source { get; set; }': {
    get: (self: NetException) => self.source,
    set: (self: NetException, value: string | null) => {
      self.source = value;
    },
  },
  'string HelpLink { get; set; }': {
    get: (self: NetException) => self.helpLink,
    set: (self: NetException, value: string | null) => {
      self.helpLink = value;
    },
  },
  'int HResult { get; set; }': {
    get: (self: NetException) => self.hresult ?? HRESULTS[self.typeName] ?? -2146233088,
    set: (self: NetException, value: number) => {
      self.hresult = value;
    },
  },
  'Exception GetBaseException()': innermost,
  'int GetHashCode()': (self: NetException) => objectHash(self.message),
  'string ToString()': exceptionText,
});

/** `text (Parameter 'x')` */
function withParameter(message: string, parameter: string | null): string {
  return parameter === null || parameter === '' ? message : `${message} (Parameter '${parameter}')`;
}

const ARGUMENT = 'System.ArgumentException';
const ARGUMENT_NULL = 'System.ArgumentNullException';
const OUT_OF_RANGE = 'System.ArgumentOutOfRangeException';

function argumentError(
  type: string,
  fallback: string,
  message: string | null,
  parameter: string | null,
  inner: Inner = null,
): NetException {
  const text = withParameter(message ?? fallback, parameter);
  return new NetException(type, text, inner, { ParamName: parameter });
}

/** The value stands on a line of its own, behind the parameter. */
function outOfRangeValue(parameter: string | null, actual: unknown, message: string | null): NetException {
  const text = withParameter(message ?? NOT_IN_RANGE, parameter);
  const shown = actual === null ? text : `${text}\nActual value was ${toText(actual)}.`;
  return new NetException(OUT_OF_RANGE, shown, null, { ParamName: parameter, ActualValue: actual });
}

const VALUE_NULL = 'Value cannot be null.';
const NOT_IN_RANGE = 'Specified argument was out of the range of valid values.';

const argumentTypes: readonly TypeDeclaration[] = [
  declareException(ARGUMENT, 'System.SystemException', 'Value does not fall within the expected range.', {
    'ArgumentException(string message, string paramName)': (message: string | null, parameter: string | null) =>
      argumentError(ARGUMENT, thrown(ARGUMENT), message, parameter),
    'ArgumentException(string message, string paramName, Exception innerException)': (message: string, parameter: string, inner: Inner) =>
      argumentError(ARGUMENT, thrown(ARGUMENT), message, parameter, inner),
    'string ParamName { get; }': (self: NetException) => self.details.ParamName ?? null,
  }),
  declareSpecial(ARGUMENT_NULL, ARGUMENT, {
    'ArgumentNullException()': () => new NetException(ARGUMENT_NULL, VALUE_NULL, null, { ParamName: null }),
    'ArgumentNullException(string message, Exception innerException)': (message: string | null, inner: Inner) =>
      argumentError(ARGUMENT_NULL, VALUE_NULL, message, null, inner),
    'ArgumentNullException(string paramName)': (parameter: string | null) => argumentError(ARGUMENT_NULL, VALUE_NULL, null, parameter),
    'ArgumentNullException(string paramName, string message)': (parameter: string | null, message: string | null) =>
      argumentError(ARGUMENT_NULL, VALUE_NULL, message, parameter),
  }),
  declareSpecial(OUT_OF_RANGE, ARGUMENT, {
    'ArgumentOutOfRangeException()': () => new NetException(OUT_OF_RANGE, NOT_IN_RANGE, null, { ParamName: null }),
    'ArgumentOutOfRangeException(string message, Exception innerException)': (message: string | null, inner: Inner) =>
      argumentError(OUT_OF_RANGE, NOT_IN_RANGE, message, null, inner),
    'ArgumentOutOfRangeException(string paramName)': (parameter: string | null) =>
      argumentError(OUT_OF_RANGE, NOT_IN_RANGE, null, parameter),
    'ArgumentOutOfRangeException(string paramName, string message)': (parameter: string | null, message: string | null) =>
      argumentError(OUT_OF_RANGE, NOT_IN_RANGE, message, parameter),
    'ArgumentOutOfRangeException(string paramName, object actualValue, string message)': outOfRangeValue,
    'object ActualValue { get; }': (self: NetException) => self.details.ActualValue ?? null,
  }),
];

const SYSTEM = 'System.SystemException';
const ARITHMETIC = 'System.ArithmeticException';

/** Full name, base, message of the parameterless constructor. */
const PLAIN: readonly (readonly [string, string, string])[] = [
  [SYSTEM, 'System.Exception', 'System error.'],
  ['System.ApplicationException', 'System.Exception', 'Error in the application.'],
  ['System.AggregateException', 'System.Exception', 'One or more errors occurred.'],
  [ARITHMETIC, SYSTEM, 'Overflow or underflow in the arithmetic operation.'],
  ['System.DivideByZeroException', ARITHMETIC, 'Attempted to divide by zero.'],
  ['System.OverflowException', ARITHMETIC, 'Arithmetic operation resulted in an overflow.'],
  ['System.ArrayTypeMismatchException', SYSTEM, 'Attempted to access an element as a type incompatible with the array.'],
  ['System.FormatException', SYSTEM, 'One of the identified items was in an invalid format.'],
  ['System.UriFormatException', 'System.FormatException', 'One of the identified items was in an invalid format.'],
  ['System.IndexOutOfRangeException', SYSTEM, 'Index was outside the bounds of the array.'],
  [
    'System.InsufficientExecutionStackException',
    SYSTEM,
    'Insufficient stack to continue executing the program safely. This can happen from having too many functions on the call stack or function on the stack using too much stack space.',
  ],
  ['System.InvalidCastException', SYSTEM, 'Specified cast is not valid.'],
  ['System.InvalidOperationException', SYSTEM, 'Operation is not valid due to the current state of the object.'],
  ['System.ObjectDisposedException', 'System.InvalidOperationException', 'Cannot access a disposed object.'],
  ['System.NotImplementedException', SYSTEM, 'The method or operation is not implemented.'],
  ['System.NotSupportedException', SYSTEM, 'Specified method is not supported.'],
  ['System.NullReferenceException', SYSTEM, 'Object reference not set to an instance of an object.'],
  ['System.OutOfMemoryException', SYSTEM, 'Insufficient memory to continue the execution of the program.'],
  ['System.RankException', SYSTEM, 'Attempted to operate on an array with the incorrect number of dimensions.'],
  ['System.TimeoutException', SYSTEM, 'The operation has timed out.'],
  ['System.OperationCanceledException', SYSTEM, 'The operation was canceled.'],
  ['System.UnauthorizedAccessException', SYSTEM, 'Attempted to perform an unauthorized operation.'],
  ['System.TimeZoneNotFoundException', 'System.Exception', "Exception of type 'System.TimeZoneNotFoundException' was thrown."],
  ['System.Collections.Generic.KeyNotFoundException', SYSTEM, 'The given key was not present in the dictionary.'],
  ['System.IO.IOException', SYSTEM, 'I/O error occurred.'],
  ['System.Security.Cryptography.CryptographicException', SYSTEM, 'Error occurred during a cryptographic operation.'],
];

export const exceptionTypes: readonly TypeDeclaration[] = [
  exceptionType,
  ...PLAIN.map(([name, base, message]) => declareException(name, base, message)),
  ...argumentTypes,
];
