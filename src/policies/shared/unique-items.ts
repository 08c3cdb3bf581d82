/** `uniqueItems` in linear time: a caller decides how many items there are. */

/** Index of the first item that was there before; undefined when all differ. */
export function repeatedItem(items: readonly unknown[]): number | undefined {
  const seen = new Set<string>();
  for (const [at, item] of items.entries()) {
    const key = textOf(item);
    if (seen.has(key)) return at;
    seen.add(key);
  }
  return undefined;
}

/** JSON with sorted names, so that equal values have equal texts. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${textOf(one)}`).join()}}`;
}
