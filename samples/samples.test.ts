/** Every sample, and the example directory of the README, is checked and runs its own tests. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../src/source/render.ts';
import { createPolicyGateway } from '../src/testing/gateway.ts';
import { Runner } from '../src/testing/runner.ts';
import { createExpressions } from '../src/workspace/expressions.ts';

const DIRECTORIES = [
  'policies',
  ...readdirSync('samples', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join('samples', name))
    .filter((directory) => existsSync(join(directory, 'policy.xml'))),
];

const runner = new Runner();
const expressions = createExpressions();

describe.each(DIRECTORIES)('%s', (directory) => {
  it('has nothing that Azure would refuse or warn about', async () => {
    const { engine } = await createPolicyGateway({ policies: directory, expressions });
    expect(engine.problems.map((problem) => renderDiagnostic(problem))).toEqual([]);
  });

  const suites = readdirSync(directory).filter((name) => name.endsWith('.test.yaml'));

  it('has tests and, as a sample, a README', () => {
    expect(suites).not.toEqual([]);
    expect(directory === 'policies' || existsSync(join(directory, 'README.md'))).toBe(true);
  });

  it.each(suites)('%s passes', async (name) => {
    const { tests, problems } = await runner.run(join(directory, name));
    expect(problems.map((problem) => renderDiagnostic(problem))).toEqual([]);
    expect(tests.length).toBeGreaterThan(3);
    expect(tests.filter(({ differences, failure }) => differences.length > 0 || failure !== undefined)).toEqual([]);
  });
});
