import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDocument } from '../../src/xml/reader.ts';
import { directoryWith, documentWith, portico } from './support.ts';

const WRONG = documentWith(
  [
    '        <set-header name="X-A" exists-action="overide">',
    '            <value>@(context.Request.Header["X-Id"])</value>',
    '        </set-header>',
    '        <set-header name="X-B"><value>{{api-key}}</value></set-header>',
  ].join('\n'),
);

let directory = directoryWith({});

beforeAll(() => {
  directory = directoryWith({
    'wrong.xml': WRONG,
    'good.xml': documentWith('        <set-header name="X-A"><value>a &amp; b</value></set-header>'),
    'warned.xml': documentWith('        <set-variable name="a" value="a @(1 + 1)" />'),
    'unknown.xml': documentWith('        <validate-jwt header-name="A"><issuer-signing-tokens /></validate-jwt><set-heder name="X-A" />'),
    'workspace/portico.yaml': 'named-values:\n  greeting: hello\n',
    'workspace/apis/orders/policy.xml': documentWith('        <set-header name="X-A"><value>{{greeting}} {{name}}</value></set-header>'),
    'workspace/drafts/one.xml': documentWith('        <set-heder name="X-A" />'),
    'workspace/apis/orders/apiInformation.json': '{ "properties": { "path": "orders", "serviceUrl": "https://orders.internal" } }',
  });
});
afterAll(() => directory.remove());

const check = (...args: string[]) => portico(['check', ...args], { cwd: directory.path });

describe('portico check', () => {
  it('prints each problem with place, source line, caret and help', async () => {
    const { code, out, err } = await check('wrong.xml');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain(
      [
        'wrong.xml:3:47: error PTC1019: `overide` is not a value of `exists-action`',
        '  3 |         <set-header name="X-A" exists-action="overide">',
        '    |                                               ^^^^^^^',
        '  help: write `override`',
        '',
      ].join('\n'),
    );
    expect(out).toMatch(/^wrong\.xml:4:38: error CS1061: 'IRequest' does not contain a definition for 'Header'/m);
    expect(out).toMatch(/^wrong\.xml:6:39: error PTC1021: the named value `api-key` does not exist$/m);
    expect(out).toMatch(/^1 document checked: 3 errors, 0 warnings\n$/m);
  });

  it('is content with a good document', async () => {
    expect(await check('good.xml')).toEqual({ code: 0, out: '1 document checked: 0 errors, 0 warnings\n', err: '' });
  });

  it('does not fail because of warnings', async () => {
    const { code, out } = await check('warned.xml');
    expect(code).toBe(0);
    expect(out).toMatch(/^warned\.xml:3:39: warning PTC0013: /m);
    expect(out).toMatch(/0 errors, 1 warning\n$/);
  });

  it('tells of a file that is no text, and checks the others', async () => {
    writeFileSync(join(directory.path, 'latin1.xml'), Buffer.from('<policies>\xe9</policies>', 'latin1'));
    const { code, out } = await check('--standalone', '--format', 'json', 'latin1.xml', 'good.xml');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      documents: 2,
      problems: [{ file: 'latin1.xml', line: 1, column: 1, code: 'PTC5001', message: 'the file cannot be read: it is not UTF-8 text' }],
    });
  });

  it('refuses a document that the service does not save for its size', async () => {
    writeFileSync(join(directory.path, 'large.xml'), `<policies><inbound><!--${'é'.repeat(131_072)}--></inbound></policies>`);
    const { code, out } = await check('--standalone', 'large.xml');
    expect(code).toBe(1);
    expect(out).toMatch(/^large\.xml:1:2: error PTC1039: the document takes 257 KiB, and API Management saves 256 KiB at most$/m);
  });

  it('takes several paths, in the order given', async () => {
    const { code, out } = await check('good.xml', 'wrong.xml', '--format', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ documents: 2 });
  });

  it('refuses by name what is known and does not run, and what is unknown', async () => {
    const { code, out } = await check('unknown.xml');
    expect(code).toBe(1);
    expect(out).toContain(`error PTC1033: \`issuer-signing-tokens\` inside \`validate-jwt\` is not supported yet`);
    expect(out).toContain('error PTC1001: `set-heder` is not a policy');
    expect(out).toContain('help: write `set-header`');
  });

  it('lowers both to warnings with --lenient', async () => {
    const { code, out } = await check('unknown.xml', '--lenient');
    expect(code).toBe(0);
    expect(out).toContain('warning PTC1033');
    expect(out).toContain('warning PTC1001');
  });

  it('assumes what a lone file names with --standalone', async () => {
    const { out } = await check('wrong.xml', '--standalone', '--format', 'json');
    const { problems } = JSON.parse(out) as { problems: { code: string }[] };
    expect(problems.map(({ code }) => code)).toEqual(['PTC1019', 'CS1061']);
  });

  it('checks a document alone that has no part in its directory', async () => {
    const { code, out } = await check('workspace/drafts/one.xml');
    expect(code).toBe(1);
    expect(out).toMatch(/one\.xml:3:10: error PTC1001: `set-heder` is not a policy$/m);
  });

  it('checks a document within its directory', async () => {
    const { code, out } = await check('workspace/apis/orders/policy.xml');
    expect(code).toBe(1);
    expect(out).toContain('error PTC1021: the named value `name` does not exist');
    expect(out).not.toContain('greeting` does not exist');
  });
});

describe('portico check --format', () => {
  it('json: one object with all problems', async () => {
    const { out } = await check('wrong.xml', '--format', 'json');
    const report = JSON.parse(out) as { documents: number; problems: Record<string, unknown>[] };
    expect(Object.keys(report)).toEqual(['documents', 'problems']);
    expect(report.documents).toBe(1);
    expect(report.problems[0]).toEqual({
      file: 'wrong.xml',
      line: 3,
      column: 47,
      endLine: 3,
      endColumn: 54,
      severity: 'error',
      code: 'PTC1019',
      message: '`overide` is not a value of `exists-action`',
      help: 'write `override`',
    });
    expect(report.problems).toHaveLength(3);
  });

  it('json: the same shape without problems', async () => {
    expect(JSON.parse((await check('good.xml', '--format', 'json')).out)).toEqual({ documents: 1, problems: [] });
  });

  it('sarif: one run, a rule a code, regions', async () => {
    const { code, out } = await check('wrong.xml', '--format', 'sarif');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'portico', rules: [{ id: 'CS1061' }, { id: 'PTC1019' }, { id: 'PTC1021' }] } },
          results: [
            {
              ruleId: 'PTC1019',
              level: 'error',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'wrong.xml' },
                    region: { startLine: 3, startColumn: 47, endLine: 3, endColumn: 54 },
                  },
                },
              ],
            },
            { ruleId: 'CS1061' },
            { ruleId: 'PTC1021' },
          ],
        },
      ],
    });
  });

  it('github: a workflow command a problem', async () => {
    const { out } = await check('wrong.xml', '--format', 'github');
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe(
      '::error file=wrong.xml,line=3,col=47,title=PTC1019::`overide` is not a value of `exists-action`%0Ahelp: write `override`',
    );
  });

  it('junit: well-formed, a failed case a problem', async () => {
    const { out } = await check('wrong.xml', '--format', 'junit');
    expect(readDocument(out.replace(/^<\?xml[^>]*>\s*/, '').replace(/testsuites/g, 'policies'), 'report').problems).toEqual([]);
    expect(out).toContain('<testsuite name="wrong.xml" tests="3" failures="3">');
    expect(out.match(/<failure /g)).toHaveLength(3);
  });
});
