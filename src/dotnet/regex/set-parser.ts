/** Bracketed sets and class escapes. */
import {
  isDecimal,
  isEcmaDigit,
  isEcmaSpace,
  isEcmaWord,
  isSpace,
  isWord,
  negate,
  propertyTest,
  type SetPart,
  setTest,
  type UnitTest,
} from './char-set.ts';
import type { PatternReader } from './reader.ts';
import {
  classInRange,
  incompleteProperty,
  malformedProperty,
  reversedRange,
  subtractionNotLast,
  unknownProperty,
  unterminatedSet,
} from './wording.ts';

/** The set of a class escape (`\w`, `\P{L}`) whose backslash is read; undefined, nothing read, for other escapes. */
export function readClassEscape(reader: PatternReader, ecma: boolean): UnitTest | undefined {
  const letter = reader.peek();
  const plain = classOf(letter.toLowerCase(), ecma);
  if (plain !== undefined) {
    reader.at += 1;
    return letter === letter.toLowerCase() ? plain : negate(plain);
  }
  if (letter !== 'p' && letter !== 'P') return undefined;
  reader.at += 1;
  const test = readProperty(reader);
  return letter === 'p' ? test : negate(test);
}

function classOf(letter: string, ecma: boolean): UnitTest | undefined {
  switch (letter) {
    case 'w':
      return ecma ? isEcmaWord : isWord;
    case 'd':
      return ecma ? isEcmaDigit : isDecimal;
    case 's':
      return ecma ? isEcmaSpace : isSpace;
    default:
      return undefined;
  }
}

function readProperty(reader: PatternReader): UnitTest {
  if (reader.pattern.length - reader.at < 3) throw reader.fail(incompleteProperty);
  if (!reader.take('{')) throw reader.fail(malformedProperty);
  const name = /^[\w-]*/.exec(reader.pattern.slice(reader.at))?.[0] ?? '';
  reader.at += name.length;
  if (!reader.take('}')) throw reader.fail(incompleteProperty);
  const test = propertyTest(name);
  if (test === undefined) throw reader.fail(unknownProperty(name));
  return test;
}

/** A set whose opening bracket is read; subtractions nest. */
export function readSet(reader: PatternReader, ignoreCase: boolean, ecma: boolean): UnitTest {
  const negated = reader.take('^');
  const parts: SetPart[] = [];
  let subtracted: UnitTest | undefined;
  for (let first = true; ; first = false) {
    if (reader.done) throw reader.fail(unterminatedSet);
    if (!first && reader.take(']')) return setTest(parts, negated, ignoreCase, subtracted);
    if (!first && reader.peek() === '-' && reader.peek(1) === '[') {
      reader.at += 2;
      subtracted = readSet(reader, ignoreCase, ecma);
      if (!reader.done && reader.peek() !== ']') throw reader.fail(subtractionNotLast);
    } else parts.push(...readPart(reader, ecma));
  }
}

function readPart(reader: PatternReader, ecma: boolean): SetPart[] {
  const start = readElement(reader, ecma);
  if (typeof start !== 'number') return [{ first: 0, last: 0, test: start }];
  const isRange = reader.peek() === '-' && reader.peek(1) !== '' && reader.peek(1) !== ']' && reader.peek(1) !== '[';
  if (!isRange) return [{ first: start, last: start }];
  reader.at += 1;
  const letter = reader.peek(1);
  const end = readElement(reader, ecma);
  if (typeof end !== 'number') throw reader.fail(classInRange(letter));
  if (end < start) throw reader.fail(reversedRange);
  return [{ first: start, last: end }];
}

/** A single character, or the set of a class escape. */
function readElement(reader: PatternReader, ecma: boolean): number | UnitTest {
  const character = reader.next();
  if (character !== '\\') return character.charCodeAt(0);
  if (reader.take('-')) return 45;
  return readClassEscape(reader, ecma) ?? reader.escapedUnit(ecma);
}
