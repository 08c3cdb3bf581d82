import type { Span } from '../../source/span.ts';
import { attributeNamed } from '../../xml/tree.ts';
import type { PolicyElement } from '../compiler.ts';

/** Where an attribute's value stands; the element's name when it is not there. */
export function valueSpan({ xml }: PolicyElement, attribute: string): Span {
  return attributeNamed(xml, attribute)?.value.span ?? xml.nameSpan;
}
