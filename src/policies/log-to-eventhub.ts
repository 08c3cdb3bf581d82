import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SECTIONS, optional, type PolicyDefinition, required } from './definition.ts';
import { needed } from './shared/inputs.ts';
import { deliver } from './shared/sinks.ts';
import type { Step } from './step.ts';

/** `<log-to-eventhub>`: sends a text to the event hub of a logger, behind the caller's back. */
export const logToEventhub: PolicyDefinition = {
  name: 'log-to-eventhub',
  summary: 'Sends a text to the event hub of a logger.',
  page: 'log-to-eventhub-policy',
  sections: ALL_SECTIONS,
  scopes: ['global', 'product', 'api', 'operation'],
  gateways: ['classic', 'v2', 'consumption', 'self-hosted'],
  standIn: 'messages are recorded and logged, and sent nowhere',
  cardinality: 'any',
  attributes: [
    required('logger-id', 'string', 'Logger.', { expressions: false }),
    optional('partition-id', 'string', 'Index of the partition.', { expressions: false }),
    optional('partition-key', 'string', 'Text whose hash chooses the partition.'),
  ],
  oneOf: [{ names: ['partition-id', 'partition-key'], required: false }],
  content: 'text',
  text: { type: 'string', expressions: true, required: true },
  compile: compileLog,
};

/** Bytes of UTF-8 that a message may have; the rest is cut off (reference page). */
const MOST_BYTES = 200 * 1024;

function compileLog(element: PolicyElement, compiler: PolicyCompiler): Step {
  const logger = element.literal('logger-id') ?? '';
  const partitionId = element.literal('partition-id');
  const partitionKey = element.text('partition-key');
  const text = needed(element.content(), 'message');
  return (exchange) => {
    const key = partitionKey?.read(exchange) ?? undefined;
    const record = {
      kind: 'event' as const,
      logger,
      ...(partitionId === undefined ? {} : { partitionId }),
      ...(key === undefined ? {} : { partitionKey: key }),
      message: cut(text.read(exchange) ?? ''),
    };
    deliver(record, compiler.info, exchange);
    return undefined;
  };
}

/** Whole characters that fit. */
function cut(message: string): string {
  if (message.length * 3 <= MOST_BYTES) return message;
  const space = new Uint8Array(MOST_BYTES);
  const { read } = new TextEncoder().encodeInto(message, space);
  return message.slice(0, read);
}
