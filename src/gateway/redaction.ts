/** Keeps secrets out of log records: fields by their name, and in any text what masks.ts knows. */
import type { Masks } from './masks.ts';

const MASK = '****';

/** Names of fields and headers whose values nobody may read in a log. */
const SECRET_NAME =
  /^(?:(?:proxy-)?authorization|(?:set-)?cookie|(?:ocp-apim-)?subscription-?key|(?:primary|secondary)-?key|x-api-key|api-?key|x-functions-key|apim-debug-authorization|password|passphrase|secret|client[_-]?secret|(?:access|id|refresh)[_-]?token|token|private-?key(?:pem)?)$/i;

/** How deep fields are looked at. */
const DEEPEST = 6;

export interface Redaction {
  /** Without the texts that are known to be secrets; costs less than `text`. */
  known(text: string): string;
  text(text: string): string;
  fields(fields: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** `masks` is asked each time: a reload changes them. */
export function redaction(masks: () => Masks): Redaction {
  const text = (one: string): string => masks().text(one);
  const value = (one: unknown, depth: number): unknown => {
    if (typeof one === 'string') return text(one);
    if (typeof one !== 'object' || one === null || depth > DEEPEST) return one;
    if (Array.isArray(one)) return one.map((item) => value(item, depth + 1));
    return members(one, depth + 1);
  };
  const members = (fields: object, depth: number): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(fields).map(([name, one]) => [name, SECRET_NAME.test(name) && hides(one) ? MASK : value(one, depth)]),
    );
  return { known: (one) => masks().known(one), text, fields: (fields) => members(fields, 0) };
}

/** Figures under such a name (`token: 3`) hide nothing. */
function hides(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}
