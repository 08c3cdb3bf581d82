/** Characters and entities of XML 1.0, read at an offset without copying. */

export function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

export function skipBlanks(text: string, at: number): number {
  let next = at;
  while (next < text.length && isBlank(text.charCodeAt(next))) next += 1;
  return next;
}

/** One character as it is meant: an entity counts as the character it stands for. */
export interface LogicalCharacter {
  readonly text: string;
  /** How many characters of the file it takes. */
  readonly length: number;
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Longest entity that is looked at: `&#x10FFFF;` with some leading zeros. */
const LONGEST_ENTITY = 16;

/** Reads an entity that XML predefines (`&lt;`, `&#10;`, `&#xA;`) at `at`; undefined where there is none. */
export function entityAt(text: string, at: number): LogicalCharacter | undefined {
  if (text.charCodeAt(at) !== 38) return undefined;
  const end = at + text.slice(at, at + LONGEST_ENTITY + 1).indexOf(';');
  if (end < at) return undefined;
  const name = text.slice(at + 1, end);
  const decoded = NAMED.get(name) ?? numeric(name);
  return decoded === undefined ? undefined : { text: decoded, length: end - at + 1 };
}

function numeric(name: string): string | undefined {
  const match = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name);
  if (!match) return undefined;
  const code = match[1] === undefined ? Number.parseInt(match[2] ?? '', 10) : Number.parseInt(match[1], 16);
  return isXmlCharacter(code) ? String.fromCodePoint(code) : undefined;
}

/** XML 1.0, production 2. */
export function isXmlCharacter(code: number): boolean {
  if (code < 32) return code === 9 || code === 10 || code === 13;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

/** The character at `at`, decoded when an entity stands there. */
export function logicalAt(text: string, at: number): LogicalCharacter {
  return entityAt(text, at) ?? { text: text.charAt(at), length: 1 };
}

const NAME_START =
  /[:A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD]/;
/** What may follow a start character besides another one (XML 1.0, production 4a). */
const NAME_MARK = /[-.0-9\u00B7\u203F-\u2040]|\p{M}/u;

export function isNameStart(character: string): boolean {
  return NAME_START.test(character);
}

/** Offset behind the XML name that starts at `at`; `at` itself when none does. */
export function endOfName(text: string, at: number): number {
  if (!isNameStart(text.charAt(at))) return at;
  let end = at + 1;
  while (end < text.length && isNamePart(text.charAt(end))) end += 1;
  return end;
}

function isNamePart(character: string): boolean {
  return NAME_START.test(character) || NAME_MARK.test(character);
}
