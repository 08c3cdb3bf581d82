/** The texts of a message's content. */
import { membersOf } from '../../../source/json.ts';

/** Levels that a content may be nested: message, content, part, text. */
const DEEPEST = 6;

/** All texts of a content in its many forms: a text, parts with `text`, messages with `content`, Vertex AI's `parts`. */
export function textsOf(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((item) => textsOf(item, depth + 1));
  const { text, content, parts } = membersOf(value);
  return [text, content, parts].flatMap((inner) => (inner === undefined || inner === null ? [] : textsOf(inner, depth + 1)));
}
