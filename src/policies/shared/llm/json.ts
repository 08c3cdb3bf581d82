/** Reading JSON of which nothing is promised. */

export type Members = Readonly<Record<string, unknown>>;

/** The members of a JSON object; none for anything else. */
export function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

/** The items of a JSON array; none for anything else. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value, or undefined for a text that is no JSON. */
export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

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
