/** What stands inside an element, seen as one value. */
import type { MappedText } from '../source/mapped-text.ts';
import type { SourceFile } from '../source/source-file.ts';
import { span } from '../source/span.ts';
import type { Value, XmlElement } from './tree.ts';
import { decode, MappedBuilder } from './value.ts';

/**
 * The text content: text and CDATA joined, comments left out, child elements ignored. An expression stands alone by the
 * reader's rules. Empty content is an empty literal.
 */
export function textContent(element: XmlElement, file: SourceFile): Value {
  const builder = new MappedBuilder(file);
  for (const child of element.children) {
    if (child.kind !== 'text' && child.kind !== 'cdata') continue;
    if (child.value.kind !== 'literal') return child.value;
    builder.append(child.value.text);
  }
  const start = element.openSpan.end;
  const end = element.closeSpan?.start ?? element.span.end;
  return { kind: 'literal', text: builder.finish(start), span: span(start, Math.max(start, end)) };
}

/** Everything between start and end tag as markup, entities untouched: bodies written as XML, Liquid, stylesheets. */
export function innerMarkup(element: XmlElement, file: SourceFile): MappedText {
  const start = element.openSpan.end;
  return decode(file, start, Math.max(start, element.closeSpan?.start ?? start), 'text', false);
}
