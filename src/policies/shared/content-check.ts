/** A JSON body against a schema. */
import { parseText, writeJson } from '../../dotnet/json/index.ts';
import type { SchemaSource } from '../../exchange/entities.ts';
import { errorText } from '../../source/error-text.ts';
import { placeIn } from './json-place.ts';
import { MissingDefinition } from './schema-bundle.ts';
import type { SchemaChecks } from './schema-check.ts';

export interface ContentFault {
  /** `mismatch`: it does not conform; `missing`: the definition of that name; `unusable`: the body is no JSON, or the schema cannot be used. */
  readonly kind: 'mismatch' | 'missing' | 'unusable';
  readonly text: string;
}

/** Deepest body that is checked: validators recurse. */
const DEEPEST = 512;

export async function checkJson(
  text: string,
  source: SchemaSource,
  checks: SchemaChecks,
  ignoresCase: boolean,
): Promise<ContentFault | undefined> {
  try {
    const check = await checks.checkFor(source);
    const json = strictText(text);
    if (depthOf(json) > DEEPEST) return { kind: 'unusable', text: `The body is nested deeper than ${DEEPEST} levels.` };
    const value: unknown = JSON.parse(json);
    const wrong = check(ignoresCase ? lowerCased(value) : value, json.length);
    if (!wrong) return undefined;
    const { line, position } = placeIn(json, wrong.pointer);
    return { kind: 'mismatch', text: `${wrong.text} Line: ${line}, Position: ${position}` };
  } catch (error) {
    if (error instanceof MissingDefinition) return { kind: 'missing', text: error.definition };
    return { kind: 'unusable', text: errorText(error) };
  }
}

/** The text if it is JSON; what only Newtonsoft.Json reads (comments, single quotes) written anew. Throws JsonReaderException. */
function strictText(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return writeJson(parseText(text, 'JToken', { dates: false }), false);
  }
}

/** Brackets that are open at once; those in strings are left out. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [bracket] of text.replace(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/[[\]{}]/g)) {
    depth += bracket === '{' || bracket === '[' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Property names in lower case; recursion ends at DEEPEST. */
function lowerCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name.toLowerCase(), lowerCased(one)]));
}
