/** URL templates of operations: `/orders/{id}/files/{name}.{ext}`, `/{*path}`, `/sum?a={a}&b={b}` (gateway-model, section 6.2). */
import { decodeOrKeep } from '../exchange/query.ts';

export interface Template {
  readonly segments: readonly TemplateSegment[];
  /** `/*` or `/{*name}` at the end. */
  readonly wildcard: boolean;
  /** The wildcard's parameter, if it has one. */
  readonly restName: string | undefined;
  readonly requiredQuery: number;
  queryFits(query: string): boolean;
  /** Values of all template parameters for a path that fits, its segments percent-decoded. */
  parameters(segments: readonly string[], query: string): Record<string, string>;
}

export interface TemplateSegment {
  readonly kind: 'literal' | 'pattern';
  readonly text: string;
  /** The segments that are tested and read are percent-decoded. */
  test(segment: string): boolean;
  /** Parameters of the segment with their values. */
  read(segment: string, into: Record<string, string>): void;
}

const NO_VALUES = /^(?:\*|\{\*[^}]*\})$/;

export function compileTemplate(template: string): Template {
  const mark = template.indexOf('?');
  const path = mark < 0 ? template : template.slice(0, mark);
  const parts = path.split('/').filter((part) => part !== '');
  const last = parts[parts.length - 1];
  const wildcard = last !== undefined && NO_VALUES.test(last);
  const segments = (wildcard ? parts.slice(0, -1) : parts).map(compileSegment);
  const query = mark < 0 ? [] : queryParts(template.slice(mark + 1));
  const restName = wildcard ? /^\{\*([^}]+)\}$/.exec(last)?.[1] : undefined;
  return {
    segments,
    wildcard,
    restName,
    requiredQuery: query.length,
    queryFits: query.length === 0 ? () => true : (text) => query.every((part) => part.fits(valuesOf(text).get(part.name.toLowerCase()))),
    parameters: (path, text) => readParameters(segments, restName, query, path, text),
  };
}

interface QueryPart {
  readonly name: string;
  /** The parameter it fills, or undefined for a fixed value. */
  readonly parameter: string | undefined;
  fits(value: string | undefined): boolean;
}

function queryParts(text: string): QueryPart[] {
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      const name = equals < 0 ? part : part.slice(0, equals);
      const value = equals < 0 ? '' : part.slice(equals + 1);
      const parameter = /^\{\*?([^}]+)\}$/.exec(value)?.[1];
      // A template may hold the value as it stands in a URL (`soapAction=http%3A%2F%2F…`) or plain.
      const plain = decodeOrKeep(value);
      const fits = (given: string | undefined) => given !== undefined && (parameter !== undefined || given === value || given === plain);
      return { name, parameter, fits };
    });
}

function valuesOf(query: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const pair of query.replace(/^\?/, '').split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodeOrKeep(equals < 0 ? pair : pair.slice(0, equals)).toLowerCase();
    if (!values.has(name)) values.set(name, equals < 0 ? '' : decodeOrKeep(pair.slice(equals + 1)));
  }
  return values;
}

function readParameters(
  segments: readonly TemplateSegment[],
  restName: string | undefined,
  query: readonly QueryPart[],
  path: readonly string[],
  text: string,
): Record<string, string> {
  const into: Record<string, string> = {};
  segments.forEach((segment, at) => {
    segment.read(path[at] ?? '', into);
  });
  if (restName !== undefined) into[restName] = path.slice(segments.length).join('/');
  if (query.length > 0) {
    const values = valuesOf(text);
    for (const { name, parameter } of query) if (parameter !== undefined) into[parameter] = values.get(name.toLowerCase()) ?? '';
  }
  return into;
}

function compileSegment(text: string): TemplateSegment {
  if (!text.includes('{')) {
    const wanted = literalKey(text);
    return { kind: 'literal', text, test: (segment) => segment.toLowerCase() === wanted, read: () => {} };
  }
  const whole = /^\{([^{}]+)\}$/.exec(text)?.[1];
  if (whole !== undefined) {
    return {
      kind: 'pattern',
      text,
      test: () => true,
      read: (segment, into) => {
        into[whole] = segment;
      },
    };
  }
  return mixedSegment(text);
}

/** `{name}.{ext}`: literal parts are looked for from the right, as ASP.NET routing does, so matching is linear. */
function mixedSegment(text: string): TemplateSegment {
  const parts = text.split(/(\{[^{}]+\})/).flatMap((part) => (part === '' ? [] : [part.startsWith('{') ? part : decodeOrKeep(part)]));
  const read = (segment: string): Record<string, string> | undefined => {
    const values: Record<string, string> = {};
    const lower = segment.toLowerCase();
    let end = segment.length;
    for (let index = parts.length - 1; index >= 0; index -= 1) {
      const start = partStart(parts, index, lower, end);
      if (start < 0) return undefined;
      const name = /^\{(.+)\}$/.exec(parts[index] ?? '')?.[1];
      if (name !== undefined) values[name] = segment.slice(start, end);
      end = start;
    }
    return end === 0 ? values : undefined;
  };
  return {
    kind: 'pattern',
    text,
    test: (segment) => read(segment) !== undefined,
    read: (segment, into) => {
      for (const [name, value] of Object.entries(read(segment) ?? {}).reverse()) into[name] = value;
    },
  };
}

/** Where the part that ends at `end` starts; -1 when it does not fit. A parameter takes at least one character. */
function partStart(parts: readonly string[], index: number, lower: string, end: number): number {
  const part = (parts[index] ?? '').toLowerCase();
  if (!part.startsWith('{')) return lower.endsWith(part, end) ? end - part.length : -1;
  const before = parts[index - 1]?.toLowerCase();
  if (before === undefined) return end > 0 ? 0 : -1;
  const found = end < 1 ? -1 : lower.lastIndexOf(before, end - 1 - before.length);
  return found < 0 ? -1 : found + before.length;
}

/** What a literal segment is compared by: `caf%C3%A9`, `caf%c3%a9` and `café` are one (RFC 3986, 6.2.2). */
export function literalKey(text: string): string {
  return decodeOrKeep(text).toLowerCase();
}

/** Segments of a path, percent-decoded one by one: an encoded slash stays inside its segment. */
export function decodedSegments(path: string): string[] {
  const segments = path.split('/').filter((segment) => segment !== '');
  return path.includes('%') ? segments.map(decodeOrKeep) : segments;
}

/** Of `{*path}` the service says `*path` in lists of parameters, and in the API definitions that it exports. */
export function plainParameter(name: string): string {
  return name.replace(/^\*/, '');
}
