/** Keeps secrets out of log records: fields by their name, known secrets and whatever looks like a signed token in any text. */
import { maskSecrets } from '../exchange/exchange.ts';
import type { Workspace } from '../workspace/model.ts';

const MASK = '****';

/** Names of fields and headers whose values nobody may read in a log. */
const SECRET_NAME =
  /^(?:(?:proxy-)?authorization|(?:set-)?cookie|(?:ocp-apim-)?subscription-?key|(?:primary|secondary)-?key|x-api-key|api-?key|x-functions-key|apim-debug-authorization|password|passphrase|secret|client[_-]?secret|(?:access|id|refresh)[_-]?token|token|private-?key(?:pem)?)$/i;

/** Three parts of Base64url, the first a JSON object. */
const SIGNED_TOKEN = /\beyJ[\w-]{4,}\.[\w-]+(?:\.[\w-]*)*/g;

/** Keys and tokens in a query string. */
const SECRET_PARAMETER = /([?&](?:subscription-key|access_token|id_token|token|code|sig|key|client_secret)=)[^&#\s"]*/gi;

/** Below this a secret is found everywhere by chance, and hiding it would only spoil the log. */
const SHORTEST = 4;

/** How deep fields are looked at. */
const DEEPEST = 6;

export interface Redaction {
  text(text: string): string;
  fields(fields: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** `secrets` is asked each time: a reload changes them. */
export function redaction(secrets: () => readonly string[]): Redaction {
  const text = (one: string): string =>
    maskSecrets(one, secrets()).replace(SIGNED_TOKEN, `eyJ${MASK}`).replace(SECRET_PARAMETER, `$1${MASK}`);
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
  return { text, fields: (fields) => members(fields, 0) };
}

/** Figures under such a name (`token: 3`) hide nothing. */
function hides(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}

/** Named values that are secret, and keys of subscriptions; the longest first, since one may hold another. */
export function secretsOf({ namedValues, subscriptions }: Pick<Workspace, 'namedValues' | 'subscriptions'>): string[] {
  const values = [...namedValues.values()].flatMap(({ value, secret }) => (secret && value !== undefined ? [value] : []));
  const keys = subscriptions.flatMap(({ info }) => [info.primaryKey, info.secondaryKey]);
  const all = new Set([...values, ...keys].filter((text) => text.length >= SHORTEST));
  return [...all].sort((a, b) => b.length - a.length);
}
