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
  return partTexts(queryString).map(queryPart);
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

/** Percent-escapes decoded; a text with broken ones stays as it is. */
export function decodeOrKeep(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
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
  return setQuery(queryString, name, []);
}

/** Puts values in place of all old ones: at the first old place, else at the end. */
export function setQuery(queryString: string, name: string, values: readonly string[]): string {
  const wanted = name.toLowerCase();
  const added = written(name, values);
  let query = '';
  let isPlaced = false;
  for (const text of partTexts(queryString)) {
    const own = nameOf(text);
    if (own !== name && own.toLowerCase() !== wanted) query += `&${text}`;
    else if (!isPlaced) {
      query += added;
      isPlaced = true;
    }
  }
  return withMark(isPlaced ? query : query + added);
}

/** Adds values at the end. */
export function appendQuery(queryString: string, name: string, values: readonly string[]): string {
  let query = '';
  for (const text of partTexts(queryString)) query += `&${text}`;
  return withMark(query + written(name, values));
}

/** The query string as it is when each `&` stands between two parts. */
export function withoutEmptyParts(queryString: string): string {
  if (/^(?:\?[^&]+(?:&[^&]+)*)?$/.test(queryString)) return queryString;
  return appendQuery(queryString, '', []);
}

/** Parts as written, empty ones left out. */
function partTexts(queryString: string): string[] {
  const texts = (queryString.startsWith('?') ? queryString.slice(1) : queryString).split('&');
  return texts.includes('') ? texts.filter((text) => text !== '') : texts;
}

function nameOf(text: string): string {
  const equals = text.indexOf('=');
  return decodeQuery(equals < 0 ? text : text.slice(0, equals));
}

/** `&name=value` for each value. */
function written(name: string, values: readonly string[]): string {
  const start = `&${encodeQuery(name)}=`;
  let query = '';
  for (const value of values) query += start + encodeQuery(value);
  return query;
}

/** Parts with `&` before each of them, as a query string. */
function withMark(query: string): string {
  return query === '' ? '' : `?${query.slice(1)}`;
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
