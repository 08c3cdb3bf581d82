/** Files that the token commands are given. */
import { readFileSync } from 'node:fs';
import { UsageError } from './output.ts';

export function readJson(name: string): Record<string, unknown> {
  const text = readText(name);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    throw new UsageError(`\`${name}\` is no JSON`);
  }
  throw new UsageError(`\`${name}\` is no JSON object`);
}

export function readText(name: string): string {
  try {
    return readFileSync(name, 'utf8');
  } catch {
    throw new UsageError(`there is no file \`${name}\``);
  }
}
