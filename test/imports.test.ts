/** Imports point one way (ARCHITECTURE.md): this lists the allowed edges between rooms and fails on any other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Each room with the rooms it may import. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  source: [],
  host: [],
  xml: ['source'],
  csharp: ['source', 'host'],
  dotnet: ['source', 'host', 'csharp'],
  identity: ['source', 'host'],
  stores: ['source', 'host'],
  exchange: ['source', 'host', 'csharp', 'dotnet'],
  policies: ['source', 'host', 'xml', 'csharp', 'dotnet', 'exchange', 'identity'],
  pipeline: ['source', 'host', 'xml', 'csharp', 'dotnet', 'exchange', 'policies'],
  workspace: ['source', 'host', 'xml', 'csharp', 'dotnet', 'exchange', 'policies', 'pipeline', 'identity', 'stores'],
  gateway: ['source', 'host', 'exchange', 'pipeline', 'identity', 'stores', 'workspace'],
  testing: ['source', 'host', 'xml', 'csharp', 'dotnet', 'exchange', 'policies', 'pipeline', 'identity', 'stores', 'workspace'],
  lint: ['source', 'csharp', 'exchange', 'policies', 'xml', 'workspace'],
  editor: ['source', 'host', 'csharp', 'exchange', 'policies', 'pipeline', 'xml', 'workspace', 'lint'],
  // A room inside of a room: only the command that starts it knows it.
  'gateway/console': ['source', 'host', 'csharp', 'exchange', 'policies', 'xml', 'workspace', 'lint', 'editor', 'testing', 'gateway'],
  cli: [
    'lint',
    'editor',
    'source',
    'host',
    'xml',
    'csharp',
    'dotnet',
    'exchange',
    'policies',
    'pipeline',
    'identity',
    'stores',
    'workspace',
    'gateway',
    'gateway/console',
    'testing',
  ],
};

/** Files that may touch Node itself; everything else runs in a browser too. */
const MAY_USE_NODE = /^(host\/node|stores\/redis|workspace\/|editor\/|gateway\/|testing\/|cli\/|index\.ts$)/;

interface Edge {
  readonly from: string;
  readonly to: string;
}

function sources(): string[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts'));
}

function edges(): Edge[] {
  return sources().flatMap((from) => {
    const text = readFileSync(join('src', from), 'utf8');
    return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => ({ from, to: match[1] ?? '' }));
  });
}

function roomOf(file: string): string {
  return file.startsWith('gateway/console/') ? 'gateway/console' : (file.split('/')[0] ?? '');
}

describe('imports', () => {
  it('between rooms point one way', () => {
    const wrong = edges().filter(({ from, to }) => {
      if (!to.startsWith('.') || roomOf(from).endsWith('.ts')) return false;
      const room = roomOf(from);
      const target = roomOf(posix.join(posix.dirname(from), to));
      return room !== target && !(ALLOWED[room] ?? []).includes(target);
    });
    expect(wrong).toEqual([]);
  });

  it('of node: stand only where a process is', () => {
    expect(edges().filter(({ from, to }) => to.startsWith('node:') && !MAY_USE_NODE.test(from))).toEqual([]);
  });

  it('never lead from one policy to another', () => {
    const wrong = edges().filter(({ from, to }) => {
      const target = to.startsWith('.') ? posix.join(posix.dirname(from), to) : '';
      const policy = /^policies\/([^/]+)\//.exec(from)?.[1];
      const other = /^policies\/([^/]+)\//.exec(target)?.[1];
      return policy !== undefined && other !== undefined && policy !== other && !['shared'].includes(other);
    });
    expect(wrong).toEqual([]);
  });
});
