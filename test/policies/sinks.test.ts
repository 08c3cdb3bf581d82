/** Sinks that fail or are slow, and what a log may show of a record. */
import { describe, expect, test } from 'vitest';
import { compileExpression } from '../../src/csharp/compile.ts';
import type { Host, HostSinks, SinkRecord } from '../../src/host/host.ts';
import { loggingSinks } from '../../src/host/sinks.ts';
import { testHost } from '../support/hosts.ts';
import { runCase } from './runner.ts';

const LOG = '<log-to-eventhub logger-id="hub">the key is {{key}}</log-to-eventhub>';
const METRIC = '<emit-metric name="m"><dimension name="d" value="{{key}}" /></emit-metric>';
const MESSAGE = '<send-service-bus-message queue-name="q"><payload>{{key}}</payload></send-service-bus-message>';

async function run(inbound: string, makeSinks: (log: Host['log']) => HostSinks) {
  const logged: { level: string; message: string; fields: Readonly<Record<string, unknown>> | undefined }[] = [];
  const log: Host['log'] = (level, message, fields) => void logged.push({ level, message, fields });
  const host: Host = { ...testHost({ log }), sinks: makeSinks(log) };
  const answer = { status: 200, reason: 'OK', headers: [], body: null };
  const exchange = { host: { ...host, send: async () => answer } };
  const outcome = await runCase(
    { name: 'sinks', inbound, 'named-values': { key: { value: 's3cret', secret: true } }, exchange, expect: {} },
    compileExpression,
  );
  await Promise.resolve();
  expect(outcome.problems).toEqual([]);
  return { exchange: outcome.exchange, events: outcome.events, logged };
}

const throwing: HostSinks = {
  record: () => {
    throw new Error('the hub is gone');
  },
};
const rejecting: HostSinks = { record: () => Promise.reject(new Error('the hub is gone')) };

describe.each([
  ['throws', throwing],
  ['rejects', rejecting],
])('a sink that %s', (_how, sinks) => {
  test.each([
    ['log-to-eventhub', LOG],
    ['emit-metric', METRIC],
  ])('%s goes on and logs it', async (_name, policy) => {
    const { exchange, logged } = await run(policy, () => sinks);
    expect(exchange.response?.status).toBe(200);
    expect(exchange.lastError).toBeNull();
    expect(logged).toMatchObject([
      { level: 'warn', message: 'a record could not be delivered', fields: { error: 'Error: the hub is gone' } },
    ]);
  });

  test('send-service-bus-message fails the call', async () => {
    const { exchange } = await run(MESSAGE, () => sinks);
    expect(exchange.response?.status).toBe(500);
    expect(exchange.lastError).toMatchObject({
      source: 'send-service-bus-message',
      message: 'The message could not be sent: the hub is gone',
      section: 'inbound',
    });
  });
});

test('a slow hub is not waited for', async () => {
  const { exchange } = await run(LOG, () => ({ record: () => new Promise<void>(() => {}) }));
  expect(exchange.response?.status).toBe(200);
});

test.each([
  ['log-to-eventhub', LOG, { kind: 'event', logger: 'hub', message: 'the key is ****' }],
  ['emit-metric', METRIC, { kind: 'metric', namespace: 'API Management', name: 'm', value: 1, dimensions: { d: '****' } }],
  ['send-service-bus-message', MESSAGE, { kind: 'message', entity: 'queue', name: 'q', properties: {}, payload: '****' }],
])('the log and the trace of %s say what stands in, without secrets', async (_name, policy, fields) => {
  const { logged, events } = await run(policy, loggingSinks);
  expect(logged).toEqual([{ level: 'info', message: expect.stringContaining("stands in for Azure's") as string, fields }]);
  expect(JSON.stringify(events.filter(({ kind }) => kind === 'message'))).not.toContain('s3cret');
});

test('a recording sink gets the record as the service would', async () => {
  const records: SinkRecord[] = [];
  await run(LOG, () => ({ record: (record) => void records.push(record) }));
  expect(records).toEqual([{ kind: 'event', logger: 'hub', message: 'the key is s3cret' }]);
});
