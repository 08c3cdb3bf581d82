/** What a request can be made of, in files and in code alike. */

/** A name of RFC 9110, section 5.6.2: what methods and names of headers are made of. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Values of headers end at a line break (section 5.5). */
export function isHeaderValue(text: string): boolean {
  return !/[\r\n\0]/.test(text);
}
