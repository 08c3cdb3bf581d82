/** The pages about files name every entry that the readers know, and no other. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/source/diagnostic.ts';
import { FORMAT } from '../../src/testing/format.ts';
import { MARKERS } from '../../src/testing/markers.ts';
import { OPERATOR_NAMES } from '../../src/testing/matching.ts';
import { readConfig } from '../../src/workspace/config-file.ts';
import { readPorticoYaml } from '../../src/workspace/portico-yaml.ts';

/** An entry that no reader knows: its refusal lists those that are known. */
const UNKNOWN = 'qqqqqqqq';

function knownIn(problems: readonly Diagnostic[]): Set<string> {
  const helps = problems.flatMap(({ code, help }) => (code === 'PTC5005' && help !== undefined ? [help] : []));
  return new Set(helps.flatMap((help) => [...help.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '')));
}

/** First cells of all tables of a page. */
function documentedIn(page: string): Set<string> {
  return new Set([...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name ?? ''));
}

const ENTRIES = new Set(Object.values(FORMAT).flatMap((shape) => Object.keys(shape)));

describe('docs/testing.md', () => {
  const page = readFileSync('docs/testing.md', 'utf8');

  it('has every entry', () => {
    expect([...ENTRIES].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('has no entry that is not read', () => {
    const known = new Set([...ENTRIES, ...OPERATOR_NAMES, ...MARKERS.keys()]);
    expect([...documentedIn(page.slice(0, page.indexOf('## From code')))].filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(['createTestGateway', 'policyMatchers', 'PolicyProblems'])('names %s, which portico/testing has', async (name) => {
    expect(Object.keys(await import('../../src/testing/index.ts'))).toContain(name);
    expect(page).toContain(name);
  });

  it('has every matcher', async () => {
    const { policyMatchers } = await import('../../src/testing/index.ts');
    expect([...page.matchAll(/^\| `(toHave\w+)\(/gm)].map(([, name]) => name)).toEqual(Object.keys(policyMatchers));
  });
});

const YAML = `${UNKNOWN}: 1
named-values: { a: { value: b, ${UNKNOWN}: 1 } }
backends: { a: { url: "https://a", ${UNKNOWN}: 1, credentials: { ${UNKNOWN}: 1, authorization: { ${UNKNOWN}: 1 } }, tls: { ${UNKNOWN}: 1 } } }
apis: { a: { ${UNKNOWN}: 1 } }
users: [{ id: a, ${UNKNOWN}: 1, identities: [{ id: a, provider: b, ${UNKNOWN}: 1 }] }]
subscriptions: [{ id: a, primary-key: b, ${UNKNOWN}: 1 }]
certificates: { a: { ${UNKNOWN}: 1 } }
authorizations: { a: { b: { ${UNKNOWN}: 1 } } }
stand-ins: { ${UNKNOWN}: 1 }
tls: { ${UNKNOWN}: 1 }
managed-identity: { ${UNKNOWN}: 1 }
limits: { ${UNKNOWN}: 1 }
settings: { ${UNKNOWN}: 1 }
stores: { ${UNKNOWN}: 1, redis: { url: "redis://h", ${UNKNOWN}: 1, tls: { ${UNKNOWN}: 1 } } }
`;

describe('docs/portico-yaml.md', () => {
  const page = readFileSync('docs/portico-yaml.md', 'utf8');
  const problems: Diagnostic[] = [];
  readPorticoYaml(
    readConfig(YAML, 'portico.yaml', (problem) => problems.push(problem)),
    '/',
  );

  it('names every entry', () => {
    expect([...knownIn(problems)].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('has no entry that is not read', () => {
    const known = knownIn(problems);
    expect([...documentedIn(page)].filter((name) => !known.has(name))).toEqual([]);
  });
});
