/** `stores` of portico.yaml. */
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/source/diagnostic.ts';
import { readConfig } from '../../src/workspace/config-file.ts';
import { readStores, type StoreSettings } from '../../src/workspace/stores-yaml.ts';

function read(text: string): { readonly stores: StoreSettings; readonly problems: string[] } {
  const problems: Diagnostic[] = [];
  const root = readConfig(
    text,
    'portico.yaml',
    (problem) => problems.push(problem),
    (name) => (name === 'REDIS' ? 'redis://cache:6379' : undefined),
  );
  const stores = readStores(root.get('stores'), '/nowhere');
  const lines = problems.map(({ file, span, code }) => `${file.positionAt(span.start).line}:${file.positionAt(span.start).column} ${code}`);
  return { stores, problems: lines };
}

const DEFAULTS = { prefix: 'portico:', connectTimeout: 2000, commandTimeout: 250, authorities: [], verifies: true };

describe('stores', () => {
  const valid: readonly [name: string, text: string, expected: unknown][] = [
    ['nothing is memory', '', { redis: undefined, cache: 'memory', counters: 'memory' }],
    [
      'a URL takes both',
      'stores: { redis: "${env:REDIS}" }',
      { redis: { ...DEFAULTS, url: 'redis://cache:6379' }, cache: 'redis', counters: 'redis' },
    ],
    [
      'either may stay in memory',
      'stores: { redis: redis://h, cache: memory }',
      { redis: { ...DEFAULTS, url: 'redis://h' }, cache: 'memory', counters: 'redis' },
    ],
    [
      'a mapping',
      'stores: { redis: { url: "rediss://u:p@h:1/2", prefix: "x:", connect-timeout-ms: 5, command-timeout-ms: 60000, tls: { validate-certificate: false } } }',
      {
        redis: { url: 'rediss://u:p@h:1/2', prefix: 'x:', connectTimeout: 5, commandTimeout: 60_000, authorities: [], verifies: false },
        cache: 'redis',
        counters: 'redis',
      },
    ],
  ];
  test.each(valid)('%s', (_name, text, expected) => {
    expect(read(text)).toEqual({ stores: expected, problems: [] });
  });

  test.each([
    ['another scheme', 'stores: { redis: "http://h" }', ['1:18 PTC5160']],
    ['no host', 'stores: { redis: "redis://" }', ['1:18 PTC5160']],
    ['a mapping without a URL', 'stores: { redis: { prefix: x } }', ['1:18 PTC5004']],
    ['Redis without a server', 'stores: { counters: redis }', ['1:21 PTC5161']],
    ['a store that is none', 'stores: { redis: redis://h, cache: disk }', ['1:36 PTC5006']],
    ['a timeout that is none', 'stores: { redis: { url: redis://h, command-timeout-ms: 0 } }', ['1:56 PTC5003']],
    ['a timeout of fractions', 'stores: { redis: { url: redis://h, connect-timeout-ms: 1.5 } }', ['1:56 PTC5003']],
    ['an authority that is not there', 'stores: { redis: { url: rediss://h, tls: { ca: none.pem } } }', ['1:48 PTC5001']],
    ['an unknown entry', 'stores: { redis: redis://h, counter: redis }', ['1:29 PTC5005']],
    ['a list', 'stores: []', ['1:9 PTC5003']],
  ])('%s is refused', (_name, text, problems) => {
    expect(read(text).problems).toEqual(problems);
  });
});
