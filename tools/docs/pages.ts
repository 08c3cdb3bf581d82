/** All generated pages: path in the repository and text. */
import { compatibilityPages } from './compatibility.ts';
import { coveragePage } from './coverage.ts';
import { errorCodePages } from './error-codes.ts';
import { expressionPages } from './expressions.ts';
import { lintPage } from './lint-rules.ts';
import { policyPages } from './policies.ts';
import { porticoSchemaFile } from './portico-schema.ts';
import { testSchemaFile } from './test-schema.ts';

/** Folders that hold nothing but generated pages. */
export const GENERATED_FOLDERS: readonly string[] = ['docs/policies', 'docs/expressions'];

export async function generatedPages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ...policyPages(),
    ...compatibilityPages(),
    ...expressionPages(),
    coveragePage(),
    lintPage(),
    ...(await errorCodePages()),
    testSchemaFile(),
    porticoSchemaFile(),
  ]);
}
