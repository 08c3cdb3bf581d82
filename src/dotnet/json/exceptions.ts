/** The exception classes of Newtonsoft.Json. */
import { NetException } from '../../csharp/runtime/exception.ts';
import { declareType, type MemberTable, type TypeDeclaration } from '../../csharp/types/declare.ts';

function exceptionType(name: string, base: string, withPlace: boolean): TypeDeclaration {
  const fullName = `Newtonsoft.Json.${name}`;
  const members: Record<string, MemberTable[string]> = {
    [`${name}()`]: () => new NetException(fullName, `Exception of type '${fullName}' was thrown.`),
    [`${name}(string message)`]: (message: string | null) => new NetException(fullName, messageOf(fullName, message)),
    [`${name}(string message, Exception innerException)`]: (message: string | null, inner: NetException | null) =>
      new NetException(fullName, messageOf(fullName, message), inner),
  };
  if (withPlace) Object.assign(members, placeMembers(name, fullName));
  return declareType(`class ${fullName} : ${base}`, 'implied', members);
}

function messageOf(fullName: string, message: string | null): string {
  return message ?? `Exception of type '${fullName}' was thrown.`;
}

function placeMembers(name: string, fullName: string): MemberTable {
  return {
    [`${name}(string message, string path, int lineNumber, int linePosition, Exception innerException)`]: (
      message: string | null,
      path: string | null,
      line: number,
      position: number,
      inner: NetException | null,
    ) => new NetException(fullName, messageOf(fullName, message), inner, { Path: path, LineNumber: line, LinePosition: position }),
    'int LineNumber { get; }': (exception: NetException) => exception.details.LineNumber ?? 0,
    'int LinePosition { get; }': (exception: NetException) => exception.details.LinePosition ?? 0,
    'string Path { get; }': (exception: NetException) => exception.details.Path ?? null,
  };
}

export const jsonExceptionTypes: readonly TypeDeclaration[] = [
  exceptionType('JsonException', 'System.Exception', false),
  exceptionType('JsonReaderException', 'JsonException', true),
  exceptionType('JsonSerializationException', 'JsonException', true),
  exceptionType('JsonWriterException', 'JsonException', false),
];
