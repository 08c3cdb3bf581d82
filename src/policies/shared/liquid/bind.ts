/** What `body` and `context` are in a template. */
import { Boxed } from '../../../csharp/runtime/values.ts';
import { isCollectionObject, isDictionaryObject } from '../../../dotnet/collections/contract.ts';
import { KeyValuePair } from '../../../dotnet/collections/key-value-pair.ts';
import { NetDateTime } from '../../../dotnet/json/dates.ts';
import { JArray, JObject, JToken, JValue } from '../../../dotnet/json/index.ts';
import { NetDecimal } from '../../../dotnet/numbers/decimal.ts';
import { DocumentValue, ElementValue } from '../../../dotnet/xml/nodes.ts';
import { findIgnoringCase } from '../../../exchange/context/dictionaries.ts';
import type { Exchange } from '../../../exchange/exchange.ts';
import type { Headers } from '../../../exchange/headers.ts';
import { toPolicyText } from '../../../exchange/text.ts';
import { type LiquidValue, Members } from './values.ts';
import { type NilForm, xmlValue } from './xml.ts';

/** A token: objects and arrays as they are looked at, scalars as values. */
export function jsonValue(token: JToken | null): LiquidValue {
  if (token instanceof JObject)
    return new Members(
      () => token.properties.map(({ name }) => name),
      (name) => {
        const property = token.property(name);
        return property === null ? undefined : jsonValue(property.value);
      },
    );
  if (token instanceof JArray) return token.children.map(jsonValue);
  return token instanceof JValue ? objectValue(token.value) : null;
}

/** Any .NET value, such as a variable's. */
function objectValue(value: unknown, nil: NilForm = 'blank'): LiquidValue {
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Boxed) return boxedValue(value);
  if (value instanceof NetDecimal || value instanceof NetDateTime) return value;
  if (value instanceof JToken) return jsonValue(value);
  if (value instanceof ElementValue || value instanceof DocumentValue) return xmlValue(value, nil);
  if (isDictionaryObject(value)) return dictionaryValue(value);
  if (Array.isArray(value) || isCollectionObject(value)) return [...value].map((item) => objectValue(item, nil));
  return toPolicyText(value);
}

function boxedValue({ value, type }: Boxed): LiquidValue {
  if (typeof value !== 'number') return value;
  const name = type.definition.name;
  if (name === 'Char') return String.fromCharCode(value);
  return name === 'Double' || name === 'Single' || !Number.isInteger(value) ? value : BigInt(value);
}

function dictionaryValue(value: Iterable<unknown>): LiquidValue {
  const pairs = new Map<string, LiquidValue>();
  for (const pair of value) if (pair instanceof KeyValuePair) pairs.set(toPolicyText(pair.key) ?? '', objectValue(pair.value));
  return new Members(
    () => [...pairs.keys()],
    (name) => pairs.get(name),
  );
}

/** Header names ignore case; a header is the list of its values. */
function headersValue(headers: Headers): LiquidValue {
  return new Members(
    () => headers.names(),
    (name) => (headers.has(name) ? headers.all(name) : undefined),
  );
}

interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly queryString: string;
}

function urlValue(url: UrlParts, query: (name: string) => string[], names: () => readonly string[]): LiquidValue {
  const text = () => String(url);
  const members = Members.of({
    Scheme: () => url.scheme,
    Host: () => url.host,
    Port: () => BigInt(url.port),
    Path: () => url.path,
    QueryString: () => url.queryString,
    Query: () =>
      new Members(names, (name) => {
        const values = query(name);
        return values.length === 0 ? undefined : values;
      }),
    ToUri: text,
    ToString: text,
  });
  return {
    isLiquidObject: true,
    member: (name) => members.member(name),
    items: () => members.items(),
    text,
  };
}

/** `context`, with the members that set-body's page lists, and Variables, which work though they are not listed. */
export function contextValue(
  exchange: Exchange,
  tools: { values(query: string, name: string): string[]; names(query: string): string[] },
): LiquidValue {
  const { request, response } = exchange;
  const url = (one: UrlParts) =>
    urlValue(
      one,
      (name) => tools.values(one.queryString, name),
      () => tools.names(one.queryString),
    );
  return Members.of({
    Request: () =>
      Members.of({
        Url: () => url(request.url),
        Method: () => request.method,
        OriginalMethod: () => request.originalMethod,
        OriginalUrl: () => url(request.originalUrl),
        IpAddress: () => request.ipAddress,
        MatchedParameters: () =>
          new Members(
            () => [...request.matchedParameters.keys()],
            (name) => findIgnoringCase(request.matchedParameters, name),
          ),
        HasBody: () => request.body.isPresent && (!request.body.isBuffered || request.body.bytes().length > 0),
        ClientCertificates: () => (request.certificate === null ? [] : [request.certificate.thumbprint]),
        Headers: () => headersValue(request.headers),
      }),
    Response: () =>
      response === null
        ? null
        : Members.of({
            StatusCode: () => BigInt(response.status),
            Method: () => request.method,
            Headers: () => headersValue(response.headers),
          }),
    Variables: () =>
      new Members(
        () => [...exchange.variables.entries()].map(([name]) => name),
        (name) => (exchange.variables.has(name) ? objectValue(exchange.variables.get(name)) : undefined),
      ),
  });
}
