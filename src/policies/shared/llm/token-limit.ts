/** llm-token-limit and its Azure OpenAI twin. */
import type { Exchange } from '../../../exchange/exchange.ts';
import { PolicyError } from '../../../exchange/policy-error.ts';
import type { CounterAnswer } from '../../../host/host.ts';
import { attributeNamed } from '../../../xml/tree.ts';
import type { Input, PolicyCompiler, PolicyElement } from '../../compiler.ts';
import { ALL_SCOPES, INT, optional, type PolicyDefinition, required } from '../../definition.ts';
import * as faults from '../../faults.ts';
import type { Step, StepResult } from '../../step.ts';
import { after } from '../after.ts';
import { needed } from '../inputs.ts';
import { boxedCount, setVariable } from '../variables.ts';
import { measure } from './measure.ts';
import { PROMPT_TYPES, type Prompt, promptOf } from './prompt.ts';
import { durationInWords, QUOTA_PERIODS } from './quota-period.ts';
import { quotaCounter, rateCounter, type TokenCounter } from './token-counters.ts';
import { type LimitOutputs, limitOutputs, OUTPUT_ATTRIBUTES } from './token-limit-outputs.ts';
import { countTokens, type TokenUsage } from './usage.ts';

const literal = { expressions: false };

/** The definition under one of its two names. */
export function tokenLimit(name: string, page: string): PolicyDefinition {
  return {
    name,
    summary: 'Limits the tokens of language model calls per key.',
    page,
    sections: ['inbound'],
    scopes: ALL_SCOPES,
    gateways: ['classic', 'v2', 'self-hosted', 'workspace'],
    standIn: 'prompts are estimated at four characters a token',
    cardinality: 'any',
    attributes: [
      required('counter-key', 'string', 'Key of the counters.'),
      optional('tokens-per-minute', 'integer', 'Tokens allowed per key and minute.', { ...INT, min: 1 }),
      optional('token-quota', 'integer', 'Tokens allowed per key and period.', { min: 1 }),
      optional('token-quota-period', 'enum', 'Period of the quota.', { ...literal, values: QUOTA_PERIODS, default: 'Indefinite' }),
      required('estimate-prompt-tokens', 'boolean', 'Counts the prompt before the call; four characters make a token here.', literal),
      optional('prompt-type', 'enum', 'What the prompt is.', { ...literal, values: PROMPT_TYPES, default: 'auto' }),
      optional('ignore-prompt', 'boolean', 'Counts completions alone; known to the schema alone.', { ...literal, default: 'false' }),
      ...OUTPUT_ATTRIBUTES,
    ],
    content: 'empty',
    compile: compileTokenLimit,
  };
}

interface Limit {
  readonly key: Input<string | null>;
  readonly rate: Input<number> | undefined;
  readonly quota: Input<number> | undefined;
  readonly period: string;
  readonly estimates: boolean;
  readonly promptType: string | undefined;
  readonly ignoresPrompt: boolean;
  readonly outputs: LimitOutputs;
}

/** What one call owes to which counters. */
interface Account {
  readonly prompt: Prompt;
  /** Tokens taken beforehand; null when nothing was estimated. */
  readonly reserved: number | null;
  readonly rate: TokenCounter | undefined;
  readonly quota: TokenCounter | undefined;
}

/** At least one must be there. */
const LIMITS = ['tokens-per-minute', 'token-quota'];

function compileTokenLimit(element: PolicyElement, compiler: PolicyCompiler): Step {
  if (!LIMITS.some((name) => attributeNamed(element.xml, name)))
    compiler.report(faults.missingOneOf(element.name, LIMITS), element.xml.nameSpan);
  checkPeriod(element, compiler);
  compiler.reads({ request: true });
  const limit: Limit = {
    key: needed(element.text('counter-key'), 'counter-key'),
    rate: element.number('tokens-per-minute'),
    quota: element.number('token-quota'),
    period: element.literal('token-quota-period') ?? 'Indefinite',
    estimates: isTrue(element.literal('estimate-prompt-tokens')),
    promptType: element.literal('prompt-type'),
    ignoresPrompt: isTrue(element.literal('ignore-prompt')),
    outputs: limitOutputs(element),
  };
  return (exchange) => run(limit, exchange);
}

/** The page asks for the period with a quota, the schema has `Indefinite` as its default. */
function checkPeriod({ xml }: PolicyElement, compiler: PolicyCompiler): void {
  const [quota, period] = [attributeNamed(xml, 'token-quota'), attributeNamed(xml, 'token-quota-period')];
  if (quota && !period) compiler.report(faults.endlessTokenQuota(), quota.nameSpan);
  if (period && !quota) compiler.report(faults.periodWithoutQuota(), period.nameSpan);
}

function isTrue(text: string | undefined): boolean {
  return text === 'true' || text === '1';
}

function run(limit: Limit, exchange: Exchange): StepResult | Promise<StepResult> {
  const account = accountOf(limit, exchange);
  return after(reserve(account.quota, account), (quota) => {
    report(quota, limit.outputs.quota, exchange);
    if (quota && !quota.allowed) throw quotaExceeded(quota, limit.outputs, exchange);
    return after(reserve(account.rate, account), (rate) => {
      report(rate, limit.outputs.rate, exchange);
      if (rate && !rate.allowed) return refuse(rate, account, limit, exchange);
      follow(account, limit, exchange);
      return undefined;
    });
  });
}

function accountOf(limit: Limit, exchange: Exchange): Account {
  const prompt = promptOf(exchange, { type: limit.promptType });
  const key = limit.key.read(exchange) ?? '';
  const { counters } = exchange.host;
  const quota = limit.quota?.read(exchange);
  const rate = limit.rate?.read(exchange);
  return {
    prompt,
    reserved: !limit.ignoresPrompt && (limit.estimates || prompt.streams) ? countTokens(prompt.text, exchange.host) : null,
    rate: rate === undefined ? undefined : rateCounter(counters, key, rate),
    quota: quota === undefined ? undefined : quotaCounter(counters, key, quota, limit.period, exchange.host.now()),
  };
}

function reserve(counter: TokenCounter | undefined, { reserved }: Account): CounterAnswer | undefined | Promise<CounterAnswer | undefined> {
  return counter?.reserve(reserved);
}

function report(answer: CounterAnswer | undefined, outputs: LimitOutputs['rate'], exchange: Exchange): void {
  if (!answer) return;
  if (outputs.header) exchange.responseHeaders.push(outputs.header, String(answer.remaining));
  if (outputs.variable) setVariable(exchange, outputs.variable, boxedCount(exchange, answer.remaining));
}

/** The quota was charged before the rate said no: it gets its tokens back. */
function refuse(rate: CounterAnswer, account: Account, limit: Limit, exchange: Exchange): Promise<never> | never {
  const error = rateExceeded(rate, limit.outputs, exchange);
  const given = account.quota?.correct(-(account.reserved ?? 0));
  if (given instanceof Promise) return given.then(() => Promise.reject(error));
  throw error;
}

/** Corrects the counters when the real number is known, and shows it. */
function follow(account: Account, { outputs, ignoresPrompt }: Limit, exchange: Exchange): void {
  const reserved = account.reserved ?? 0;
  if (outputs.consumedVariable) setVariable(exchange, outputs.consumedVariable, boxedCount(exchange, reserved));
  measure(exchange, {
    prompt: account.prompt,
    early: outputs.consumedHeader !== undefined || outputs.consumedVariable !== undefined,
    started: (answered) => showConsumed(reserved, outputs, answered),
    done: async (usage: TokenUsage | null, ended) => {
      const total = (ignoresPrompt ? usage?.completion : usage?.total) ?? 0;
      if (usage) showConsumed(total, outputs, ended);
      await account.rate?.correct(total - reserved);
      await account.quota?.correct(total - reserved);
    },
  });
}

function showConsumed(tokens: number, { consumedHeader, consumedVariable }: LimitOutputs, exchange: Exchange): void {
  if (consumedHeader) exchange.responseHeaders.push(consumedHeader, String(tokens));
  if (consumedVariable) setVariable(exchange, consumedVariable, boxedCount(exchange, tokens));
}

/** Observed text; without a time when no minute will ever have room for the prompt. */
function rateExceeded(answer: CounterAnswer, outputs: LimitOutputs, exchange: Exchange): PolicyError {
  const text = 'Token limit is exceeded.';
  const wait = answer.retryAfterSeconds;
  return exceeded(
    'TokenLimitExceeded',
    429,
    Number.isFinite(wait) ? `${text} Try again in ${wait} seconds.` : text,
    wait,
    outputs,
    exchange,
  );
}

function quotaExceeded(answer: CounterAnswer, outputs: LimitOutputs, exchange: Exchange): PolicyError {
  const text = 'Token quota is exceeded.';
  const wait = answer.retryAfterSeconds;
  const message = Number.isFinite(wait) ? `${text} Try again in ${durationInWords(wait)}.` : text;
  return exceeded('TokenQuotaExceeded', 403, message, wait, outputs, exchange);
}

function exceeded(reason: string, status: number, message: string, wait: number, outputs: LimitOutputs, exchange: Exchange): PolicyError {
  if (!Number.isFinite(wait)) return new PolicyError({ reason, message, status, clientMessage: message });
  if (outputs.retryVariable) setVariable(exchange, outputs.retryVariable, boxedCount(exchange, wait));
  return new PolicyError({ reason, message, status, clientMessage: message, headers: [outputs.retryHeader, String(wait)] });
}
