import type { Exchange } from '../exchange/exchange.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import { membersOf, tryJson } from '../source/json.ts';
import type { Input, PolicyCompiler, PolicyElement } from './compiler.ts';
import { groupChild, optional, type PolicyDefinition, required, UNBOUNDED, valueChild } from './definition.ts';
import { invalidValue } from './evaluation.ts';
import { needed, texts } from './shared/inputs.ts';
import { eventsOf, isEventStream } from './shared/llm/events.ts';
import { promptOf } from './shared/llm/prompt.ts';
import { objection, type SafetyQuestion, windowsOf } from './shared/llm/safety.ts';
import { backendReader } from './shared/llm/service.ts';
import { guarded, textOfEvent } from './shared/llm/stream-guard.ts';
import { completionTexts } from './shared/llm/usage.ts';
import { NO_READS, runStep, type Step } from './step.ts';

/** `<llm-content-safety>`: lets Azure AI Content Safety judge prompts and completions, and blocks harmful ones. */
export const llmContentSafety: PolicyDefinition = {
  name: 'llm-content-safety',
  summary: 'Blocks harmful prompts and completions.',
  page: 'llm-content-safety-policy',
  sections: ['inbound', 'outbound'],
  scopes: ['global', 'workspace', 'product', 'api'],
  cardinality: 'any',
  attributes: [
    required('backend-id', 'string', 'Backend entity of the Content Safety resource.'),
    optional('shield-prompt', 'boolean', 'Also looks for prompt attacks.', { default: 'false' }),
    optional('enforce-on-completions', 'boolean', 'Also checks the completion; for inbound.', { default: 'false' }),
    optional('window-size', 'integer', 'Characters of a completion that are judged together.', { default: '10000', min: 1 }),
    optional('window-overlap-size', 'integer', 'Characters that windows of a completion share.', { default: '0', min: 0 }),
  ],
  content: 'children',
  anyOrder: true,
  children: [
    groupChild(
      'categories',
      0,
      [
        {
          name: 'category',
          min: 1,
          max: UNBOUNDED,
          content: 'empty',
          attributes: [
            required('name', 'enum', 'Category.', { values: ['Hate', 'SelfHarm', 'Sexual', 'Violence'] }),
            required('threshold', 'integer', 'Severity at or above which it blocks.', { min: 0, max: 7 }),
          ],
        },
      ],
      [
        optional('output-type', 'enum', 'Scale of severities.', {
          values: ['FourSeverityLevels', 'EightSeverityLevels'],
          default: 'FourSeverityLevels',
        }),
      ],
    ),
    groupChild('blocklists', 0, [valueChild('id', 1, UNBOUNDED)]),
  ],
  compile: compileContentSafety,
};

/** Characters of a request that are judged together, whatever `window-size` says. */
const REQUEST_WINDOW = 10_000;

interface Safety {
  question(exchange: Exchange): SafetyQuestion;
  readonly window: Input<number> | undefined;
  readonly overlap: Input<number> | undefined;
}

function compileContentSafety(element: PolicyElement, compiler: PolicyCompiler): Step {
  const safety: Safety = {
    question: questionReader(element, compiler),
    window: element.number('window-size'),
    overlap: element.number('window-overlap-size'),
  };
  if (compiler.section === 'outbound') return (exchange) => checkAnswer(safety, exchange);
  const enforces = element.boolean('enforce-on-completions');
  compiler.reads({ request: true });
  return async (exchange) => {
    if (enforces?.read(exchange)) {
      const step = { info: compiler.info, reads: NO_READS, run: (answered: Exchange) => checkAnswer(safety, answered) };
      exchange.whenAnswered((answered) => runStep(step, answered));
    }
    await checkRequest(safety, exchange);
    return undefined;
  };
}

function questionReader(element: PolicyElement, compiler: PolicyCompiler): Safety['question'] {
  const backend = backendReader(needed(element.text('backend-id'), 'backend-id'), element, compiler);
  const shields = element.boolean('shield-prompt');
  const group = element.children('categories')[0];
  const outputType = group?.text('output-type');
  const thresholds = (group?.children('category') ?? []).map(
    (child) => [needed(child.text('name'), 'name'), needed(child.number('threshold'), 'threshold')] as const,
  );
  const ids = element.children('blocklists').flatMap((list) => list.children('id').map((id) => needed(id.content(), 'id')));
  const blocklists = texts(ids);
  return (exchange) => ({
    backend: backend(exchange),
    shieldsPrompt: shields?.read(exchange) ?? false,
    thresholds: new Map(thresholds.map(([name, threshold]) => [name.read(exchange) ?? '', threshold.read(exchange)])),
    outputType: outputType?.read(exchange) ?? 'FourSeverityLevels',
    blocklists: blocklists.read(exchange),
    step: compiler.info,
  });
}

/** All texts of the request; a form that is not known is judged as it stands. */
async function checkRequest(safety: Safety, exchange: Exchange): Promise<void> {
  const text = promptOf(exchange).text || exchange.request.body.text();
  const found = await objection(text, windowsOf(text, REQUEST_WINDOW, 0), safety.question(exchange), exchange);
  if (found !== null) throw blocked(found, exchange);
}

async function checkAnswer(safety: Safety, exchange: Exchange): Promise<undefined> {
  const response = exchange.ensureResponse();
  if (response.status < 200 || response.status >= 300) return undefined;
  const question = { ...safety.question(exchange), shieldsPrompt: false };
  const { size, overlap } = windowSizes(safety, exchange);
  const judge = (text: string) => objection(text, windowsOf(text, size, overlap), question, exchange);
  if (isEventStream(response)) {
    if (response.body.isBuffered) return checkEvents(response.body.text(), judge, exchange);
    response.body.pipe((stream) => guarded(stream, { size, overlap, judge, exchange }));
    return undefined;
  }
  await response.body.buffer(exchange.settings.bodyLimit);
  const whole = response.body.text();
  const found = await judge(completionTexts(membersOf(tryJson(whole))).join('\n') || whole);
  if (found !== null) throw blocked(found, exchange);
  return undefined;
}

/** Events that are in memory already can still be refused as a whole. */
async function checkEvents(events: string, judge: (text: string) => Promise<string | null>, exchange: Exchange): Promise<undefined> {
  const found = await judge(eventsOf(events).map(textOfEvent).join(''));
  if (found !== null) throw blocked(found, exchange);
  return undefined;
}

function windowSizes({ window, overlap }: Safety, exchange: Exchange): { readonly size: number; readonly overlap: number } {
  const size = Math.trunc(window?.read(exchange) ?? REQUEST_WINDOW);
  const shared = Math.trunc(overlap?.read(exchange) ?? 0);
  if (size < 1 || shared < 0 || shared >= size) throw invalidValue(`Windows of ${size} characters cannot share ${shared}.`);
  return { size, overlap: shared };
}

/** The caller and LastError learn the sentence only; why stands in the log. */
function blocked(why: string, exchange: Exchange): PolicyError {
  const message = 'Request failed content safety check.';
  exchange.host.log('warn', 'llm-content-safety blocks', { why: exchange.mask(why) });
  return new PolicyError({ reason: null, message, status: 403, clientMessage: message });
}
