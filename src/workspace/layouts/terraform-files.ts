/** Files of Terraform, and those of its variables. */
import { join } from 'node:path';
import { SourceFile } from '../../source/source-file.ts';
import { span } from '../../source/span.ts';
import { entriesOf, type Files } from '../files.ts';
import * as faults from './faults.ts';
import { parseHcl } from './hcl.ts';
import { HclScope } from './hcl-scope.ts';
import { type HclBody, HclError, type HclExpression } from './hcl-tree.ts';
import type { HclValue } from './hcl-values.ts';

/** Evaluations of all values together; the largest real directories take some ten thousands. */
export const MOST_WORK = 400_000;

/** The file's body; none where it cannot be read, which is reported. */
export function parsed(files: Files, path: string): HclBody[] {
  const text = files.text(path);
  if (text === undefined) return [];
  const file = new SourceFile(files.shown(path), text);
  try {
    return [parseHcl(file)];
  } catch (error) {
    if (!(error instanceof HclError)) throw error;
    files.report({ severity: 'error', ...faults.badHcl(error.message), file: error.file, span: span(error.at) });
    return [];
  }
}

/** `terraform.tfvars` and `*.auto.tfvars`, in the order in which Terraform reads them. */
export function variableFiles(files: Files, directory: string): [string, HclValue][] {
  const names = entriesOf(directory).filter((name) => name === 'terraform.tfvars' || name.endsWith('.auto.tfvars'));
  const ordered = names.sort((a, b) => Number(b === 'terraform.tfvars') - Number(a === 'terraform.tfvars') || (a < b ? -1 : 1));
  return ordered.flatMap((name) =>
    parsed(files, join(directory, name)).flatMap(({ attributes }) =>
      [...attributes.values()].map(({ name: key, value }): [string, HclValue] => [key, constant(files, value)]),
    ),
  );
}

function constant(files: Files, value: HclExpression): HclValue {
  return new HclScope(files, { directory: '', root: '', work: { left: MOST_WORK }, lookUp: () => undefined }).value(value);
}
