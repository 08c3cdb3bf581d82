/** Splits a command line as a shell does, without running or expanding anything. */

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b', '0': '\0' };

/** What ends a command in a shell: pipes, redirections, the next command. */
const END = /^(?:\|\|?|&&?|;|\d?>{1,2}|<)(?=\s|$)/;

/**
 * The words of the first command, quotes taken off: by the rules of POSIX shells, or by those of Windows where a `^` stands
 * before a quote or a line end. Throws on a quote left open.
 */
export function shellWords(command: string): string[] {
  return /\^(?:"|\r?\n)/.test(command) ? windowsWords(command) : posixWords(command);
}

type ReadPiece = (text: string, at: number) => [piece: string, end: number];

function posixWords(text: string): string[] {
  return wordsOf(text, readPiece, (at) => text[at] === '#');
}

function wordsOf(text: string, read: ReadPiece, isComment: (at: number) => boolean = () => false): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; ) {
    const [joint = ''] = /^(?:\\\r?\n|\s)/.exec(text.slice(at, at + 3)) ?? [];
    if (joint !== '') {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += joint.length;
    } else if (word === undefined && isComment(at)) {
      at = lineEnd(text, at);
    } else if (word === undefined && END.test(text.slice(at, at + 4))) {
      break;
    } else {
      const [piece, end] = read(text, at);
      word = (word ?? '') + piece;
      at = end;
    }
  }
  return word === undefined ? words : [...words, word];
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** A quoted part, an escaped character or one plain character, and where it ends. */
function readPiece(text: string, at: number): [piece: string, end: number] {
  const character = text[at] ?? '';
  if (character === "'") return singleQuoted(text, at);
  if (character === '"') return escapedUntil(text, at + 1, '"', doubleQuotedEscape);
  if (text.startsWith("$'", at)) return ansiQuoted(text, at + 2);
  return character === '\\' ? [text[at + 1] ?? '', at + 2] : [character, at + 1];
}

/** Between double quotes a backslash stands for itself but before these; before a line end it joins the lines. */
function doubleQuotedEscape(next: string): string {
  if (next === '\n') return '';
  return '"\\$`'.includes(next) ? next : `\\${next}`;
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

// ------------------------------------------------------------ Windows

/** `Copy as cURL (cmd)`: first what cmd.exe does with `^`, then what the program's own reader does with quotes. */
function windowsWords(command: string): string[] {
  // A browser that quotes quotes for cmd.exe also doubles every backslash.
  const doubled = /\^"/.test(command);
  return wordsOf(withoutCarets(command), (text, at) =>
    text[at] === '"' ? windowsQuoted(text, at + 1, doubled) : [text[at] ?? '', at + 1],
  );
}

/** Outside quotes `^` takes the next character's meaning away: a line end behind it joins lines, and two stand for one. */
function withoutCarets(text: string): string {
  let plain = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') isQuoted = !isQuoted;
    if (character !== '^' || isQuoted) {
      plain += character;
      continue;
    }
    const [ends = ''] = /^(?:\r?\n){1,2}/.exec(text.slice(at + 1, at + 5)) ?? [];
    plain += ends === '' ? (text[at + 1] ?? '') : ends.replace(/\r/g, '').length === 2 ? '\n' : ' ';
    at += ends === '' ? 1 : ends.length;
  }
  return plain;
}

/** Two quotes are one, and so is a quote behind a backslash. */
function windowsQuoted(text: string, from: number, doubled: boolean): [string, number] {
  let piece = '';
  for (let at = from; at < text.length; at += 1) {
    const pair = text.slice(at, at + 2);
    if (pair === '\\"' || pair === '""' || (doubled && pair === '\\\\')) {
      piece += pair[1] ?? '';
      at += 1;
    } else if (text[at] === '"') return [piece, at + 1];
    else piece += text[at] ?? '';
  }
  throw openQuote('"');
}
