/** llm-semantic-cache-lookup and its Azure OpenAI twin. */
import type { Exchange } from '../../../exchange/exchange.ts';
import { HostError } from '../../../host/host.ts';
import { itemsOf, membersOf } from '../../../source/json.ts';
import type { Input, PolicyCompiler, PolicyElement } from '../../compiler.ts';
import { optional, type PolicyDefinition, required, UNBOUNDED, valueChild } from '../../definition.ts';
import * as faults from '../../faults.ts';
import type { Step, StepResult } from '../../step.ts';
import { texts } from '../inputs.ts';
import { type Prompt, promptOf } from './prompt.ts';
import { answerOf, closest, type Embedding, type SemanticKey } from './semantic-entries.ts';
import { askService } from './service.ts';
import { localEmbedding } from './vectors.ts';

const literal = { expressions: false };

/** Under which a lookup leaves its SemanticKey in `exchange.memory`. */
export const SEMANTIC_KEY = 'semantic-cache';

/** The definition under one of its two names. */
export function semanticLookup(name: string, page: string): PolicyDefinition {
  return {
    name,
    summary: 'Answers from stored completions when the prompt means nearly the same.',
    page,
    sections: ['inbound'],
    scopes: ['global', 'product', 'api', 'operation'],
    gateways: ['classic', 'v2', 'consumption', 'self-hosted'],
    standIn: 'without an answer of the embeddings backend a vector computed here',
    cardinality: 'once-per-section',
    attributes: [
      required('score-threshold', 'number', 'Largest distance of prompts that count as the same.', { ...literal, min: 0, max: 1 }),
      required('embeddings-backend-id', 'string', 'Backend entity of the embeddings deployment.', literal),
      optional('embeddings-backend-auth', 'enum', 'How to sign in there.', {
        ...literal,
        values: ['system-assigned', 'header'],
        default: 'system-assigned',
      }),
      optional('ignore-system-messages', 'boolean', 'Leaves system messages out of the prompt.', { ...literal, default: 'false' }),
      optional('max-message-count', 'integer', 'Longest dialog that is cached.', { ...literal, min: 1 }),
      optional('cache-id', 'string', 'Cache entity; each id has entries of its own.', literal),
    ],
    content: 'children',
    children: [valueChild('vary-by', 0, UNBOUNDED)],
    compile: compileLookup,
  };
}

interface Lookup {
  readonly threshold: number;
  readonly withoutSystem: boolean;
  readonly longest: number;
  readonly cacheId: string;
  readonly varyBy: Input<readonly string[]>;
  embed(text: string, exchange: Exchange): Promise<Embedding | null>;
}

function compileLookup(element: PolicyElement, compiler: PolicyCompiler): Step {
  compiler.reads({ request: true });
  const ignores = element.literal('ignore-system-messages');
  const lookup: Lookup = {
    threshold: Number(element.literal('score-threshold')),
    withoutSystem: ignores === 'true' || ignores === '1',
    longest: Number(element.literal('max-message-count') ?? Number.POSITIVE_INFINITY),
    cacheId: element.literal('cache-id') ?? '',
    varyBy: texts(element.children('vary-by').flatMap((child) => child.content() ?? [])),
    embed: embedder(element, compiler),
  };
  return (exchange) => look(lookup, compiler, exchange);
}

async function look(lookup: Lookup, compiler: PolicyCompiler, exchange: Exchange): Promise<StepResult> {
  const prompt = promptOf(exchange, { withoutSystem: lookup.withoutSystem });
  const varyBy = lookup.varyBy.read(exchange);
  if (!isCacheable(prompt, lookup))
    return told('not looked up: no prompt of a chat or completion, or too long a dialog', compiler, exchange);
  const embedding = await lookup.embed(prompt.text, exchange);
  if (!embedding) return told('miss: the embeddings service gave no vector', compiler, exchange);
  const key: SemanticKey = { partition: partitionOf(prompt, [lookup.cacheId, ...varyBy], exchange), embedding };
  const found = await closest(key, exchange);
  const answer = found && found.distance <= lookup.threshold ? await answerOf(found.id, exchange) : undefined;
  if (!found || !answer) {
    exchange.memory.set(SEMANTIC_KEY, key);
    return told(found ? `miss: the closest prompt is ${found.distance.toFixed(4)} away` : 'miss: nothing stored', compiler, exchange);
  }
  told(`hit: the closest prompt is ${found.distance.toFixed(4)} away`, compiler, exchange);
  exchange.response = answer;
  return 'to-outbound';
}

function isCacheable({ kind, text, messages }: Prompt, { longest }: Lookup): boolean {
  return (kind === 'chat' || kind === 'completion') && text.trim() !== '' && messages <= longest;
}

/** By operation and by whether events are asked for, since the stored answer is given back as it came. */
function partitionOf({ streams }: Prompt, parts: readonly string[], { api, operation }: Exchange): string {
  return `semantic:${JSON.stringify([api?.id ?? '', operation?.id ?? '', streams, ...parts])}`;
}

/** Any problem of the cache is a miss; the trace says which. */
function told(message: string, { info }: PolicyCompiler, exchange: Exchange): undefined {
  if (exchange.listener) exchange.emit({ kind: 'message', step: info, source: info.policy, severity: 'information', message });
}

/** Asks the backend; where nobody listens, a stand-in computes the vector and the log says so. */
function embedder(element: PolicyElement, compiler: PolicyCompiler): Lookup['embed'] {
  const id = element.literal('embeddings-backend-id') ?? '';
  const { services, standalone, info } = compiler;
  if (!standalone && element.has('embeddings-backend-id') && !services.hasBackend(id))
    compiler.report(faults.unknownBackend(id), element.xml.nameSpan);
  const usesHeaders = element.literal('embeddings-backend-auth') === 'header';
  return async (text, exchange) => {
    const entity = services.backend(id);
    const backend = entity?.pick?.(exchange) ?? entity;
    if (!backend) return standIn(id, text, exchange);
    try {
      const { status, value } = await askService(
        { backend, target: '', payload: { input: text }, step: info, ...(usesHeaders ? { headers: callersKeys(exchange) } : {}) },
        exchange,
      );
      return status === 200 ? embeddingOf(id, value) : null;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return error.reason === 'connect' ? standIn(id, text, exchange) : null;
    }
  };
}

function standIn(id: string, text: string, exchange: Exchange): Embedding {
  exchange.host.log('warn', 'semantic cache: the embeddings backend cannot be reached, words are compared instead of meanings', {
    backend: id,
  });
  return { model: 'stand-in', vector: Float32Array.from(localEmbedding(text)) };
}

function embeddingOf(id: string, value: unknown): Embedding | null {
  const [first] = itemsOf(membersOf(value).data);
  const vector = itemsOf(membersOf(first).embedding).filter((item): item is number => typeof item === 'number');
  return vector.length === 0 ? null : { model: id, vector: Float32Array.from(vector) };
}

/** `header`: the caller's own key or token opens the embeddings service, too. */
function callersKeys({ request: { headers } }: Exchange): readonly string[] {
  return ['Authorization', 'api-key'].flatMap((name) => headers.all(name).flatMap((value) => [name, value]));
}
