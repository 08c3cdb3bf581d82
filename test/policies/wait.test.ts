/** What becomes of the children that `wait for="any"` did not wait for. */
import { expect, test, vi } from 'vitest';
import { compileExpression } from '../../src/csharp/compile.ts';
import { HostError, type IncomingResponse, type OutgoingRequest } from '../../src/host/host.ts';
import { runEffective } from '../../src/pipeline/run.ts';
import { compileCase, environmentOf, newExchange, type PolicyCase } from './runner.ts';

const FAST = '<send-request response-variable-name="fast"><set-url>https://fast.test/</set-url></send-request>';
const OK: IncomingResponse = { status: 200, reason: 'OK', headers: [], body: null };

/** Calls to fast.test are answered at once, others never: they end when they are broken off. */
function answering(sent: string[], broken: string[]) {
  return ({ origin, signal }: OutgoingRequest) => {
    sent.push(origin);
    if (origin.includes('fast')) return Promise.resolve(OK);
    return new Promise<IncomingResponse>((_resolve, reject) => {
      const end = () => {
        broken.push(origin);
        reject(new HostError('aborted', 'broken off'));
      };
      if (signal?.aborted) end();
      else signal?.addEventListener('abort', end);
    });
  };
}

async function run(slow: string) {
  const testCase: PolicyCase = { name: 'wait', inbound: `<wait for="any">${slow}${FAST}</wait>`, backend: '', expect: {} };
  const policy = compileCase(testCase, environmentOf(testCase, compileExpression));
  expect(policy.diagnostics).toEqual([]);
  const exchange = newExchange(testCase);
  const [sent, broken]: [string[], string[]] = [[], []];
  vi.spyOn(exchange.host, 'send').mockImplementation(answering(sent, broken));
  await runEffective(policy, exchange);
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return { sent, broken, variables: [...exchange.variables.entries()].map(([name]) => name), status: exchange.response?.status };
}

const call = (name: string, more = '') =>
  `<send-request response-variable-name="${name}" ${more}><set-url>https://${name}.test/</set-url></send-request>`;

test.each([
  ['a call', call('slow')],
  ['a call whose errors are ignored, and what stands behind it', chosen(call('slow', 'ignore-error="true"') + call('later'))],
  ['a call that would be tried again', chosen(`<retry condition="true" count="5" interval="0">${call('slow')}</retry>`)],
])('%s is broken off', async (_name, slow) => {
  expect(await run(slow)).toEqual({
    sent: ['https://slow.test', 'https://fast.test'],
    broken: ['https://slow.test'],
    variables: ['fast'],
    status: 200,
  });
});

function chosen(policies: string): string {
  return `<choose><when condition="true">${policies}</when></choose>`;
}
