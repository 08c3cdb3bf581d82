/** Words that stand for a kind of value; a word also fits itself, so that `status: any` fits the text `any`. */

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** ISO 8601 dates and moments, and the dates of HTTP headers (RFC 9110, section 5.6.7). */
const DATE =
  /^(?:\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT)$/;
/** Two JSON objects in Base64url, which begin with a brace, and a signature. */
const JWT = /^e[wy][\w-]*\.e[wy][\w-]*\.[\w-]+$/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

type Fits = (actual: unknown) => boolean;

const text =
  (pattern: RegExp): Fits =>
  (actual) =>
    typeof actual === 'string' && pattern.test(actual);

/** `undefined` is what is not there. Numbers and booleans may come as their texts, as headers and variables do. */
export const MARKERS: ReadonlyMap<string, Fits> = new Map<string, Fits>([
  ['any', (actual) => actual !== undefined],
  ['absent', (actual) => actual === undefined],
  ['number', (actual) => typeof actual === 'number' || text(NUMBER)(actual)],
  ['integer', (actual) => Number.isInteger(actual) || text(/^-?\d+$/)(actual)],
  ['string', (actual) => typeof actual === 'string'],
  ['boolean', (actual) => typeof actual === 'boolean' || text(/^(?:true|false)$/i)(actual)],
  ['object', (actual) => typeof actual === 'object' && actual !== null && !Array.isArray(actual)],
  ['array', Array.isArray],
  ['guid', text(GUID)],
  ['date', (actual) => text(DATE)(actual) && !Number.isNaN(Date.parse(String(actual)))],
  ['uri', text(/^[a-z][a-z0-9+.-]*:\S+$/i)],
  ['jwt', text(JWT)],
]);

/** What a pattern such as `/^a/i` says; undefined for any other text. */
export function patternOf(expected: string): { readonly source: string; readonly flags: string } | undefined {
  const match = /^\/(.+)\/([ismu]*)$/s.exec(expected);
  return match ? { source: match[1] ?? '', flags: match[2] ?? '' } : undefined;
}
