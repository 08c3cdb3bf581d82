/** The JSON schema of test files, for editors. */
import { testSchema } from '../../src/testing/json-schema.ts';

export function testSchemaFile(): [string, string] {
  return ['schemas/portico-test.schema.json', `${JSON.stringify(testSchema(), undefined, 2)}\n`];
}
