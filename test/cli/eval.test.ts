import { describe, expect, it } from 'vitest';
import { portico } from './support.ts';

describe('portico eval', () => {
  it.each([
    ['1 + 2', [], '3\n  System.Int32\n'],
    ['@(context.Request.Method)', ['--method', 'PUT'], 'PUT\n  System.String\n'],
    ['@{ var n = 20; return n * 2.5; }', [], '50\n  System.Double\n'],
    ['context.Request.Headers.GetValueOrDefault("X-A", "")', ['--header', 'X-A: one', 'X-A: two'], 'one,two\n  System.String\n'],
    [
      'context.Request.Url.Query.GetValueOrDefault("A", "") + context.Request.Url.Query.Count',
      ['--url', 'https://h/p?a=1&b&A=%32&&b=+x'],
      '1,22\n  System.String\n',
    ],
    ['context.Request.Url.Query.GetValueOrDefault("b", "none")', ['--url', 'https://h/p?a=b&b&B=%20x'], ', x\n  System.String\n'],
    ['context.Request.Url.Query.GetValueOrDefault("c", "none")', ['--url', 'https://h/p?a=c=b&b'], 'none\n  System.String\n'],
    ['context.Request.Url.Query["page"][0]', ['--url', 'https://h/p?page=7'], '7\n  System.String\n'],
    ['(int)context.Request.Body.As<JObject>()["n"] + 1', ['--body', '{"n": 41}'], '42\n  System.Int32\n'],
    ['"" + context', [], 'System.Object\n  System.String\n'],
    ['context.Variables["who"]', ['--variable', 'who=ana'], 'ana\n  System.String\n'],
    ['(int)context.Variables["n"] + 1', ['--variable', 'n:int=5'], '6\n  System.Int32\n'],
    ['new[] { 1, 2 }.AsEnumerable()', [], '[1,2]\n  System.Collections.Generic.IEnumerable<System.Int32>\n'],
    ['context.Request.IpAddress', ['--ip', '10.0.0.1'], '10.0.0.1\n  System.String\n'],
    ['context.Request.Method', ['--curl', 'curl h -d a=1'], 'POST\n  System.String\n'],
    ['context.Request.Method', ['--curl', 'curl h -d a=1', '-X', 'PUT'], 'PUT\n  System.String\n'],
    ['int.Parse("7")', ['--format', 'json'], '{"ok":true,"type":"System.Int32","value":"7"}\n'],
  ])('%s', async (expression, options, out) => {
    expect(await portico(['eval', expression, ...options])).toEqual({ code: 0, out, err: '' });
  });

  it('takes an expression behind a header', async () => {
    const { out } = await portico(['eval', '-H', 'X-A: 1', 'context.Request.Headers["X-A"][0]']);
    expect(out).toBe('1\n  System.String\n');
  });

  it('reads the expression or the request from standard input', async () => {
    expect((await portico(['eval', '-'], { input: '1 + 1\n' })).out).toBe('2\n  System.Int32\n');
    expect((await portico(['eval', 'context.Request.Url.Path', '--request', '-'], { input: 'GET /a/b\n' })).out).toBe(
      '/a/b\n  System.String\n',
    );
  });

  it('holds the value against the type that is wanted', async () => {
    expect((await portico(['eval', '1', '--returns', 'bool'])).err).toContain("CS0029: Cannot implicitly convert type 'int' to 'bool'");
  });

  it("prints the compiler's error with a caret", async () => {
    const { code, out, err } = await portico(['eval', 'context.Request.Headerz']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^<expression>:1:17: error CS1061: 'IRequest' does not contain a definition for 'Headerz'/);
    expect(err).toContain('  1 | context.Request.Headerz\n    |                 ^^^^^^^\n');
  });

  it('names the exception', async () => {
    const { code, out, err } = await portico(['eval', 'new int[0].First()']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe('System.InvalidOperationException: Sequence contains no elements\n');
  });

  it('says what a gateway reports where that is more', async () => {
    const { err } = await portico(['eval', 'context.Request.Body.As<JObject>()', '--body', '[1]']);
    const text =
      "Error reading JObject from JsonReader. Current JsonReader item is not an object: StartArray. Path '', line 1, position 1.";
    expect(err).toBe(
      `Newtonsoft.Json.JsonReaderException: ${text}\n  in LastError.Message: The message body is not a valid JSON. ${text}\n`,
    );
  });

  it('suggests no name that was written', async () => {
    const { err } = await portico(['eval', '@{ var a = new int[1]; a.Add(1); return a; }']);
    expect(err).toContain("CS1061: 'int[]' does not contain a definition for 'Add'");
    expect(err).not.toContain('help:');
  });

  it('says what may be thrown', async () => {
    const { err } = await portico(['eval', '@{ throw new ArgumentException("x"); }']);
    expect(err).toContain('PTC3001: `new ArgumentException` is not among the constructors');
    expect(err).toContain('help: write `new Exception(…)` instead');
  });

  it.each([
    ['Encrypt("Aes", new byte[5], new byte[16])', 'Specified key is not a valid size for this algorithm.'],
    [
      'Encrypt("TripleDES", new byte[16], new byte[16])',
      'Specified initialization vector (IV) does not match the block size for this algorithm.',
    ],
    ['Encrypt("DES", new byte[16], new byte[8])', 'Specified key is not a valid size for this algorithm.'],
    ['Decrypt("Aes", new byte[16], new byte[16])', 'The input data is not a complete block.'],
    ['Encrypt("Aes", new byte[16], new byte[16]).Decrypt("Aes", new byte[24], new byte[16])', 'Padding is invalid and cannot be removed.'],
  ])('says what is wrong with %s', async (call, message) => {
    const { err } = await portico(['eval', `new byte[5].${call}`]);
    expect(err).toBe(`System.Security.Cryptography.CryptographicException: ${message}\n`);
  });

  it('ends a loop without end', async () => {
    const { code, err } = await portico(['eval', '@{ while (true) { } }']);
    expect(code).toBe(1);
    expect(err).not.toBe('');
    expect(err).not.toMatch(/^ {4}at /m);
  });

  it('prompts for expressions and goes on after errors', async () => {
    const input = '1 + 2\n\n@{ var n = 2;\n return n * 2; }\nint.Parse("x")\nnope\n.exit\n99\n';
    const { code, out, err } = await portico(['eval', '-i'], { input });
    expect({ code, out }).toEqual({ code: 0, out: '3\n  System.Int32\n4\n  System.Int32\n' });
    expect(err).toContain('System.FormatException');
    expect(err).toContain('error CS0103');
  });

  it.each([
    ['nothing', []],
    ['an expression and a prompt', ['1', '-i']],
    ['a header without value', ['1', '--header', 'X-A']],
    ['two descriptions of the request', ['1', '--curl', 'curl h', '--request', 'x']],
    ['a request file that is not there', ['1', '--request', '/nowhere/x.http']],
    ['an unknown format', ['1', '--format', 'xml']],
    ['a variable of the wrong type', ['1', '--variable', 'n:int=x']],
    ['a relative URL', ['1', '--url', '/orders']],
    ['an unknown fixture', ['1', '--fixture', 'none']],
    ['a batch without fixtures', ['--batch']],
  ])('takes %s as wrong use', async (_what, args) => {
    const { code, out, err } = await portico(['eval', ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^portico: /);
  });
});
