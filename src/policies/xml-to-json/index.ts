import type { Exchange } from '../../exchange/exchange.ts';
import type { PolicyElement } from '../compiler.ts';
import { ALL_SCOPES, optional, type PolicyDefinition, required } from '../definition.ts';
import { invalidValue } from '../evaluation.ts';
import { conversionAttributes, conversionStep } from '../shared/conversion.ts';
import { needed } from '../shared/inputs.ts';
import { xmlToJson } from './convert.ts';

/** `<xml-to-json>`: turns an XML body into JSON. */
export const xmlToJsonPolicy: PolicyDefinition = {
  name: 'xml-to-json',
  summary: 'Converts the body from XML to JSON.',
  page: 'xml-to-json-policy',
  sections: ['inbound', 'outbound', 'on-error'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    required('kind', 'enum', '`javascript-friendly` for easy reading, `direct` for the structure of the XML.', {
      values: ['javascript-friendly', 'direct'],
    }),
    ...conversionAttributes('xml'),
    optional('always-array-child-elements', 'boolean', 'Every child element becomes an array, not only repeated ones.', {
      default: 'false',
    }),
    optional('preserve-whitespace-nodes', 'boolean', 'Keeps texts of blanks alone.', { default: 'false' }),
    optional('empty-values', 'enum', 'Whether empty elements are empty texts or null.', {
      values: ['preserve', 'as-null'],
      default: 'preserve',
    }),
    optional('trim-values', 'boolean', 'Takes blanks off both ends of texts.', { default: 'false' }),
  ],
  content: 'empty',
  compile: (element, compiler) => conversionStep(element, compiler, { from: 'xml', prepare }),
};

function prepare(element: PolicyElement): (text: string, exchange: Exchange) => string {
  const kind = needed(element.text('kind'), 'kind');
  const arrays = element.boolean('always-array-child-elements');
  const blanks = element.boolean('preserve-whitespace-nodes');
  const empty = element.text('empty-values');
  const trims = element.boolean('trim-values');
  return (text, exchange) =>
    xmlToJson(text, {
      direct: isDirect(kind.read(exchange)),
      arrays: arrays?.read(exchange) ?? false,
      blanks: blanks?.read(exchange) ?? false,
      emptyAsNull: empty?.read(exchange) === 'as-null',
      trims: trims?.read(exchange) ?? false,
    });
}

function isDirect(kind: string | null): boolean {
  if (kind !== 'direct' && kind !== 'javascript-friendly') throw invalidValue(`'${kind ?? ''}' is not a value of 'kind'.`);
  return kind === 'direct';
}
