/** `set-body` as policy and as child of return-response and send-request. */
import type { Exchange } from '../../exchange/exchange.ts';
import { toBodyContent } from '../../exchange/text.ts';
import type { PolicyCompiler, PolicyElement } from '../compiler.ts';
import { type ElementDeclaration, optional } from '../definition.ts';
import * as faults from '../faults.ts';
import type { Message, MessageKind } from './message.ts';

export const BODY_ELEMENT: ElementDeclaration = {
  name: 'set-body',
  content: 'body',
  attributes: [
    optional('template', 'enum', '`liquid` turns on Liquid.', { values: ['none', 'liquid'], default: 'none', expressions: false }),
    optional('xsi-nil', 'enum', 'How xsi:nil elements appear to Liquid.', {
      values: ['blank', 'null'],
      default: 'blank',
      expressions: false,
    }),
    optional('parse-date', 'boolean', 'Whether Liquid sees date texts as dates.', { default: 'true', expressions: false }),
    optional('html-decode-expression', 'boolean', 'Known to the schema only.', { expressions: false }),
  ],
  text: { type: 'any', expressions: true, required: false },
};

export type BodyContent = string | Uint8Array | null;

/** Reads the new content for a call. Liquid is refused at load. */
export function bodyReader(element: PolicyElement, compiler: PolicyCompiler): (exchange: Exchange) => BodyContent {
  if (element.literal('template') === 'liquid') compiler.report(faults.liquidNotSupported(), element.xml.nameSpan);
  const content = element.contentObject();
  if (!content?.isExpression) {
    const text = toBodyContent(content?.constant ?? '');
    return () => text;
  }
  return (exchange) => toBodyContent(content.read(exchange));
}

/** Puts content into a message; its length follows, its Content-Type does not (reference page). */
export function applyBody(content: BodyContent, message: Message, kind: MessageKind, exchange: Exchange): void {
  message.body.set(content ?? '');
  if (message.headers.has('Content-Length')) message.headers.set('Content-Length', [String(message.body.bytes().length)]);
  if (!exchange.listener) return;
  const after = typeof content === 'string' || content === null ? content : `${content.length} bytes`;
  exchange.emit({ kind: 'value-written', step: exchange.current, target: `${kind}.body`, name: '', before: undefined, after });
}
