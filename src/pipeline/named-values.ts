/** Named values: `{{name}}` replaced in the decoded text, before expressions are compiled (gateway-model, section 4). */
import type { MappedText } from '../source/mapped-text.ts';
import { type Span, span } from '../source/span.ts';
import type { Value } from '../xml/tree.ts';
import { classify, MappedBuilder } from '../xml/value.ts';
import type { PolicyEnvironment } from './environment.ts';

/** A reference found in a text: `start` and `end` include the braces. */
export interface NamedValueReference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const LONGEST_NAME = 256;

/** All references of a text, in order. What stands between other braces is left alone. */
export function namedValueReferences(text: string): NamedValueReference[] {
  const found: NamedValueReference[] = [];
  for (let at = text.indexOf('{{'); at >= 0; ) {
    const reference = referenceAt(text, at);
    if (reference) found.push(reference);
    at = text.indexOf('{{', reference ? reference.end : at + 1);
  }
  return found;
}

const REFERENCE = /\{\{[ \t\r\n]{0,64}([A-Za-z0-9._-]{1,256})[ \t\r\n]{0,64}\}\}/y;

function referenceAt(text: string, start: number): NamedValueReference | undefined {
  const pattern = new RegExp(REFERENCE);
  pattern.lastIndex = start;
  const match = pattern.exec(text);
  const name = match?.[1];
  if (!match || name === undefined || name.length > LONGEST_NAME) return undefined;
  return { name, start, end: start + match[0].length };
}

export interface Substituted {
  readonly value: Value;
  /** References without a value: in the file, with their names. */
  readonly unknown: readonly { readonly name: string; readonly span: Span }[];
  /** Stands in for unknown names were used: the text is not what the service would see. */
  readonly assumed: boolean;
  readonly secrets: readonly string[];
}

/** Fills in named values. `standIn`: what an unknown name becomes; without one it stays as written. */
export function substitute(value: Value, environment: PolicyEnvironment, standIn?: string): Substituted {
  const references = namedValueReferences(value.text.text);
  if (references.length === 0) return { value, unknown: [], assumed: false, secrets: [] };
  const builder = new MappedBuilder(value.text.file);
  const unknown: { name: string; span: Span }[] = [];
  const secrets: string[] = [];
  let at = 0;
  for (const { name, start, end } of references) {
    const known = environment.namedValues.get(name);
    const place = value.text.sourceSpan({ start, end });
    if (known?.secret) secrets.push(known.value);
    if (!known) unknown.push({ name, span: place });
    const text = known?.value ?? standIn;
    if (text === undefined) continue;
    builder.append(value.text.slice(at, start));
    builder.replaced(text, place.start, place.end - place.start);
    at = end;
  }
  if (at < value.text.text.length) builder.append(value.text.slice(at));
  return { value: refilled(value, builder.finish(value.span.start)), unknown, assumed: unknown.length > 0, secrets };
}

/** A literal may have become an expression: a named value can hold a whole one. */
function refilled(value: Value, text: MappedText): Value {
  if (value.kind !== 'literal') return { ...value, text };
  const found = classify(text);
  return { ...found, span: span(value.span.start, value.span.end) };
}
