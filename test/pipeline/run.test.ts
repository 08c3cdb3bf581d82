import { expect, test } from 'vitest';
import { compileExpression } from '../../src/csharp/compile.ts';
import { PolicyError } from '../../src/exchange/policy-error.ts';
import { DEFAULT_SETTINGS } from '../../src/exchange/settings.ts';
import { runEffective, runError } from '../../src/pipeline/run.ts';
import { compileCase, environmentOf, newExchange, type PolicyCase, runCase } from '../policies/runner.ts';

function prepared(one: Omit<PolicyCase, 'name' | 'expect'>) {
  const testCase: PolicyCase = { name: 'run', expect: {}, ...one };
  return { policy: compileCase(testCase, environmentOf(testCase, compileExpression)), exchange: newExchange(testCase) };
}

test('synchronous steps give no promise', () => {
  const { policy, exchange } = prepared({ inbound: '<set-variable name="a" value="1" /><return-response />', backend: '' });
  expect(runEffective(policy, exchange)).toBeUndefined();
  expect(exchange.response?.status).toBe(200);
});

test('listeners hear the steps in order, skipped ones too', async () => {
  const outcome = await runCase(
    {
      name: 'events',
      inbound:
        '<set-variable name="a" value="1" /><choose><when condition="true"><return-response /></when></choose><set-method>GET</set-method>',
      expect: {},
    },
    compileExpression,
  );
  const told = outcome.events.flatMap((event) => {
    if (event.kind === 'branch-taken') return [`branch ${event.branch}`];
    return 'step' in event && event.step && event.kind.startsWith('step-') ? [`${event.kind.slice(5)} ${event.step.path}`] : [];
  });
  expect(told).toEqual([
    'started set-variable[1]',
    'finished set-variable[1]',
    'started choose[1]',
    'branch when[1]',
    'started choose[1]/when[1]/return-response[1]',
    'finished choose[1]/when[1]/return-response[1]',
    'finished choose[1]',
    'skipped set-method[1]',
  ]);
});

test('an error that the gateway found runs on-error', async () => {
  const { policy, exchange } = prepared({ 'on-error': '<set-header name="X"><value>@(context.LastError.Source)</value></set-header>' });
  const error = new PolicyError({
    source: 'configuration',
    reason: 'OperationNotFound',
    message: 'Unable to match incoming request to an operation.',
    status: 404,
    clientMessage: 'Resource not found',
  });
  await runError(policy, exchange, error);
  expect(exchange.response?.body.text()).toBe('{ "statusCode": 404, "message": "Resource not found" }');
  expect(exchange.response?.body.bytes()).toHaveLength(54);
  expect(exchange.response?.headers.first('X')).toBe('configuration');
});

test.each([
  ['throw', "Expression evaluation failed. The given key 'nope' was not present in the dictionary."],
  ['null', undefined],
] as const)('a missing variable: %s', async (missingVariable, message) => {
  const settings = { ...DEFAULT_SETTINGS, missingVariable };
  const { policy, exchange } = prepared({
    inbound: '<set-variable name="x" value="@(context.Variables["nope"])" />',
    exchange: { settings },
  });
  await runEffective(policy, exchange);
  expect(exchange.lastError?.message).toBe(message);
  expect(exchange.variables.has('nope')).toBe(false);
});

test.each([
  ['throw', 'Expression evaluation failed. Specified cast is not valid.'],
  ['default', undefined],
] as const)('a variable of another type: %s', async (wrongVariableType, message) => {
  const settings = { ...DEFAULT_SETTINGS, wrongVariableType };
  const inbound =
    '<set-variable name="a" value="5" /><set-variable name="x" value="@(context.Variables.GetValueOrDefault<int>("a", 7))" />';
  const { policy, exchange } = prepared({ inbound, exchange: { settings } });
  await runEffective(policy, exchange);
  expect(exchange.lastError?.message).toBe(message);
});
