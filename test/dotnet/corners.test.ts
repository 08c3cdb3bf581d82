/** Corners of the library that .NET 8 decides otherwise than one would guess: `corners/<topic>.txt` holds `expression ==> outcome` lines. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';

const FOLDER = new URL('./corners/', import.meta.url);

function cases(file: string): [string, string][] {
  const lines = readFileSync(new URL(file, FOLDER), 'utf8').split('\n');
  return lines.filter((line) => line.includes(' ==> ')).map((line) => line.split(' ==> ') as [string, string]);
}

describe.each(readdirSync(FOLDER).sort())('%s', (file) => {
  it.each(cases(file))('%s', (expression, expected) => {
    expect(evaluate(/^@[({]/.test(expression) ? expression : `@(${expression})`).replaceAll('\n', '\\n')).toBe(expected);
  });
});
