/** `expressions.allow`: members beyond Azure's published list that a gateway is known to accept. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { diagnosticRow } from '../../src/source/render.ts';
import { PolicyProblems } from '../../src/testing/contract.ts';
import { createTestGateway } from '../../src/testing/index.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { remembering } from '../../src/workspace/remembered-expressions.ts';

const root = mkdtempSync(join(tmpdir(), 'portico-allowed-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const expressions = remembering(createExpressions());

/** The value of an expression, or what is wrong, in a directory with this list. */
async function outcome(code: string, allow: string) {
  const directory = join(root, String(Math.abs(hash(code + allow))));
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'portico.yaml'), allow === '' ? '{}\n' : `expressions:\n  allow: ${allow}\n`);
  const value = code.replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  writeFileSync(
    join(directory, 'policy.xml'),
    `<policies><inbound><set-variable name="v" value="@(${value})" /><return-response /></inbound><backend /><outbound /><on-error /></policies>`,
  );
  try {
    const gateway = await createTestGateway({ policies: directory, expressions });
    return (await gateway.request('GET /')).variables.v;
  } catch (error) {
    if (!(error instanceof PolicyProblems)) throw error;
    return error.problems
      .map(diagnosticRow)
      .map(({ line, column, code: number, message, help }) => ({ line, column, code: number, message, help }));
  }
}

function hash(text: string): number {
  let sum = 7;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) | 0;
  return sum;
}

const CLAIMS = 'new Jwt[0].Length == 0 ? "none" : new Jwt[0][0].Claims.GetValueOrDefault("groups", new string[0])[0]';

describe('expressions.allow', () => {
  it.each([
    [CLAIMS, '[System.Collections.Generic.CollectionExtensions.GetValueOrDefault]', 'none'],
    ['new UriBuilder("http://x/y").Uri.Host', '[System.UriBuilder..ctor, System.UriBuilder.Uri]', 'x'],
    ['int.Parse("ff", System.Globalization.NumberStyles.HexNumber).ToString()', '[System.Globalization.NumberStyles.HexNumber]', '255'],
    ['Regex.Escape("a.b")', '[System.Text.RegularExpressions.Regex.Escape]', 'a\\.b'],
  ])('accepts %s', async (code, allow, value) => {
    expect(await outcome(code, allow)).toBe(value);
    // What was accepted in one directory stays refused in the next.
    expect(await outcome(code, '')).toMatchObject([{ code: expect.stringMatching(/^PTC300[01]$/) as string }]);
  });

  it('accepts nothing beside what is named', async () => {
    expect(await outcome('new UriBuilder("http://x/y").Host', '[System.UriBuilder..ctor]')).toMatchObject([{ code: 'PTC3000' }]);
  });

  it.each([
    ['[System.UriBuilder.Hostt]', 10, 'PTC5171', 'Portico has no .NET member `System.UriBuilder.Hostt`', 'write `System.UriBuilder.Host`'],
    ['[System.UriBuildr.Host]', 10, 'PTC5171', 'Portico has no .NET member `System.UriBuildr.Host`', 'write `System.UriBuilder.Host`'],
    [
      '[System.Uri.Host, Acme.Thing.Do]',
      27,
      'PTC5171',
      'Portico has no .NET member `Acme.Thing.Do`',
      'leave it out: what is not implemented cannot be accepted',
    ],
    ['[Host]', 10, 'PTC5170', '`Host` is no full name of a .NET member', expect.stringContaining('such as `System.Uri.Host`') as string],
    ['{ a: b }', 10, 'PTC5003', expect.stringContaining('a list') as string, undefined],
  ])('refuses %s with its place', async (allow, column, code, message, help) => {
    expect(await outcome('1', allow)).toMatchObject([
      { line: 2, column: expect.any(Number) as number, code, message, ...(help === undefined ? {} : { help }) },
    ]);
    expect(column).toBeGreaterThan(0);
  });
});

describe('what is refused', () => {
  it.each([
    [CLAIMS, 'write `claims.ContainsKey("groups") ? claims["groups"] : new string[0]`, with the dictionary, key and fallback of your own'],
    ['new UriBuilder("http://x").ToString()', 'put the text together: `new Uri("https://" + host + path)`'],
    [
      'int.Parse("f", System.Globalization.NumberStyles.HexNumber)',
      'write `Convert.ToInt32(text, 16)` for hexadecimal digits, or leave the style out',
    ],
    ['DateTime.ParseExact("1", "d", null).Year', 'write `DateTime.Parse(text)`'],
    ['DateTime.Now.ToLongDateString()', 'write `ToString("D")`'],
    ['DateTime.Now.ToOADate()', 'if your gateway accepts it, add `System.DateTime.ToOADate` to `expressions.allow` in `portico.yaml`'],
    ['new InvalidOperationException("x").Message', 'write `new Exception(…)` instead: other exceptions can be caught, not made'],
    ['Regex.Escape("a")', expect.stringContaining('`text.Replace(".", @"\\.")`') as string],
  ])('%s says what to write', async (code, help) => {
    expect(await outcome(code, '')).toMatchObject([{ code: expect.stringMatching(/^PTC300[01]$/) as string, help }]);
  });

  it.each([
    'new Uri("https://" + "host" + "/path").Host',
    'Convert.ToInt32("ff", 16)',
    'DateTime.Parse("2026-01-01").ToString("D") + DateTime.Now.ToString("t") + DateTime.Now.Ticks',
    'new DateTime(DateTime.Now.Ticks, DateTimeKind.Utc) == DateTime.Now',
    'Regex.Matches("aba", "a")[1].Value',
    'XElement.Parse("<a><b>1</b></a>").Descendants("b").First().Value',
    'DateTime.Now.ToString("d", null)',
  ])('%s, which is written instead, is accepted', async (code) => {
    expect(await outcome(code, '')).toEqual(expect.any(String));
  });
});
