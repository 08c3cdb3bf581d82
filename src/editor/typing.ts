/** Help while typing: end tags, both tags of an element together, layout of a part. */

import { type Span, span } from '../source/span.ts';
import type { PolicyStyle } from '../workspace/format.ts';
import { formatPolicy } from '../workspace/format.ts';
import type { PolicyDocument, XmlElement } from '../xml/tree.ts';
import { elementsAt, placeAt } from './place.ts';

export interface Insertion {
  readonly span: Span;
  readonly text: string;
}

/** What belongs behind the `>` or `/` that was just typed at an offset. */
export function closingTag(document: PolicyDocument, offset: number): string | undefined {
  const { text } = document.file;
  if (text[offset - 1] === '/') {
    const place = placeAt(document, offset);
    const name = place.kind === 'end-tag' && place.typed === '' ? place.path[place.path.length - 1] : undefined;
    return name === undefined || text[offset] === '>' ? undefined : `${name}>`;
  }
  if (text[offset - 1] !== '>' || text[offset - 2] === '/') return undefined;
  const elements = elementsAt(document, offset);
  const open = elements.findLast(({ openSpan }) => openSpan.end === offset);
  if (open === undefined || !lacksEnd(open, elements)) return undefined;
  return `</${open.name}>`;
}

/** The end tag of an outer element of the same name may have been taken for this one. */
function lacksEnd(element: XmlElement, around: readonly XmlElement[]): boolean {
  if (element.closeSpan === undefined) return true;
  return around.some((outer) => outer !== element && outer.name === element.name && outer.closeSpan === undefined);
}

/** The names of both tags when the place is in one of them. */
export function tagNamesAt(document: PolicyDocument, offset: number): Span[] {
  const elements = elementsAt(document, offset);
  const element = elements[elements.length - 1];
  if (element?.closeSpan === undefined) return [];
  const start = element.closeSpan.start + 2;
  const names = [element.nameSpan, span(start, start + element.name.length)];
  return names.some((one) => one.start <= offset && offset <= one.end) ? names : [];
}

/** The layout of the lines of a range; nothing when the layout elsewhere would move more than blanks. */
export function formattedRange(document: PolicyDocument, range: Span, style: PolicyStyle): Insertion | undefined {
  const { text } = document.file;
  const start = text.lastIndexOf('\n', range.start - 1) + 1;
  const after = text.indexOf('\n', range.end > start ? range.end - 1 : range.end);
  const end = after < 0 ? text.length : after;
  const laidOut = formatPolicy(document, style);
  const from = behindMarks(laidOut, marksIn(text.slice(0, start)));
  const to = laidOut.length - behindMarks(reversed(laidOut), marksIn(text.slice(end)));
  if (from < 0 || to > laidOut.length || to < from) return undefined;
  const same = (a: string, b: string) => a.replace(/\s+/g, '') === b.replace(/\s+/g, '');
  if (!same(laidOut.slice(0, from), text.slice(0, start)) || !same(laidOut.slice(to), text.slice(end))) return undefined;
  const replaced = laidOut
    .slice(from, to)
    .replace(/^\s*\n/, '')
    .replace(/\s+$/, '');
  const old = text.slice(start, end).replace(/\r?$/, '');
  return replaced === old ? undefined : { span: span(start, start + old.length), text: replaced };
}

function marksIn(text: string): number {
  return text.replace(/\s+/g, '').length;
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}

/** The offset behind so many characters that are no blanks. */
function behindMarks(text: string, marks: number): number {
  let left = marks;
  let at = 0;
  for (; left > 0 && at < text.length; at += 1) if (!/\s/.test(text[at] ?? '')) left -= 1;
  return left > 0 ? -1 : at;
}
