/** Documents that are open stand in place of those on disk, wherever the workspace holds them. */
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { overlaid } from '../../src/editor/overlay.ts';
import { policyDocuments } from '../../src/workspace/documents.ts';
import { loadWorkspace } from '../../src/workspace/load.ts';
import { readDocument } from '../../src/xml/reader.ts';
import { directoryOf, json, POLICY } from '../workspace/support.ts';

const FILES = {
  'policy.xml': POLICY,
  'policy fragments/f/policy.xml': '<fragment />',
  'products/p/productInformation.json': json({ displayName: 'p' }),
  'products/p/policy.xml': POLICY,
  'apis/a/apiInformation.json': json({ path: 'a' }),
  'apis/a/policy.xml': POLICY,
  'apis/a/operations/get/operationInformation.json': json({ method: 'GET', urlTemplate: '/', displayName: 'get' }),
  'apis/a/operations/get/policy.xml': POLICY,
  'apis/a/operations/gone/policy.xml': POLICY,
  'workspaces/w/workspaceInformation.json': json({ displayName: 'w' }),
  'workspaces/w/policy.xml': POLICY,
  'workspaces/w/policyFragments/g/policy.xml': '<fragment />',
};

it('all', () => {
  const workspace = loadWorkspace(directoryOf(FILES));
  const names = policyDocuments(workspace).map(({ file }) => file.name);
  expect(names).toHaveLength(8);
  const open = new Map(names.map((name) => [resolve(name), readDocument('<policies />', name).document]));
  expect(new Set(policyDocuments(overlaid(workspace, open)))).toEqual(new Set(open.values()));
});
