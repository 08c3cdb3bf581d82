/** Files that nest too deeply, found before they are parsed: readers of nested things run out of stack at some thousands. */

/** Far more than any artifact or API definition has. */
export const MOST_LEVELS = 200;

/** Lists and mappings in brackets, and compact nests of YAML (`- - - …`). */
export function isTooDeep(text: string): boolean {
  if (new RegExp(`^[ \\t]*(?:[-?][ \\t]+){${MOST_LEVELS}}`, 'm').test(text)) return true;
  let depth = 0;
  // Where a value may begin: outside of brackets, one in the midst of a text, as of a pattern, opens nothing.
  let begins = true;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '[' || sign === '{') {
      begins ||= depth > 0;
      if (begins) depth += 1;
      if (depth > MOST_LEVELS) return true;
    } else if (sign === ']' || sign === '}') {
      if (depth > 0) depth -= 1;
      begins = false;
    } else if (sign === ',' || sign === ':' || sign === '\n') begins = true;
    else if (begins) {
      if (sign === '"') at = endOfQuoted(text, at);
      else if (sign === "'") at = Math.max(at, text.indexOf("'", at + 1));
      else if (sign === '&' || sign === '!') at = endOfWord(text, at);
      begins = BEFORE_VALUES.includes(sign);
    }
  }
  return false;
}

/** Blanks, indicators of lists and keys, anchors and tags. */
const BEFORE_VALUES = ' \t\r-?&!';

/** At its closing quote, or at the end of the line. */
function endOfQuoted(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '\\') at += 1;
    else if (sign === '"') return at;
    else if (sign === '\n') return at - 1;
  }
  return text.length;
}

/** At the last sign of an anchor or a tag. */
function endOfWord(text: string, start: number): number {
  let at = start;
  while (at + 1 < text.length && !' \t\r\n[]{},'.includes(text.charAt(at + 1))) at += 1;
  return at;
}
