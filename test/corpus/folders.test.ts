/**
 * Whole API folders of public repositories, as far as the collection holds them (see real-documents.test.ts): each loads as
 * a policy directory, and every operation answers. What an export would hold beside the documents is made up: routes, named
 * values, backends, fragments that are only named.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fullPath } from '../../src/workspace/near-misses.ts';
import { running } from '../workspace/running.ts';
import { type FileTexts, json, load } from '../workspace/support.ts';

const FOLDER = process.env.PORTICO_CORPUS ?? '../shared/corpus';

interface Row {
  readonly file: string;
  readonly repo: string;
  readonly path: string;
}

const API_FILE = /(?:^|\/)apis\/[^/]+\/(?:operations\/[^/]+\/)?policy\.xml$/;

/** Documents by repository and the folder above `apis`. */
function folders(): ReadonlyMap<string, readonly Row[]> {
  const index = join(FOLDER, 'index.jsonl');
  if (!existsSync(index)) return new Map();
  const rows = readFileSync(index, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
  const roots = new Set(
    rows.filter(({ path }) => API_FILE.test(path)).map(({ repo, path }) => `${repo} ${path.replace(/(^|\/)apis\/.*/, '$1')}`),
  );
  return new Map([...roots].map((root) => [root, rows.filter(({ repo, path }) => `${repo} ${path}`.startsWith(root))]));
}

function filesOf(root: string, rows: readonly Row[]): FileTexts {
  const documents = rows.map(({ repo, path, file }): [string, string] => [
    `${repo} ${path}`.slice(root.length),
    readFileSync(join(FOLDER, file), 'utf8'),
  ]);
  const all = documents.map(([, text]) => text).join('\n');
  const names = (pattern: RegExp) => [...new Set([...all.matchAll(pattern)].map(([, name = '']) => name))];
  const made: [string, string][] = documents.flatMap(([path]): [string, string][] => {
    const [, api, operation] = /^apis\/([^/]+)\/(?:operations\/([^/]+)\/)?policy\.xml$/.exec(path) ?? [];
    if (api === undefined) return [];
    const info: [string, string] = [
      `apis/${api}/apiInformation.json`,
      json({ path: api.split(';rev=')[0], subscriptionRequired: false, serviceUrl: 'https://backend.internal' }),
    ];
    if (operation === undefined) return [info];
    return [
      info,
      [
        `apis/${api}/operations/${operation}/operationInformation.json`,
        json({ method: 'GET', urlTemplate: `/${operation}`, displayName: operation }),
      ],
    ];
  });
  const yaml = {
    'named-values': Object.fromEntries(names(/\{\{\s*([\w.-]+)\s*\}\}/g).map((name) => [name, valueFor(name)])),
    backends: Object.fromEntries(names(/backend-id="([^"{@]+)"/g).map((id) => [id, 'https://entity.internal'])),
  };
  const fragments = names(/fragment-id="([^"]+)"/g).map((id): [string, string] => [`policy fragments/${id}/policy.xml`, '<fragment />']);
  return {
    ...Object.fromEntries(fragments),
    ...Object.fromEntries(made),
    ...Object.fromEntries(documents),
    'portico.yaml': JSON.stringify(yaml),
  };
}

/** A value that most places take. */
function valueFor(name: string): string {
  if (/url|uri|endpoint|issuer|openid/i.test(name)) return 'https://value.internal';
  return /count|calls|period|limit|seconds/i.test(name) ? '10' : 'value';
}

const FOLDERS = folders();

describe.skipIf(FOLDERS.size === 0)('API folders of public repositories', () => {
  it.each([...FOLDERS])('%s', async (root, rows) => {
    const workspace = load(filesOf(root, rows));
    expect(workspace.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const gateway = running(workspace);
    const errors = gateway.engine.problems.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ file, message }) => `${file.name}: ${message}`)).toEqual([]);
    for (const api of workspace.apis) {
      for (const operation of api.operations) {
        const path = fullPath(api, operation.isCatchAll ? '/x' : operation.info.urlTemplate);
        const answer = await gateway.call(`${operation.info.method} ${path}`);
        expect(answer.status, `${operation.info.method} ${path}`).toBeGreaterThanOrEqual(200);
        expect(answer.status, `${operation.info.method} ${path} ${answer.body}`).not.toBe(404);
      }
    }
  });
});
