/** llm-semantic-cache-store and its Azure OpenAI twin. */
import type { Exchange } from '../../../exchange/exchange.ts';
import type { GatewayResponse } from '../../../exchange/message.ts';
import { concatenated } from '../../../host/bytes.ts';
import type { PolicyElement } from '../../compiler.ts';
import { INT, type PolicyDefinition, required } from '../../definition.ts';
import type { Step } from '../../step.ts';
import { needed } from '../inputs.ts';
import { isEventStream } from './events.ts';
import { keep, type SemanticKey } from './semantic-entries.ts';
import { SEMANTIC_KEY } from './semantic-lookup.ts';

/** The definition under one of its two names. */
export function semanticStore(name: string, page: string): PolicyDefinition {
  return {
    name,
    summary: 'Stores the completion for prompts that mean nearly the same.',
    page,
    sections: ['outbound'],
    scopes: ['global', 'product', 'api', 'operation'],
    gateways: ['classic', 'v2', 'consumption', 'self-hosted'],
    cardinality: 'once-per-section',
    attributes: [required('duration', 'integer', 'Seconds to keep it.', INT)],
    content: 'empty',
    compile: compileStore,
  };
}

function compileStore(element: PolicyElement): Step {
  const duration = needed(element.number('duration'), 'duration');
  return (exchange) => {
    const seconds = duration.read(exchange);
    const key = exchange.memory.get(SEMANTIC_KEY) as SemanticKey | undefined;
    const response = exchange.ensureResponse();
    if (!key || seconds <= 0 || response.status < 200 || response.status >= 300) return undefined;
    return store(key, response, seconds, exchange);
  };
}

async function store(key: SemanticKey, response: GatewayResponse, seconds: number, exchange: Exchange): Promise<undefined> {
  if (isEventStream(response) && !response.body.isBuffered) {
    response.body.pipe((stream) => copied(stream, exchange, (body) => keep(key, response, body, seconds, exchange)));
    return undefined;
  }
  await response.body.buffer(exchange.settings.bodyLimit);
  await keep(key, response, response.body.bytes(), seconds, exchange);
  return undefined;
}

/** Passes events on at once; what arrived whole and is not too large is kept. */
async function* copied(stream: AsyncIterable<Uint8Array>, { settings, host }: Exchange, done: (body: Uint8Array) => Promise<void>) {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size <= settings.bodyLimit) chunks.push(chunk);
    yield chunk;
  }
  if (size > settings.bodyLimit) host.log('warn', 'semantic cache: the answer is too large to be kept', { bytes: size });
  else await done(concatenated(chunks));
}
