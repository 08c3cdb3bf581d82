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

const DEFAULTS = {
  nodes: [{ host: 'h', port: 6379 }],
  cluster: false,
  sentinel: undefined,
  tls: false,
  username: undefined,
  password: undefined,
  database: 0,
  prefix: 'portico:',
  connectTimeout: 2000,
  commandTimeout: 250,
  authorities: [],
  verifies: true,
};

const at = (host: string, port: number) => ({ host, port });

describe('stores', () => {
  const valid: readonly [name: string, text: string, expected: unknown][] = [
    ['nothing is memory', '', { redis: undefined, cache: 'memory', counters: 'memory' }],
    [
      'a URL takes both',
      'stores: { redis: "${env:REDIS}" }',
      { redis: { ...DEFAULTS, nodes: [at('cache', 6379)] }, cache: 'redis', counters: 'redis' },
    ],
    ['either may stay in memory', 'stores: { redis: redis://h, cache: memory }', { redis: DEFAULTS, cache: 'memory', counters: 'redis' }],
    [
      'a mapping',
      'stores: { redis: { url: "rediss://u:p@h:1/2", prefix: "x:", connect-timeout-ms: 5, command-timeout-ms: 60000, tls: { validate-certificate: false } } }',
      {
        redis: {
          ...DEFAULTS,
          nodes: [at('h', 1)],
          tls: true,
          username: 'u',
          password: 'p',
          database: 2,
          prefix: 'x:',
          connectTimeout: 5,
          commandTimeout: 60_000,
          verifies: false,
        },
        cache: 'redis',
        counters: 'redis',
      },
    ],
    [
      'a cluster',
      'stores: { redis: { nodes: [a:7000, "[::1]:7001", c], cluster: true, username: u, password: "p@:/", tls: true } }',
      {
        redis: {
          ...DEFAULTS,
          nodes: [at('a', 7000), at('::1', 7001), at('c', 6379)],
          cluster: true,
          tls: true,
          username: 'u',
          password: 'p@:/',
        },
        cache: 'redis',
        counters: 'redis',
      },
    ],
    [
      'a server that readiness waits for',
      'stores: { redis: { url: redis://h, required: true } }',
      { redis: DEFAULTS, cache: 'redis', counters: 'redis', required: true },
    ],
    [
      'sentinels',
      'stores: { redis: { url: "redis://:p%40@a:26379,b:26379/3", sentinel: { name: main, password: s } } }',
      {
        redis: {
          ...DEFAULTS,
          nodes: [at('a', 26379), at('b', 26379)],
          password: 'p@',
          database: 3,
          sentinel: { name: 'main', username: undefined, password: 's' },
        },
        cache: 'redis',
        counters: 'redis',
      },
    ],
    [
      'the connection string of an external cache of the service',
      'stores: { redis: "contoso.redis.cache.windows.net:6380,password=a=b=,ssl=True,abortConnect=False" }',
      {
        redis: { ...DEFAULTS, nodes: [at('contoso.redis.cache.windows.net', 6380)], tls: true, password: 'a=b=' },
        cache: 'redis',
        counters: 'redis',
      },
    ],
    [
      'a connection string with sentinels',
      'stores: { redis: "a,b:1,serviceName=main,user=u,defaultDatabase=4" }',
      {
        redis: {
          ...DEFAULTS,
          nodes: [at('a', 6379), at('b', 1)],
          username: 'u',
          database: 4,
          sentinel: { name: 'main', username: undefined, password: undefined },
        },
        cache: 'redis',
        counters: 'redis',
      },
    ],
  ];
  test.each(valid)('%s', (_name, text, expected) => {
    expect(read(text)).toEqual({ stores: { required: false, ...(expected as object) }, problems: [] });
  });

  test.each([
    ['another scheme', 'stores: { redis: "http://h" }', ['1:18 PTC5160']],
    ['no host', 'stores: { redis: "redis://" }', ['1:18 PTC5160']],
    ['a variable that is not set', 'stores: { redis: "${env:NOT_SET}" }', ['1:18 PTC5007']],
    ['a variable that is not set, in a mapping', 'stores: { redis: { url: "redis://${env:NOT_SET}" } }', ['1:25 PTC5007']],
    ['a mapping without a URL', 'stores: { redis: { prefix: x } }', ['1:18 PTC5004']],
    ['Redis without a server', 'stores: { counters: redis }', ['1:21 PTC5161']],
    ['a store that is none', 'stores: { redis: redis://h, cache: disk }', ['1:36 PTC5006']],
    ['a timeout that is none', 'stores: { redis: { url: redis://h, command-timeout-ms: 0 } }', ['1:56 PTC5003']],
    ['a timeout of fractions', 'stores: { redis: { url: redis://h, connect-timeout-ms: 1.5 } }', ['1:56 PTC5003']],
    ['an authority that is not there', 'stores: { redis: { url: rediss://h, tls: { ca: none.pem } } }', ['1:48 PTC5001']],
    ['an unknown entry', 'stores: { redis: redis://h, counter: redis }', ['1:29 PTC5005']],
    ['a bare word', 'stores: { redis: cache }', ['1:18 PTC5160']],
    ['a port that is none', 'stores: { redis: "redis://h:99999" }', ['1:18 PTC5160']],
    ['a setting that nobody knows', 'stores: { redis: "h:1,sll=true" }', ['1:18 PTC5160']],
    ['a broken percent', 'stores: { redis: "redis://:%zz@h" }', ['1:18 PTC5160']],
    ['several servers without a word about them', 'stores: { redis: "redis://a,b" }', ['1:18 PTC5164']],
    ['a node that is none', 'stores: { redis: { nodes: ["redis://h"], cluster: true } }', ['1:28 PTC5162']],
    ['no nodes', 'stores: { redis: { nodes: [], cluster: true } }', ['1:27 PTC5003']],
    ['nodes beside a URL', 'stores: { redis: { url: redis://h, nodes: [h:1] } }', ['1:25 PTC5163']],
    ['a cluster with sentinels', 'stores: { redis: { nodes: [h:1], cluster: true, sentinel: s } }', ['1:43 PTC5165']],
    ['a cluster with a database', 'stores: { redis: { url: redis://h/1, cluster: true } }', ['1:47 PTC5166']],
    ['a database that is none', 'stores: { redis: { url: redis://h, database: -1 } }', ['1:46 PTC5003']],
    ['a list', 'stores: []', ['1:9 PTC5003']],
  ])('%s is refused', (_name, text, problems) => {
    expect(read(text).problems).toEqual(problems);
  });
});
