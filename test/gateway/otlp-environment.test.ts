/** What goes to a collector, from portico.yaml and the variables of the OpenTelemetry specification. */
import { describe, expect, test } from 'vitest';
import { Headers } from '../../src/exchange/headers.ts';
import { Telemetry } from '../../src/gateway/telemetry/call-spans.ts';
import { type Sampling, type Telemetering, telemetering } from '../../src/gateway/telemetry/environment.ts';
import type { SpanMaker } from '../../src/gateway/telemetry/spans.ts';
import { readConfig } from '../../src/workspace/config-file.ts';
import { readOperations } from '../../src/workspace/operations-yaml.ts';

function read(yaml: string, variables: Readonly<Record<string, string>>): Telemetering {
  const problems: string[] = [];
  const settings = readOperations(readConfig(yaml, 'portico.yaml', ({ message }) => problems.push(message)));
  expect(problems).toEqual([]);
  return telemetering(settings.telemetry, (name) => variables[name]);
}

const COLLECTOR = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

/** Signals with where they go. */
function goals({ targets }: Telemetering): Record<string, string> {
  return Object.fromEntries(Object.entries(targets).map(([signal, { url }]) => [signal, url.href]));
}

describe('where signals go', () => {
  const all = (base: string) => ({ traces: `${base}/v1/traces`, metrics: `${base}/v1/metrics`, logs: `${base}/v1/logs` });
  test.each<[name: string, yaml: string, variables: Readonly<Record<string, string>>, expected: Record<string, string>]>([
    ['nowhere without a word', '', {}, {}],
    ['spans alone to the collector of portico.yaml', 'telemetry: { otlp: "http://c:1" }', {}, { traces: 'http://c:1/v1/traces' }],
    ['more where it says so', 'telemetry: { otlp: "http://c:1/x/", metrics: on, logs: true }', {}, all('http://c:1/x')],
    [
      'a mapping switches metrics on',
      'telemetry: { otlp: "http://c:1", metrics: { interval-ms: 500 } }',
      {},
      { traces: 'http://c:1/v1/traces', metrics: 'http://c:1/v1/metrics' },
    ],
    [
      'a whole URL leads to the others',
      'telemetry: { otlp: "http://c:1/v1/traces", metrics: on }',
      {},
      { traces: 'http://c:1/v1/traces', metrics: 'http://c:1/v1/metrics' },
    ],
    ['a query stays', 'telemetry: { otlp: "http://c:1/?key=k" }', {}, { traces: 'http://c:1/v1/traces?key=k' }],
    ['everything to the collector of the variable', '', COLLECTOR, all('http://collector:4318')],
    ['portico.yaml wins', 'telemetry: { otlp: "http://c:1" }', COLLECTOR, { traces: 'http://c:1/v1/traces' }],
    ['a switch of portico.yaml wins', 'telemetry: { logs: off, metrics: off }', COLLECTOR, { traces: 'http://collector:4318/v1/traces' }],
    ['a signal of its own, as it stands', '', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t:2/in' }, { traces: 'http://t:2/in' }],
    [
      'none of a signal',
      '',
      { ...COLLECTOR, OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'console' },
      { traces: 'http://collector:4318/v1/traces' },
    ],
    ['an exporter without an endpoint', '', { OTEL_TRACES_EXPORTER: 'console,otlp' }, { traces: 'http://localhost:4318/v1/traces' }],
    ['metrics without an endpoint', 'telemetry: { metrics: on }', {}, { metrics: 'http://localhost:4318/v1/metrics' }],
    ['an empty variable is none', '', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, {}],
    ['what is no URL', '', { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, {}],
    ['switched off', 'telemetry: { otlp: "http://c:1" }', { ...COLLECTOR, OTEL_SDK_DISABLED: 'True' }, {}],
  ])('%s', (_name, yaml, variables, expected) => {
    expect(goals(read(yaml, variables))).toEqual(expected);
  });
});

test('how they go there', () => {
  const { targets, interval, temporality } = read('', {
    ...COLLECTOR,
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b, x-team = gateways ,,broken',
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'other=1',
    OTEL_EXPORTER_OTLP_TIMEOUT: '1500',
    OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'gzip',
    OTEL_METRIC_EXPORT_INTERVAL: '250',
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'lowmemory',
  });
  expect([interval, temporality]).toEqual([250, 'delta']);
  const url = expect.any(URL);
  const headers = [
    ['api-key', 'a b'],
    ['x-team', 'gateways'],
  ];
  expect(targets).toEqual({
    traces: { url, headers, timeout: 1500, gzip: true },
    metrics: { url, headers, timeout: 1500, gzip: false },
    logs: { url, headers: [['other', '1']], timeout: 1500, gzip: false },
  });
  const yaml = 'telemetry: { otlp: "http://c:1", headers: { api-key: k }, metrics: { interval-ms: 500, temporality: cumulative } }';
  const settings = read(yaml, { OTEL_EXPORTER_OTLP_HEADERS: 'x=y', OTEL_METRIC_EXPORT_INTERVAL: '1' });
  expect([settings.interval, settings.temporality, settings.targets.traces?.headers]).toEqual([500, 'cumulative', [['api-key', 'k']]]);
});

test.each([
  ['', undefined, { followsCaller: true, share: 1 }],
  ['telemetry: { sample: 0.25 }', 'always_off', { followsCaller: true, share: 0.25 }],
  ['', 'always_on', { followsCaller: false, share: 1 }],
  ['', 'always_off', { followsCaller: false, share: 0 }],
  ['', 'traceidratio', { followsCaller: false, share: 0.5 }],
  ['', 'parentbased_always_off', { followsCaller: true, share: 0 }],
  ['', 'parentbased_traceidratio', { followsCaller: true, share: 0.5 }],
  ['', 'jaeger_remote', { followsCaller: true, share: 1 }],
  ['', 'constructor', { followsCaller: true, share: 1 }],
])('%j and the sampler %s', (yaml, name, expected) => {
  const sampler = name === undefined ? undefined : { OTEL_TRACES_SAMPLER: name };
  expect(read(yaml, { ...COLLECTOR, ...sampler, OTEL_TRACES_SAMPLER_ARG: '0.5' }).sampling).toEqual(expected);
});

test.each([
  ['', {}, 'portico', undefined],
  ['', { OTEL_RESOURCE_ATTRIBUTES: 'service.name=r,deployment.environment.name=dev%2C1' }, 'r', 'dev,1'],
  ['', { OTEL_SERVICE_NAME: 's', OTEL_RESOURCE_ATTRIBUTES: 'service.name=r' }, 's', undefined],
  ['telemetry: { service-name: y }', { OTEL_SERVICE_NAME: 's' }, 'y', undefined],
])('who sends: %j %j', (yaml, variables, name, environment) => {
  const { resource } = read(yaml, variables as Record<string, string>);
  expect([resource['service.name'], resource['deployment.environment.name'], resource['process.pid']]).toEqual([
    name,
    environment,
    process.pid,
  ]);
});

test('variables that cannot be followed are said, where anything is sent', () => {
  expect(read('', { OTEL_TRACES_SAMPLER: 'odd' }).warnings).toEqual([]);
  expect(read('', { ...COLLECTOR, OTEL_TRACES_SAMPLER: 'odd', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc' }).warnings).toEqual([
    expect.stringContaining('4318'),
    expect.stringContaining('`odd` is none of always_on'),
  ]);
});

describe('sampled', () => {
  const SAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const UNSAMPLED = SAMPLED.replace(/01$/, '00');
  const maker: SpanMaker = { start: () => ({ context: undefined, end: () => {} }), close: async () => {} };
  const isRecorded = (sampling: Sampling, traceparent: string | undefined, random = 0.4) => {
    const telemetry = new Telemetry(maker, { now: () => 0, random: () => random }, sampling);
    return telemetry.begin('GET', new Headers(traceparent === undefined ? [] : ['traceparent', traceparent])) !== null;
  };

  test.each<[name: string, followsCaller: boolean, share: number, traceparent: string | undefined, expected: boolean]>([
    ['by the caller', true, 0, SAMPLED, true],
    ['not, by the caller', true, 1, UNSAMPLED, false],
    ['always, whatever the caller says', false, 1, UNSAMPLED, true],
    ['never, whatever the caller says', false, 0, SAMPLED, false],
    ['by chance without a caller', true, 0.5, undefined, true],
    ['not, by chance', true, 0.3, undefined, false],
    ['by the id of the trace, which is high', false, 0.5, SAMPLED.replace('8448eb211c80319c', '844fffffffffffff'), true],
    ['not, by the id of the trace, which is low', false, 0.5, SAMPLED.replace('8448eb211c80319c', '8440000000000000'), false],
  ])('%s', (_name, followsCaller, share, traceparent, expected) => {
    expect(isRecorded({ followsCaller, share }, traceparent)).toBe(expected);
  });
});
