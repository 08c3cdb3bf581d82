/** Classes of characters (ECMA-334, 6.3 and 6.4.3), decided on UTF-16 code units. */

const LETTER = /[\p{L}\p{Nl}]/u;
const IDENTIFIER_PART = /[\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}\p{Cf}]/u;
const SPACE = /\p{Zs}/u;

export function isIdentifierStart(c: string): boolean {
  if (c < '\x80') return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c === '_';
  return LETTER.test(c);
}

export function isIdentifierPart(c: string): boolean {
  if (c < '\x80') return isIdentifierStart(c) || isDigit(c);
  return IDENTIFIER_PART.test(c);
}

export function isDigit(c: string): boolean {
  return c >= '0' && c <= '9';
}

export function isHexDigit(c: string): boolean {
  return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/** White space inside a line; the byte order mark counts, as it does for the compiler at the start of a file. */
export function isSpace(c: string): boolean {
  if (c === ' ' || c === '\t' || c === '\v' || c === '\f' || c === '\x1a') return true;
  return c >= '\x80' && (c === '\ufeff' || SPACE.test(c));
}

export function isNewline(c: string): boolean {
  return c === '\n' || c === '\r' || c === '\x85' || c === '\u2028' || c === '\u2029';
}
