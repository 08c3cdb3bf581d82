/** JTokenType and JsonToken: values as in Newtonsoft.Json 13.0.3. */
export const KIND = {
  None: 0,
  Object: 1,
  Array: 2,
  Constructor: 3,
  Property: 4,
  Comment: 5,
  Integer: 6,
  Float: 7,
  String: 8,
  Boolean: 9,
  Null: 10,
  Undefined: 11,
  Date: 12,
  Raw: 13,
  Bytes: 14,
  Guid: 15,
  Uri: 16,
  TimeSpan: 17,
} as const;

const NAMES = new Map<number, string>(Object.entries(KIND).map(([name, value]) => [value, name]));

/** `Integer` for 6. */
export function kindName(kind: number): string {
  return NAMES.get(kind) ?? String(kind);
}
