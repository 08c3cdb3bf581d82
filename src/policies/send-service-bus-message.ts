import type { Exchange } from '../exchange/exchange.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import type { MessageRecord } from '../host/host.ts';
import { errorText } from '../source/error-text.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { groupChild, optional, type PolicyDefinition, required, UNBOUNDED, valueChild } from './definition.ts';
import { needed } from './shared/inputs.ts';
import { tell } from './shared/sinks.ts';
import type { Step, StepResult } from './step.ts';

/** `<send-service-bus-message>`: sends a message to a queue or topic; unlike logging, a failure is the call's. */
export const sendServiceBusMessage: PolicyDefinition = {
  name: 'send-service-bus-message',
  summary: 'Sends a message to a Service Bus queue or topic.',
  page: 'send-service-bus-message-policy',
  sections: ['inbound', 'outbound', 'on-error'],
  scopes: ['global', 'product', 'api', 'operation'],
  gateways: ['classic', 'v2', 'consumption', 'self-hosted'],
  standIn: 'messages are recorded and logged, and sent nowhere',
  cardinality: 'any',
  attributes: [
    optional('queue-name', 'string', 'Queue.'),
    optional('topic-name', 'string', 'Topic.'),
    optional('namespace', 'string', 'Host name of the namespace.'),
    optional('client-id', 'string', 'Client id of a user assigned identity.', { default: 'the system assigned identity' }),
  ],
  oneOf: [{ names: ['queue-name', 'topic-name'], required: true }],
  content: 'children',
  anyOrder: true,
  children: [
    groupChild('message-properties', 0, [
      {
        name: 'message-property',
        min: 0,
        max: UNBOUNDED,
        content: 'text',
        attributes: [required('name', 'string', 'Property.', { expressions: false })],
        text: { type: 'string', expressions: true, required: false },
      },
    ]),
    valueChild('payload', 1, 1),
  ],
  compile: compileMessage,
};

function compileMessage(element: PolicyElement, compiler: PolicyCompiler): Step {
  const read = messageReader(element);
  return (exchange) => send(read(exchange), compiler, exchange);
}

function messageReader(element: PolicyElement): (exchange: Exchange) => MessageRecord {
  const entity = element.has('queue-name') ? 'queue' : 'topic';
  const name = needed(element.text(`${entity}-name`), `${entity}-name`);
  const namespace = element.text('namespace');
  const clientId = element.text('client-id');
  const properties = element
    .children('message-properties')
    .flatMap((group) => group.children('message-property'))
    .map((child) => [child.literal('name') ?? '', child.content()] as const);
  const payload = element.children('payload')[0]?.content();
  return (exchange) => ({
    kind: 'message',
    entity,
    name: name.read(exchange) ?? '',
    ...(namespace ? { namespace: namespace.read(exchange) ?? '' } : {}),
    ...(clientId ? { clientId: clientId.read(exchange) ?? '' } : {}),
    properties: Object.fromEntries(properties.map(([key, value]) => [key, value?.read(exchange) ?? ''])),
    payload: payload?.read(exchange) ?? '',
  });
}

function send(message: MessageRecord, { info }: PolicyCompiler, exchange: Exchange): StepResult | Promise<StepResult> {
  tell(message, info, exchange);
  try {
    const sent = exchange.host.sinks.record(message, (text) => exchange.mask(text));
    return sent instanceof Promise ? sent.then(() => undefined, refused) : undefined;
  } catch (error) {
    return refused(error);
  }
}

/** The facts name Source and status only. */
function refused(error: unknown): never {
  const why = errorText(error);
  throw new PolicyError({ reason: null, message: `The message could not be sent: ${why}`, cause: error });
}
