/** The operand that a text of C# ends with, read backwards. */

const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Names, dots, calls and brackets, strings; empty when the text ends with none. */
export function operandBefore(text: string): string {
  let at = text.trimEnd().length;
  for (;;) {
    const start = operandStart(text, at);
    if (start === at) return text.slice(at).trim();
    at = start;
  }
}

/** Where the last piece before `end` begins; `end` itself when no piece of an operand is there. */
function operandStart(text: string, end: number): number {
  const last = text[end - 1] ?? '';
  if (last === '.') return end - (text[end - 2] === '?' ? 2 : 1);
  if (CLOSERS[last] !== undefined) return openingOf(text, end - 1);
  if (last === '"') return stringStart(text, end - 1);
  const word = /(?:new\s+)?\w+$|new\s+$/.exec(text.slice(Math.max(0, end - 200), end));
  return word && !isKeyword(word[0]) ? end - word[0].length : end;
}

function isKeyword(word: string): boolean {
  return word === 'return' || word === 'in' || word === 'is' || word === 'as';
}

/** The place of the bracket that the one at `closer` closes; brackets in strings do not count. */
function openingOf(text: string, closer: number): number {
  let depth = 0;
  for (let at = closer; at >= 0; at -= 1) {
    const character = text[at] ?? '';
    if (character === '"') at = stringStart(text, at);
    else if (CLOSERS[character] !== undefined) depth += 1;
    else if ('([{'.includes(character)) depth -= 1;
    if (depth === 0) return at;
  }
  return closer + 1;
}

function stringStart(text: string, end: number): number {
  let at = text.lastIndexOf('"', end - 1);
  while (at > 0 && text[at - 1] === '\\') at = text.lastIndexOf('"', at - 1);
  return Math.max(at, 0);
}
