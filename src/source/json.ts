/** Reading JSON of which nothing is promised. */

/** A JSON object, by the names of its members. */
export type Members = Readonly<Record<string, unknown>>;

/** The members of a JSON object; none for anything else. */
export function membersOf(value: unknown): Members {
  return isJsonObject(value) ? value : {};
}

/** Whether a value is a JSON object: no array, no null. */
export function isJsonObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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

/** The value if it is a text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
