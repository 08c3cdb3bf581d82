/** Variables of the environment, and the files that hold what must not stand in it. */
import { readFileSync } from 'node:fs';

/**
 * The variable, or else what the file holds that `<name>_FILE` names, without the line end behind it: the way of container
 * images to take secrets that are mounted. Throws the system's error when that file cannot be read.
 */
export function environmentVariable(
  name: string,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const value = variables[name];
  const file = variables[`${name}_FILE`];
  if (value !== undefined || file === undefined || file === '') return value;
  return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
}
