/** The matchers as Vitest users write them, typed by the declaration of the page. */
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestGateway, type PolicyMatchers, policyMatchers, type TestResult } from '../../src/testing/index.ts';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: Vitest declares its interface so, and both must agree.
  interface Matchers<T = any> extends PolicyMatchers<T> {}
}

expect.extend(policyMatchers);

let answer: TestResult;
let refused: TestResult;

beforeAll(async () => {
  const gateway = await createTestGateway({ policies: resolve('policies') });
  const backend = { json: { id: 7, customer: 'ana' }, headers: { 'X-Back': 'yes' } };
  answer = await gateway.request('GET /orders/7', { token: { sub: 'ana', scp: 'orders.read' }, backend });
  gateway.reset();
  refused = await gateway.request('GET /orders/7', { key: 'nobodys' });
});

describe('policyMatchers in Vitest', () => {
  it('give the same answer twice for a pattern that remembers where it was', () => {
    const pattern = /orders/g;
    for (let time = 0; time < 2; time += 1) expect(answer).toHaveForwarded(pattern);
  });

  it.each([undefined, {}, Promise.resolve()])('refuse %j, which is no result', (value) => {
    expect(() => expect(value).toHaveStatus(200)).toThrow(
      new TypeError('`toHaveStatus` takes the result of a request: write `expect(await gateway.request(…))`'),
    );
    expect(() => expect(value).not.toHaveHeader('a')).toThrow('`toHaveHeader` takes the result of a request');
  });

  it('pass for what is so', () => {
    expect(answer).toHaveStatus(200);
    expect(answer).toHaveHeader('x-back', /^y/);
    expect(answer).toHaveBody({ id: 7 });
    expect(answer).toHaveBody(/"id"/);
    expect(answer).toHaveForwarded(/orders\/7$/);
    expect(answer).toHaveForwardedHeader('X-Caller', 'ana');
    expect(answer).not.toHaveForwardedHeader('authorization');
    expect(answer).toHaveVariable('jwt');
    expect(answer).toHaveExecuted('validate-jwt');
    expect(answer).not.toHaveExecuted('mock-response');
    expect(answer).not.toHaveCalled(/./);
    expect(answer).not.toHaveTraced(/./);
    expect(refused).toHaveStatus(401);
    expect(refused).toHaveFailedWith('SubscriptionKeyInvalid');
  });

  it('say what was expected and what is', () => {
    expect(() => expect(answer).toHaveBody({ id: 8 })).toThrow('expected the body to be {"id":8}, and it is {"id":7}');
    expect(() => expect(answer).not.toHaveStatus(200)).toThrow('expected the status not to be 200, and it is 200');
    expect(() => expect(answer).toHaveVariable('none')).toThrow('expected variable none to be "present", and it is "absent"');
  });
});
