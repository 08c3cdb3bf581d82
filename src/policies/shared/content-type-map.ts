/** `<content-type-map>`: which type a message counts as. */
import type { Exchange } from '../../exchange/exchange.ts';
import type { PolicyElement } from '../compiler.ts';
import { type ChildDeclaration, optional, required, UNBOUNDED } from '../definition.ts';
import { mediaType } from './media-type.ts';

const literal = { expressions: false };

export const CONTENT_TYPE_MAP: ChildDeclaration = {
  name: 'content-type-map',
  min: 0,
  max: 1,
  content: 'children',
  attributes: [
    optional('any-content-type-value', 'string', 'Type that every message counts as.', literal),
    optional('missing-content-type-value', 'string', 'Type of a message without Content-Type.', literal),
  ],
  children: [
    {
      name: 'type',
      min: 0,
      max: UNBOUNDED,
      content: 'empty',
      attributes: [
        optional('from', 'string', 'Type that is replaced.', literal),
        optional('when', 'condition', 'Condition in place of a type.'),
        required('to', 'string', 'Type that it counts as.', literal),
      ],
      oneOf: [{ names: ['from', 'when'], required: true }],
    },
  ],
};

/** Gives the type for a Content-Type header; without parameters, in lower case. Empty when there is none. */
export function contentTypeReader(element: PolicyElement | undefined): (exchange: Exchange, header: string | undefined) => string {
  const any = element?.literal('any-content-type-value');
  const missing = element?.literal('missing-content-type-value');
  const types = (element?.children('type') ?? []).map((child) => ({
    from: mediaType(child.literal('from') ?? ''),
    when: child.boolean('when'),
    to: child.literal('to') ?? '',
  }));
  return (exchange, header) => {
    const own = mediaType(header ?? '');
    const mapped = types.find(({ from, when }) => (when ? when.read(exchange) : from === own && own !== ''));
    return mediaType(mapped?.to ?? any ?? (own === '' ? (missing ?? '') : own));
  };
}
