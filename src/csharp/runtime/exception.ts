/**
 * A .NET exception on its way through JavaScript. `typeName` is the full .NET name; the type table knows its base
 * classes, so that `catch (FormatException)` and `catch (Exception)` work, and gives `typeOf` of it. Throw it from any implementation.
 */
export class NetException extends Error {
  readonly typeName: string;
  /** .NET's InnerException. */
  readonly inner: NetException | null;
  /** Further properties by name, such as ParamName. */
  readonly details: Readonly<Record<string, unknown>>;
  /** .NET's Data, made when it is first asked for. */
  data: unknown = undefined;
  /** What a policy may set. */
  source: string | null = null;
  helpLink: string | null = null;
  hresult: number | undefined = undefined;

  constructor(typeName: string, message: string, inner: NetException | null = null, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = typeName;
    this.typeName = typeName;
    this.inner = inner;
    this.details = details;
  }
}

/** `Value cannot be null. (Parameter 'x')` */
export function argumentNull(parameter: string): NetException {
  return new NetException('System.ArgumentNullException', `Value cannot be null. (Parameter '${parameter}')`, null, {
    ParamName: parameter,
  });
}

/** `<message> (Parameter 'x')` */
export function argumentOutOfRange(parameter: string, message = 'Specified argument was out of the range of valid values.'): NetException {
  return new NetException('System.ArgumentOutOfRangeException', `${message} (Parameter '${parameter}')`, null, { ParamName: parameter });
}

/** `<message> (Parameter 'x')`, or the message alone without a parameter. */
export function argument(message: string, parameter?: string): NetException {
  const text = parameter === undefined ? message : `${message} (Parameter '${parameter}')`;
  return new NetException('System.ArgumentException', text, null, { ParamName: parameter ?? null });
}

export function formatException(message = 'Input string was not in a correct format.'): NetException {
  return new NetException('System.FormatException', message);
}

export function overflow(message = 'Arithmetic operation resulted in an overflow.'): NetException {
  return new NetException('System.OverflowException', message);
}

export function invalidOperation(message: string): NetException {
  return new NetException('System.InvalidOperationException', message);
}

export function invalidCast(message = 'Specified cast is not valid.'): NetException {
  return new NetException('System.InvalidCastException', message);
}

export function nullReference(): NetException {
  return new NetException('System.NullReferenceException', 'Object reference not set to an instance of an object.');
}

export function divideByZero(): NetException {
  return new NetException('System.DivideByZeroException', 'Attempted to divide by zero.');
}

export function indexOutOfRange(): NetException {
  return new NetException('System.IndexOutOfRangeException', 'Index was outside the bounds of the array.');
}

export function notSupported(message: string): NetException {
  return new NetException('System.NotSupportedException', message);
}

/** `The given key 'x' was not present in the dictionary.` */
export function keyNotFound(key: string): NetException {
  return new NetException('System.Collections.Generic.KeyNotFoundException', `The given key '${key}' was not present in the dictionary.`);
}
