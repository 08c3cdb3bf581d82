/** Exceptions of Newtonsoft.Json with its wording (13.0.3). */
import { argument, invalidCast, invalidOperation, NetException } from '../../csharp/runtime/exception.ts';

/** Where a reader or a token stands; line 0 means that there is no line information. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly position: number;
  readonly hasLine: boolean;
}

/** `<message>. Path 'a', line 1, position 2.`; a message that ends its line has the place on the next one. */
export function placed(message: string, place: Place): string {
  const line = place.hasLine ? `, line ${place.line}, position ${place.position}` : '';
  const where = `Path '${place.path}'${line}.`;
  if (message.endsWith('\n')) return message + where;
  const trimmed = message.trim();
  return `${trimmed.endsWith('.') ? trimmed : `${trimmed}.`} ${where}`;
}

function details(place: Place) {
  return { Path: place.path, LineNumber: place.hasLine ? place.line : 0, LinePosition: place.hasLine ? place.position : 0 };
}

export function readerException(message: string, place: Place, inner: NetException | null = null): NetException {
  return new NetException('Newtonsoft.Json.JsonReaderException', placed(message, place), inner, details(place));
}

export function serializationException(message: string, place: Place | null, inner: NetException | null = null): NetException {
  const text = place === null ? message : placed(message, place);
  return new NetException('Newtonsoft.Json.JsonSerializationException', text, inner, place === null ? {} : details(place));
}

export function writerException(message: string, path: string): NetException {
  const place = { path, line: 0, position: 0, hasLine: false };
  return new NetException('Newtonsoft.Json.JsonWriterException', placed(message, place), null, { Path: path });
}

export function jsonException(message: string): NetException {
  return new NetException('Newtonsoft.Json.JsonException', message);
}

export const badKey = (verb: 'Accessed' | 'Set', type: string, key: string, expected: string): NetException =>
  argument(`${verb} ${type} values with invalid key value: ${key}. ${expected} expected.`);
export const noChildren = (typeName: string): NetException => invalidOperation(`Cannot access child value on ${typeName}.`);
export const noSettableChildren = (typeName: string): NetException => invalidOperation(`Cannot set child value on ${typeName}.`);
export const cannotAdd = (child: string, parent: string): NetException => argument(`Can not add ${child} to ${parent}.`);
export const propertyExists = (name: string, parent: string): NetException =>
  argument(`Can not add property ${name} to ${parent}. Property with the same name already exists on object.`);
export const cannotConvert = (kind: string, to: string): NetException => argument(`Can not convert ${kind} to ${to}.`);
export const cannotCast = (from: string, to: string): NetException => invalidCast(`Cannot cast ${from} to ${to}.`);
export const noParent = (): NetException => invalidOperation('The parent is missing.');
export const oneValueOnly = (): NetException => jsonException('Newtonsoft.Json.Linq.JProperty cannot have multiple values.');
export const cannotModifyProperty = (): NetException => jsonException('Cannot add or remove items from Newtonsoft.Json.Linq.JProperty.');
