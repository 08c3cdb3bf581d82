/** A hundred callers at one moment: limits admit exactly as many as they say. */
import { expect, test } from 'vitest';
import { compileExpression } from '../../src/csharp/compile.ts';
import type { IncomingResponse } from '../../src/host/host.ts';
import { runEffective } from '../../src/pipeline/run.ts';
import { testHost } from '../support/hosts.ts';
import { compileCase, environmentOf, newExchange, type PolicyCase } from './runner.ts';

const CALLERS = 100;

async function statuses(parts: Pick<PolicyCase, 'inbound' | 'backend'>): Promise<Record<number, number>> {
  const one: PolicyCase = { name: 'parallel', expect: {}, ...parts };
  const policy = compileCase(one, environmentOf(one, compileExpression));
  expect(policy.diagnostics).toEqual([]);
  const waiting: (() => void)[] = [];
  const answer: IncomingResponse = { status: 200, reason: 'OK', headers: [], body: null };
  const host = testHost({ send: () => new Promise((resolve) => waiting.push(() => resolve(answer))) });
  const exchanges = Array.from({ length: CALLERS }, () => newExchange({ ...one, exchange: { host } }));
  const running = exchanges.map((exchange) => runEffective(policy, exchange));
  // Backends answer only when every call has come as far as it gets.
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  for (const go of waiting) go();
  await Promise.all(running);
  const counts: Record<number, number> = {};
  for (const { response } of exchanges) counts[response?.status ?? 0] = (counts[response?.status ?? 0] ?? 0) + 1;
  return counts;
}

test.each([
  ['rate-limit-by-key', '<rate-limit-by-key calls="20" renewal-period="60" counter-key="k" />', { 200: 20, 429: 80 }],
  ['steps of three', '<rate-limit-by-key calls="20" renewal-period="60" counter-key="k" increment-count="3" />', { 200: 6, 429: 94 }],
  ['quota-by-key', '<quota-by-key calls="20" renewal-period="300" counter-key="k" />', { 200: 20, 403: 80 }],
  [
    'two quotas with one key, the lower counts',
    '<quota-by-key calls="30" renewal-period="300" counter-key="k" /><quota-by-key calls="20" renewal-period="300" counter-key="k" />',
    { 200: 20, 403: 80 },
  ],
  [
    'a limit of both',
    '<rate-limit-by-key calls="50" renewal-period="60" counter-key="k" /><quota-by-key calls="20" renewal-period="300" counter-key="k" />',
    { 200: 20, 403: 30, 429: 50 },
  ],
])('%s', async (_name, inbound, expected) => {
  expect(await statuses({ inbound })).toEqual(expected);
});

test('a gate around the backend holds as many as it has places', async () => {
  const backend = '<limit-concurrency key="k" max-count="7"><forward-request /></limit-concurrency>';
  expect(await statuses({ backend })).toEqual({ 200: 7, 429: 93 });
});

test('gates with other keys are other gates', async () => {
  const backend =
    '<limit-concurrency key="@(context.RequestId.ToString())" max-count="100"><limit-concurrency key="k" max-count="7"><forward-request /></limit-concurrency></limit-concurrency>';
  expect(await statuses({ backend })).toEqual({ 200: 7, 429: 93 });
});
