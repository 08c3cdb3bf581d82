/** Splits a command line as a POSIX shell does, without running or expanding anything. */

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b', '0': '\0' };

/** The words, quotes taken off. Line ends behind `\` (or `^`, as Windows writes them) join lines. Throws on a quote left open. */
export function shellWords(command: string): string[] {
  const text = command.replace(/[\\^]\r?\n/g, ' ');
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at] ?? '')) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
      continue;
    }
    const [piece, end] = readPiece(text, at);
    word = (word ?? '') + piece;
    at = end;
  }
  return word === undefined ? words : [...words, word];
}

/** A quoted part, an escaped character or one plain character, and where it ends. */
function readPiece(text: string, at: number): [piece: string, end: number] {
  const character = text[at] ?? '';
  if (character === "'") return singleQuoted(text, at);
  if (character === '"') return escapedUntil(text, at + 1, '"', (next) => ('"\\$`'.includes(next) ? next : `\\${next}`));
  if (text.startsWith("$'", at)) return ansiQuoted(text, at + 2);
  return character === '\\' ? [text[at + 1] ?? '', at + 2] : [character, at + 1];
}

function singleQuoted(text: string, at: number): [string, number] {
  const end = text.indexOf("'", at + 1);
  if (end < 0) throw openQuote("'");
  return [text.slice(at + 1, end), end + 1];
}

function escapedUntil(text: string, from: number, close: string, escaped: (next: string) => string): [string, number] {
  let piece = '';
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === close) return [piece, at + 1];
    if (character === '\\') at += 1;
    piece += character === '\\' ? escaped(text[at] ?? '') : character;
  }
  throw openQuote(close);
}

/** `$'…'` of bash, which browsers write when the text holds line ends or quotes. */
function ansiQuoted(text: string, from: number): [string, number] {
  const [raw, end] = escapedUntil(text, from, "'", (next) => `\\${next}`);
  const piece = raw.replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\s\S])/g, (_all, code: string) =>
    code.length > 1 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (ESCAPES[code] ?? code),
  );
  return [piece, end];
}

function openQuote(quote: string): Error {
  return new Error(`the curl command has a \`${quote}\` that is not closed`);
}
