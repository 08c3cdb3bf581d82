/** Query strings read and changed by slicing; what is not touched stays as the caller wrote it. */

/** One `name=value` part: where it stands and its decoded text. */
export interface QueryPart {
  readonly name: string;
  readonly value: string;
  /** As written, without `&`. */
  readonly text: string;
}

/** All parts in order; an empty part between two `&` is skipped. */
export function queryParts(queryString: string): QueryPart[] {
  const parts: QueryPart[] = [];
  const body = queryString.startsWith('?') ? queryString.slice(1) : queryString;
  if (body === '') return parts;
  for (const text of body.split('&')) if (text !== '') parts.push(queryPart(text));
  return parts;
}

function queryPart(text: string): QueryPart {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const value = equals < 0 ? '' : text.slice(equals + 1);
  return { name: decodeQuery(name), value: decodeQuery(value), text };
}

/** Percent-decoding with `+` as blank; what is no valid escape stays as written (.NET's UrlDecode does not throw). */
export function decodeQuery(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  return decodePercent(text.replaceAll('+', ' '));
}

/** Percent-decoding that leaves invalid escapes as they are. */
function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/(?:%[0-9a-fA-F]{2})+/g, decodeOrKeep);
  }
}

function decodeOrKeep(escapes: string): string {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return escapes;
  }
}

/** The decoded values of a name, compared without case; empty when it is missing. Makes no parts: expressions call it most. */
export function queryValues(queryString: string, name: string): string[] {
  const values: string[] = [];
  let start = queryString.startsWith('?') ? 1 : 0;
  while (start < queryString.length) {
    const next = queryString.indexOf('&', start);
    const end = next < 0 ? queryString.length : next;
    const found = end === start ? undefined : valueOfPart(queryString, start, end, name);
    if (found !== undefined) values.push(found);
    start = end + 1;
  }
  return values;
}

/** The value of the part between two offsets if it has the name. */
function valueOfPart(text: string, start: number, end: number, name: string): string | undefined {
  const equals = text.indexOf('=', start);
  const nameEnd = equals < 0 || equals > end ? end : equals;
  const own = decodeQuery(text.slice(start, nameEnd));
  if (own !== name && own.toLowerCase() !== name.toLowerCase()) return undefined;
  return decodeQuery(text.slice(nameEnd + 1, Math.max(end, nameEnd + 1)));
}

/** Removes every part of a name. */
export function removeQuery(queryString: string, name: string): string {
  const wanted = name.toLowerCase();
  return joinQuery(queryParts(queryString).filter((part) => part.name.toLowerCase() !== wanted));
}

/** Puts values in place of all old ones: at the first old place, else at the end. */
export function setQuery(queryString: string, name: string, values: readonly string[]): string {
  const wanted = name.toLowerCase();
  const kept: QueryPart[] = [];
  let place = -1;
  for (const part of queryParts(queryString)) {
    if (part.name !== name && part.name.toLowerCase() !== wanted) kept.push(part);
    else if (place < 0) place = kept.length;
  }
  const added = values.map((value) => newPart(name, value));
  if (place < 0) kept.push(...added);
  else kept.splice(place, 0, ...added);
  return joinQuery(kept);
}

/** Adds values at the end. */
export function appendQuery(queryString: string, name: string, values: readonly string[]): string {
  return joinQuery([...queryParts(queryString), ...values.map((value) => newPart(name, value))]);
}

function newPart(name: string, value: string): QueryPart {
  return { name, value, text: `${encodeQuery(name)}=${encodeQuery(value)}` };
}

const UNRESERVED = /^[\w.~-]*$/;

/** As Uri.EscapeDataString: everything but the unreserved characters of RFC 3986; lone surrogates become U+FFFD. */
export function encodeQuery(text: string): string {
  if (UNRESERVED.test(text)) return text;
  return encodeURIComponent(wellFormed(text)).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The text with lone surrogates as U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}

/** Parts back to a query string with its `?`, or the empty text. */
export function joinQuery(parts: readonly QueryPart[]): string {
  let query = '';
  for (const { text } of parts) query += (query === '' ? '?' : '&') + text;
  return query;
}
