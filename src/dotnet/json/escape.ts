/** Text of JSON strings. */
const SHORT: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\f': '\\f', '\b': '\\b', '\\': '\\\\' };

/** What Newtonsoft escapes by default: controls, the backslash, the delimiter, and three line separators. */
const DOUBLE = /[\0-\x1f"\\\u0085\u2028\u2029]/g;
const SINGLE = /[\0-\x1f'\\\u0085\u2028\u2029]/g;

function escaped(character: string): string {
  if (character === '"' || character === "'") return `\\${character}`;
  return SHORT[character] ?? unicode(character);
}

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Shorter texts are looked through unit by unit, which costs less than starting a pattern. */
const SHORT_TEXT = 32;

function isPlain(text: string): boolean {
  if (text.length > SHORT_TEXT) return false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 32 || unit === 34 || unit === 39 || unit === 92 || unit > 126) return false;
  }
  return true;
}

function escapeText(text: string, delimiter: '"' | "'" = '"'): string {
  if (isPlain(text)) return text;
  return text.replace(delimiter === '"' ? DOUBLE : SINGLE, escaped);
}

/** The text in double quotes; the handling is a StringEscapeHandling: 0 default, 1 non-ASCII, 2 HTML. */
export function quote(text: string, handling = 0): string {
  const plain = escapeText(text);
  if (handling === 1) return `"${plain.replace(/[\u007f-\uffff]/g, unicode)}"`;
  if (handling === 2) return `"${plain.replace(/\\"/g, '\\u0022').replace(/[<>&']/g, unicode)}"`;
  return `"${plain}"`;
}

const SPECIAL = /[. '/"[\]()\t\n\r\f\b\\\u0085\u2028\u2029]/;

/** Adds a property to a path: `a.b`, or `a['odd name']`. */
export function appendName(path: string, name: string): string {
  if (SPECIAL.test(name)) return `${path}['${escapeText(name, "'")}']`;
  return path === '' ? name : `${path}.${name}`;
}
