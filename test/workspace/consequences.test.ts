/** What is wrong in one place is told there, and not again wherever it is missing. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/workspace/engine.ts';
import { testHost } from '../support/hosts.ts';
import { type FileTexts, json, lineOf, load } from './support.ts';

const API = { path: 'a', serviceUrl: 'https://a.internal' };
const ROUTED = '<policies><inbound><set-backend-service backend-id="b" /></inbound></policies>';

function problems(files: FileTexts): string[] {
  return createEngine(load(files), { host: testHost() }).problems.map(lineOf);
}

describe('one fault is told once', () => {
  it.each<[string, FileTexts, readonly string[]]>([
    [
      'the URL of a backend that a policy mentions',
      {
        'apis/a/apiInformation.json': json(API),
        'apis/a/policy.xml': ROUTED,
        'backends/b/backendInformation.json': json({ url: '[url]/x' }),
      },
      ['backends/b/backendInformation.json:1:22 PTC5008 `properties.url` is not an absolute URL: `[url]/x`'],
    ],
    [
      'the URL of a member of a pool',
      {
        'apis/a/apiInformation.json': json({ ...API, backendId: 'p' }),
        'backends/b/backendInformation.json': json({ url: '{{gone}}' }),
        'backends/p/backendInformation.json': json({ type: 'Pool', pool: { services: [{ id: '/backends/b' }] } }),
      },
      ['backends/b/backendInformation.json:1:22 PTC5008 `properties.url` is not an absolute URL: `{{gone}}`'],
    ],
    [
      'a version set that does not exist',
      { 'apis/a/apiInformation.json': json({ ...API, apiVersion: 'v1', apiVersionSetId: '/apiVersionSets/gone' }) },
      ['apis/a/apiInformation.json:1:97 PTC5011 there is no version set `gone`'],
    ],
    [
      'a version set that is no text',
      { 'apis/a/apiInformation.json': json({ ...API, apiVersion: 'v1', apiVersionSetId: ['s'] }) },
      ['apis/a/apiInformation.json:1:97 PTC5003 `properties.apiVersionSetId` must be a text'],
    ],
  ])('%s', (_what, files, expected) => expect(problems(files)).toEqual(expected));
});
