/** Fragments are documents of their own: the service refuses them when they are saved, whoever includes them (gateway-model, section 2.5). */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/workspace/engine.ts';
import { testHost } from '../support/hosts.ts';
import { type FileTexts, json, lineOf, load, POLICY } from './support.ts';

const FRAGMENT = 'policy fragments/f/policy.xml';
const INCLUDES = '<policies><inbound><include-fragment fragment-id="f" /></inbound></policies>';

function problems(files: FileTexts): string[] {
  return createEngine(load(files), { host: testHost() })
    .problems.filter(({ severity }) => severity === 'error')
    .map(lineOf);
}

describe('fragments', () => {
  it.each<[string, string, readonly string[]]>([
    ['an unknown policy', '<fragment><sett-header /></fragment>', [`${FRAGMENT}:1:12 PTC1001 \`sett-header\` is not a policy`]],
    [
      'an unknown named value',
      '<fragment><set-body>{{gone}}</set-body></fragment>',
      [`${FRAGMENT}:1:21 PTC1021 the named value \`gone\` does not exist`],
    ],
    ['a secret that was not exported', '<fragment><set-body>{{secret}}</set-body></fragment>', []],
    [
      'a policy without a root around it',
      '<set-body>x</set-body>',
      [`${FRAGMENT}:1:2 PTC1028 \`set-body\` is not the root of a policy document`],
    ],
    ['a whole document', POLICY, [`${FRAGMENT}:1:2 PTC1028 \`policies\` is not the root of a policy document`]],
  ])('that nobody includes: %s', (_, fragment, expected) => {
    const files = { 'policy.xml': POLICY, [FRAGMENT]: fragment, 'named values/secret/namedValueInformation.json': json({ secret: true }) };
    expect(problems(files)).toEqual(expected);
  });

  it('are checked in workspaces without APIs, and so are their policies', () => {
    const wrong = '<policies><inbound><sett-header /></inbound></policies>';
    const files = { 'policy.xml': POLICY, 'workspaces/w/policy.xml': wrong, [`workspaces/w/${FRAGMENT}`]: '<fragment><gett /></fragment>' };
    expect(problems(files)).toEqual([
      'workspaces/w/policy.xml:1:21 PTC1001 `sett-header` is not a policy',
      `workspaces/w/${FRAGMENT}:1:12 PTC1001 \`gett\` is not a policy`,
    ]);
    expect(problems({ ...files, 'workspaces/w/products/p/productInformation.json': json({ displayName: 'P' }) })).toHaveLength(2);
  });

  it('are wrong once, included or not', () => {
    const fragment = '<fragment><sett-header /><set-body>{{gone}}</set-body></fragment>';
    const files = { 'policy.xml': INCLUDES, [FRAGMENT]: fragment, 'apis/a/apiInformation.json': json({ path: 'a' }) };
    expect(problems({ ...files, 'apis/a/policy.xml': INCLUDES })).toHaveLength(2);
  });

  it('without their root are told once, at the fragment', () => {
    expect(problems({ 'policy.xml': INCLUDES, [FRAGMENT]: '<set-body>x</set-body>' })).toEqual([
      `${FRAGMENT}:1:2 PTC1028 \`set-body\` is not the root of a policy document`,
    ]);
  });

  it('of a workspace see its names', () => {
    const files = {
      'policy.xml': POLICY,
      'workspaces/w/apis/a/apiInformation.json': json({ path: 'a' }),
      'workspaces/w/policy fragments/f/policy.xml': '<fragment><set-body>{{own}}{{other}}</set-body></fragment>',
      'workspaces/w/named values/own/namedValueInformation.json': json({ displayName: 'own', value: 'x' }),
    };
    expect(problems(files)).toEqual(['workspaces/w/policy fragments/f/policy.xml:1:28 PTC1021 the named value `other` does not exist']);
  });
});

describe('documents of operations that an API does not have', () => {
  const lost = 'apis/a/operations/lost/policy.xml';
  const API = {
    'apis/a/apiInformation.json': json({ path: 'a' }),
    'apis/a/specification.json': JSON.stringify({ openapi: '3.0.1', paths: { '/x': { get: { operationId: 'x', responses: {} } } } }),
    'named values/secret/namedValueInformation.json': json({ secret: true }),
  };

  it('are checked, and ask for no values', () => {
    const document = '<policies><inbound><base /><sett-header /><set-body>{{secret}}{{gone}}</set-body></inbound></policies>';
    expect(problems({ ...API, [lost]: document })).toEqual([
      `${lost}:1:29 PTC1001 \`sett-header\` is not a policy`,
      `${lost}:1:63 PTC1021 the named value \`gone\` does not exist`,
    ]);
  });

  it('are told to have no route', () => {
    expect(load({ ...API, [lost]: POLICY }).problems.map(lineOf)).toEqual([
      `${lost}:1:1 warning PTC5010 operation \`lost\` has a policy but no route`,
    ]);
  });
});
