import type { Exchange } from '../../exchange/exchange.ts';
import type { Input, PolicyElement } from '../compiler.ts';
import { ALL_SCOPES, optional, type PolicyDefinition } from '../definition.ts';
import { conversionAttributes, conversionStep } from '../shared/conversion.ts';
import { jsonToXml } from './convert.ts';

/** `<json-to-xml>`: turns a JSON body into XML. */
export const jsonToXmlPolicy: PolicyDefinition = {
  name: 'json-to-xml',
  summary: 'Converts the body from JSON to XML.',
  page: 'json-to-xml-policy',
  sections: ['inbound', 'outbound', 'on-error'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    ...conversionAttributes('json'),
    optional('parse-date', 'boolean', 'Whether texts that look like dates are read and printed as dates.', {
      default: 'true',
      expressions: false,
    }),
    optional('namespace-separator', 'string', 'Character between prefix and local name in property names.', { default: '_' }),
    optional('namespace-prefix', 'string', 'Properties with this name or prefix declare namespaces, usually `xmlns`.'),
    optional('attribute-block-name', 'string', 'Name of the object whose properties become attributes.'),
    optional('attribute-prefix', 'string', 'Properties whose names start so become attributes.'),
    optional('namespace-block-name', 'string', 'Name of the object whose properties declare namespaces.'),
    optional('invalid-character-replacement', 'string', 'Stands for characters that XML names do not allow.'),
    optional('trim-values', 'boolean', 'Takes blanks off both ends of texts.', { default: 'false' }),
    optional('empty-values', 'enum', 'Whether empty texts stay or count as null.', {
      values: ['preserve', 'as-null'],
      default: 'preserve',
    }),
    optional('null-values', 'string', 'Known to the schema alone.', { inert: true }),
  ],
  content: 'empty',
  compile: (element, compiler) => conversionStep(element, compiler, { from: 'json', prepare }),
};

function prepare(element: PolicyElement): (text: string, exchange: Exchange) => string {
  const dates = element.boolean('parse-date')?.constant ?? true;
  const separator = element.text('namespace-separator');
  const declares = element.text('namespace-prefix');
  const block = element.text('attribute-block-name');
  const prefix = element.text('attribute-prefix');
  const namespaces = element.text('namespace-block-name');
  const replacement = element.text('invalid-character-replacement');
  const trims = element.boolean('trim-values');
  const empty = element.text('empty-values');
  return (text, exchange) =>
    jsonToXml(text, {
      dates,
      separator: separator?.read(exchange) || '_',
      namespacePrefix: given(declares, exchange),
      attributeBlock: given(block, exchange),
      attributePrefix: given(prefix, exchange),
      namespaceBlock: given(namespaces, exchange),
      replacement: replacement?.read(exchange) ?? undefined,
      trims: trims?.read(exchange) ?? false,
      emptyAsNull: empty?.read(exchange) === 'as-null',
    });
}

/** An empty name is none. */
function given(input: Input<string | null> | undefined, exchange: Exchange): string | undefined {
  return input?.read(exchange) || undefined;
}
