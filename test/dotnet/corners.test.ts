/** Corners of the library that .NET 8 decides otherwise than one would guess: `corners/<topic>.txt` holds `expression ==> outcome` lines. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Budget } from '../../src/csharp/runtime/budget.ts';
import type { Host } from '../../src/host/host.ts';
import { evaluate } from './evaluate.ts';

/** 2024-01-15T10:30:45.123Z, which dates without a year or day fall back on. */
const CLOCK = { now: () => Date.UTC(2024, 0, 15, 10, 30, 45, 123) } as Host;
const FOLDER = new URL('./corners/', import.meta.url);

function cases(file: string): [string, string][] {
  const lines = readFileSync(new URL(file, FOLDER), 'utf8').split('\n');
  return lines.filter((line) => line.includes(' ==> ')).map((line) => line.split(' ==> ') as [string, string]);
}

describe.each(readdirSync(FOLDER).sort())('%s', (file) => {
  it.each(cases(file))('%s', (expression, expected) => {
    const text = /^@[({]/.test(expression) ? expression : `@(${expression})`;
    expect(evaluate(text, new Budget(), CLOCK).replaceAll('\n', '\\n')).toBe(expected);
  });
});
