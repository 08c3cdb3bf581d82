/** The methods the gateway adds to strings, dictionaries, bytes and certificates (expressions.md, section 6). */
import { argumentNull, invalidCast, nullReference } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { Ref } from '../../csharp/runtime/values.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import type { Type } from '../../csharp/types/type.ts';
import type { DictionaryObject } from '../../dotnet/collections/contract.ts';
import { defaultOf, fromObject } from '../../dotnet/collections/elements.ts';
import { type CertificateValue, isValidCertificate } from '../../dotnet/crypto/certificate.ts';
import { JwtToken } from '../jwt.ts';
import { encodeQuery } from '../query.ts';
import { decrypt, encrypt, withAlgorithm } from './cipher.ts';
import { ListsView, VariablesView } from './dictionaries.ts';
import { BasicCredentials } from './tokens.ts';

type Bytes = Uint8Array;

/** The first value, typed; missing gives the fallback, null stays null (default for a value type), another type throws or gives the fallback. */
function typedVariable(runtime: Runtime, type: Type | undefined, map: DictionaryObject, name: string, fallback: unknown): unknown {
  const found = lookup(map, name);
  if (!found || !type) return fallback;
  const value = found[0];
  if (value === null) return defaultOf(runtime, type);
  const own = runtime.types.typeOf(value);
  if (own && runtime.types.isAssignable(own, type)) return fromObject(value, type);
  if (map instanceof VariablesView && map.variables.settings.wrongVariableType === 'default') return fallback;
  throw invalidCast();
}

function lookup(map: DictionaryObject | null, name: string | null): readonly [unknown] | undefined {
  if (map === null) throw nullReference();
  if (name === null) throw argumentNull('key');
  return map.netLookup(name);
}

/** All values of a header, query parameter or claim joined by commas, no blank. */
function joined(map: DictionaryObject | null, name: string, fallback: unknown): unknown {
  if (map instanceof ListsView && name !== null) return map.joined(name) ?? fallback;
  const found = lookup(map, name)?.[0];
  return Array.isArray(found) ? found.map((value) => value ?? '').join(',') : fallback;
}

function formText(form: DictionaryObject, encode: (text: string) => string): string {
  const parts: string[] = [];
  for (const name of form.netKeys) {
    const values = form.netLookup(name)?.[0] as Iterable<unknown> | undefined;
    for (const value of values ?? []) parts.push(`${encode(String(name))}=${encode(String(value ?? ''))}`);
  }
  return parts.join('&');
}

function formEncode(text: string): string {
  return encodeQuery(text).replaceAll('%20', '+');
}

function required<T>(value: T | null, name: string): T {
  if (value === null) throw argumentNull(name);
  return value;
}

const OBJECTS = 'this IReadOnlyDictionary<string, object> map, string name';
const TEXTS = 'this IReadOnlyDictionary<string, string> map, string name';
const LISTS = 'this IReadOnlyDictionary<string, string[]> map, string name';
const SYMMETRIC = 'System.Security.Cryptography.SymmetricAlgorithm alg';

export const EXTENSIONS_TYPE: TypeDeclaration = declareType('static class ExpressionExtensions', 'all', {
  'static BasicAuthCredentials AsBasic(this string input)': (input: string | null) =>
    input === null ? null : BasicCredentials.parse(input),
  'static Jwt AsJwt(this string input)': (input: string | null) => (input === null ? null : JwtToken.parse(input)),
  'static bool TryParseBasic(this string input, out BasicAuthCredentials result)': (input: string | null, result: Ref) => {
    result.value = input === null ? null : BasicCredentials.parse(input);
    return result.value !== null;
  },
  'static bool TryParseJwt(this string input, out Jwt result)': (input: string | null, result: Ref) => {
    result.value = input === null ? null : JwtToken.parse(input);
    return result.value !== null;
  },
  [`static T GetValueOrDefault<T>(${OBJECTS}, T fallback)`]: special(
    (runtime, [type], map: DictionaryObject, name: string, fallback: unknown) => typedVariable(runtime, type, map, name, fallback),
  ),
  [`static T GetValueOrDefault<T>(${OBJECTS})`]: special((runtime, [type], map: DictionaryObject, name: string) =>
    typedVariable(runtime, type, map, name, defaultOf(runtime, type)),
  ),
  [`static object GetValueOrDefault(${OBJECTS})`]: (map: DictionaryObject, name: string) => lookup(map, name)?.[0] ?? null,
  [`static string GetValueOrDefault(${TEXTS}, string fallback)`]: (map: DictionaryObject, name: string, fallback: string | null) =>
    lookup(map, name)?.[0] ?? fallback,
  [`static string GetValueOrDefault(${TEXTS})`]: (map: DictionaryObject, name: string) => lookup(map, name)?.[0] ?? null,
  [`static string GetValueOrDefault(${LISTS}, string fallback)`]: (map: DictionaryObject, name: string, fallback: string | null) =>
    joined(map, name, fallback),
  [`static string GetValueOrDefault(${LISTS})`]: (map: DictionaryObject, name: string) => joined(map, name, null),
  'static string ToFormUrlEncodedContent(this IDictionary<string, IList<string>> form)': (form: DictionaryObject) =>
    formText(required(form, 'form'), formEncode),
  'static string ToQueryString(this IDictionary<string, IList<string>> form)': (form: DictionaryObject) =>
    formText(required(form, 'form'), encodeQuery),
  'static byte[] Encrypt(this byte[] input, string alg, byte[] key, byte[] iv)': special(
    (runtime, _types, input: Bytes, alg: string, key: Bytes, iv: Bytes) => encrypt(runtime, alg, key, iv, input),
  ),
  'static byte[] Decrypt(this byte[] input, string alg, byte[] key, byte[] iv)': special(
    (runtime, _types, input: Bytes, alg: string, key: Bytes, iv: Bytes) => decrypt(runtime, alg, key, iv, input),
  ),
  [`static byte[] Encrypt(this byte[] input, ${SYMMETRIC})`]: special((runtime, _types, input: Bytes, alg: unknown) =>
    withAlgorithm(runtime, 'encrypt', alg, input),
  ),
  [`static byte[] Decrypt(this byte[] input, ${SYMMETRIC})`]: special((runtime, _types, input: Bytes, alg: unknown) =>
    withAlgorithm(runtime, 'decrypt', alg, input),
  ),
  [`static byte[] Encrypt(this byte[] input, ${SYMMETRIC}, byte[] key, byte[] iv)`]: special(
    (runtime, _types, input: Bytes, alg: unknown, key: Bytes, iv: Bytes) => withAlgorithm(runtime, 'encrypt', alg, input, key, iv),
  ),
  [`static byte[] Decrypt(this byte[] input, ${SYMMETRIC}, byte[] key, byte[] iv)`]: special(
    (runtime, _types, input: Bytes, alg: unknown, key: Bytes, iv: Bytes) => withAlgorithm(runtime, 'decrypt', alg, input, key, iv),
  ),
  'static bool VerifyNoRevocation(this System.Security.Cryptography.X509Certificates.X509Certificate2 input)': special(
    (runtime, _types, input: CertificateValue | null) => {
      if (input === null) throw nullReference();
      return isValidCertificate(runtime, input);
    },
  ),
});

/** .NET's own method of that name, outside Azure's list: `Claims.GetValueOrDefault("groups", new string[0])`. */
export const COLLECTION_EXTENSIONS_TYPE: TypeDeclaration = declareType(
  'static class System.Collections.Generic.CollectionExtensions',
  'none',
  {
    'static TValue GetValueOrDefault<TKey, TValue>(this IReadOnlyDictionary<TKey, TValue> dictionary, TKey key, TValue defaultValue)':
      special((_runtime, _types, map: DictionaryObject, key: unknown, fallback: unknown) => {
        const found = map.netLookup(key);
        return found ? found[0] : fallback;
      }),
    'static TValue GetValueOrDefault<TKey, TValue>(this IReadOnlyDictionary<TKey, TValue> dictionary, TKey key)': special(
      (runtime, [, valueType], map: DictionaryObject, key: unknown) => {
        const found = map.netLookup(key);
        return found ? found[0] : defaultOf(runtime, valueType);
      },
    ),
  },
);
