/** How many cases name each policy: those kept as files, and documents in the tests of code. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

const CASES = 'test/policies/cases';
/** Tests in code that run one document after the other. */
const CODE = ['test/policies', 'test/identity', 'test/workspace', 'test/gateway', 'test/browser'];

/** Cases per policy; each case counts once for every policy that it names. */
export function caseCounts(policies: readonly string[]): ReadonlyMap<string, number> {
  const cases = readdirSync(CASES)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => (parse(readFileSync(`${CASES}/${name}`, 'utf8')) as unknown[]).map((one) => JSON.stringify(one)));
  const inCode = CODE.flatMap(documentsInCode);
  return new Map(policies.map((policy) => [policy, [...cases, ...inCode].filter((text) => names(text, policy)).length]));
}

function names(text: string, policy: string): boolean {
  return new RegExp(`<${policy}[\\s/>\\\\]`).test(text);
}

/** Every text in backticks or quotes that starts a policy counts as a document. */
function documentsInCode(folder: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(folder);
  } catch {
    return [];
  }
  return entries
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) =>
      readFileSync(`${folder}/${name}`, 'utf8')
        .split('\n')
        .filter((line) => /<[a-z-]+[\s/>]/.test(line)),
    );
}
