/** `set-body` as policy and as child of return-response and send-request. */
import type { Exchange } from '../../exchange/exchange.ts';
import { toBodyContent } from '../../exchange/text.ts';
import type { Span } from '../../source/span.ts';
import { childElements } from '../../xml/tree.ts';
import type { PolicyCompiler, PolicyElement } from '../compiler.ts';
import { type ElementDeclaration, optional } from '../definition.ts';
import * as faults from '../faults.ts';
import type { LiquidPlace } from './liquid/errors.ts';
import { liquidTemplate } from './liquid/index.ts';
import { type Message, type MessageKind, messageKind, presentMessage } from './message.ts';

export const BODY_ELEMENT: ElementDeclaration = {
  name: 'set-body',
  content: 'body',
  attributes: [
    optional('template', 'enum', '`liquid` turns on Liquid.', {
      values: ['none', 'liquid'],
      anyCase: true,
      default: 'none',
      expressions: false,
    }),
    optional('xsi-nil', 'enum', 'How xsi:nil elements appear to Liquid.', {
      values: ['blank', 'null'],
      default: 'blank',
      expressions: false,
    }),
    optional('parse-date', 'boolean', 'Whether Liquid sees date texts as dates.', { default: 'true', expressions: false }),
    optional('html-decode-expression', 'boolean', 'Known to the schema alone; entities in expressions are always read.', {
      expressions: false,
      inert: true,
    }),
  ],
  text: { type: 'any', expressions: true, required: false },
};

export type BodyContent = string | Uint8Array | null;

/**
 * Reads the new content for a call. `bound`: whether `body` in a Liquid template is the section's message, or nothing
 * (return-response, by set-body's page).
 */
export function bodyReader(
  element: PolicyElement,
  compiler: PolicyCompiler,
  bound: 'section' | 'nothing' = 'section',
): (exchange: Exchange) => BodyContent {
  if (isLiquid(element)) return liquidReader(element, compiler, bound);
  const content = element.contentObject();
  if (!content?.isExpression) {
    const text = toBodyContent(content?.constant ?? '');
    return () => text;
  }
  return (exchange) => toBodyContent(content.read(exchange));
}

/** Whether the element's text is a Liquid template. */
export function isLiquid(element: PolicyElement): boolean {
  return element.literal('template') === 'liquid';
}

/** A body written as markup keeps its entities, but inside Liquid's marks they stand for characters: `{% if a &lt; b %}`. */
function templateText(element: PolicyElement): string {
  const text = element.content()?.constant ?? '';
  if (childElements(element.xml).length === 0) return text;
  return text.replace(/\{\{[^}]*\}\}|\{%[^}]*%\}/g, (marks) =>
    marks.replace(/&(?:lt|gt|amp|quot|apos);/g, (entity) => ENTITIES[entity] ?? entity),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&apos;': "'" };

function liquidReader(element: PolicyElement, compiler: PolicyCompiler, bound: 'section' | 'nothing'): (exchange: Exchange) => BodyContent {
  const text = templateText(element);
  const nil = element.literal('xsi-nil') === 'null' ? 'null' : 'blank';
  const template = liquidTemplate(text, { nil, dates: element.boolean('parse-date')?.constant ?? true });
  if (typeof template !== 'function') {
    compiler.report(faults.liquidSyntax(template.problem), spanOf(template.place, element, compiler.info.file.text));
    return () => '';
  }
  const expression = /^\s*(@[({])/.exec(text)?.[1];
  if (expression !== undefined)
    compiler.report(faults.expressionInTemplate(), spanOf({ text: expression, before: 0 }, element, compiler.info.file.text));
  const kind = messageKind(compiler.section);
  const reads = bound === 'section' && /\bbody\b/.test(text);
  if (reads) compiler.reads({ [kind]: true });
  return (exchange) => template(exchange, reads ? presentMessage(exchange, kind) : null);
}

/** Where the document has what is wrong; text that it writes otherwise (entities, named values) is told of at the element. */
function spanOf(place: LiquidPlace | undefined, { xml }: PolicyElement, file: string): Span {
  if (!place || place.text === '') return xml.nameSpan;
  let at = file.indexOf(place.text, xml.openSpan.end);
  for (let passed = 0; passed < place.before && at >= 0; passed += 1) at = file.indexOf(place.text, at + place.text.length);
  return at < 0 || at >= (xml.closeSpan?.start ?? 0) ? xml.nameSpan : { start: at, end: at + place.text.length };
}

/** Puts content into a message, as it is; its length follows, its Content-Type does not (reference page). */
export function applyBody(content: BodyContent, message: Message, kind: MessageKind, exchange: Exchange): void {
  message.body.set(content ?? '');
  if (message.headers.has('Content-Encoding')) message.headers.remove('Content-Encoding');
  if (message.headers.has('Content-Length')) message.headers.set('Content-Length', [String(message.body.bytes().length)]);
  if (!exchange.listener) return;
  const after = typeof content === 'string' || content === null ? content : `${content.length} bytes`;
  exchange.emit({ kind: 'value-written', step: exchange.current, target: `${kind}.body`, name: '', before: undefined, after });
}
