/** .NET values as plain JSON data, for parameters of queries. */
import { Boxed } from '../../csharp/runtime/values.ts';
import { JToken, type PlainJson, toPlain } from '../../dotnet/json/index.ts';
import { toPolicyText } from '../../exchange/text.ts';

/** Numbers, booleans and tokens keep their kind; everything else is its text. A long that a double cannot hold is a text, too. */
export function plainOf(value: unknown): PlainJson {
  if (value === null || value === undefined) return null;
  if (value instanceof JToken) return toPlain(value);
  const scalar = value instanceof Boxed ? value.value : value;
  if (typeof scalar === 'bigint') return Number.isSafeInteger(Number(scalar)) ? Number(scalar) : String(scalar);
  if (value instanceof Boxed && (typeof scalar === 'boolean' || isNumber(value))) return scalar as boolean | number;
  if (typeof scalar === 'number' || typeof scalar === 'boolean') return scalar;
  return toPolicyText(value);
}

/** A char is kept as its code, and is a text nevertheless. */
function isNumber({ type, value }: Boxed): boolean {
  return typeof value === 'number' && !/\bchar\b/i.test(String(type));
}
