/** A policy directory of one API, which asks for no key, with the given policy. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadWorkspace } from '../../src/workspace/load.ts';
import type { Workspace } from '../../src/workspace/model.ts';

export function lintWorkspaceOf(text: string, more: Readonly<Record<string, string>> = {}): Workspace {
  const root = mkdtempSync(join(tmpdir(), 'portico-lint-'));
  const document = /^<(?:inbound|backend|outbound|on-error)\b/.test(text)
    ? `<policies>${text}</policies>`
    : text.startsWith('<policies')
      ? text
      : `<policies><inbound>${text}</inbound></policies>`;
  const files = {
    'apis/orders/apiInformation.json':
      '{ "properties": { "path": "orders", "serviceUrl": "https://orders.internal", "subscriptionRequired": false } }',
    'apis/orders/policy.xml': document,
    ...more,
  };
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(root, name, '..'), { recursive: true });
      writeFileSync(join(root, name), content);
    }
    return loadWorkspace(root, { environment: () => undefined });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
