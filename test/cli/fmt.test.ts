import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directoryWith, portico } from './support.ts';

const LOOSE = '<policies><inbound><base/></inbound></policies>';
const TIDY = '<policies>\n    <inbound>\n        <base />\n    </inbound>\n</policies>\n';

let directory = directoryWith({});
beforeEach(() => {
  directory = directoryWith({
    'loose.xml': LOOSE,
    'tidy.xml': TIDY,
    'other/schema.xml': '<schema><a/></schema>',
    'broken.xml.txt': '<policies>',
  });
});
afterEach(() => directory.remove());

const fmt = (args: string[], input?: string) =>
  portico(['fmt', ...args], { cwd: directory.path, ...(input === undefined ? {} : { input }) });
const file = (name: string) => readFileSync(join(directory.path, name), 'utf8');

describe('portico fmt', () => {
  it('writes what differs and names it', async () => {
    expect(await fmt([])).toEqual({ code: 0, out: 'loose.xml\n2 documents: 1 changed\n', err: '' });
    expect(file('loose.xml')).toBe(TIDY);
    expect(file('other/schema.xml')).toBe('<schema><a/></schema>');
    expect(await fmt(['.'])).toEqual({ code: 0, out: '2 documents: all laid out already\n', err: '' });
  });

  it('leaves alone what links of a directory lead to, but takes a link that is named', async () => {
    mkdirSync(join(directory.path, 'linked'));
    for (const [target, name] of [
      ['../loose.xml', 'file.xml'],
      ['../other', 'folder'],
      ['nowhere.xml', 'dangling.xml'],
      ['../tidy.xml', 'tidy.xml'],
    ] as const)
      symlinkSync(target, join(directory.path, 'linked', name));
    expect(await fmt(['linked'])).toMatchObject({ code: 2, err: expect.stringContaining('no policy document under `linked`') as string });
    expect(file('loose.xml')).toBe(LOOSE);
    expect(await fmt(['linked/file.xml'])).toMatchObject({ code: 0 });
    expect(file('loose.xml')).toBe(TIDY);
  });

  it('only lists with --check', async () => {
    expect(await fmt(['--check'])).toEqual({ code: 1, out: 'loose.xml\n2 documents: 1 would change\n', err: '' });
    expect(file('loose.xml')).toBe(LOOSE);
    expect(await fmt(['--check', 'tidy.xml'])).toMatchObject({ code: 0 });
  });

  it('prints with --stdout, from standard input as well', async () => {
    expect(await fmt(['--stdout', 'loose.xml'])).toEqual({ code: 0, out: TIDY, err: '' });
    expect(await fmt(['--indent', 'tab', '-'], '<inbound><base/></inbound>')).toEqual({
      code: 0,
      out: '<inbound>\n\t<base />\n</inbound>\n',
      err: '',
    });
  });

  it.each([
    ['if(a){b();}else if(c)return d;else{e();}', 'if (a) { b(); } else if (c) return d; else { e(); }'],
    ['try{a();}catch(E e)when(e.M==1){b();}finally{}', 'try { a(); } catch (E e) when (e.M == 1) { b(); } finally {}'],
    ['do{a++;}while(a<5);for(;;){if(b)continue;break;}', 'do { a++; } while (a < 5); for (;;) { if (b) continue; break; }'],
    ['switch(a){case 1:return b;default:break;}', 'switch (a) { case 1: return b; default: break; }'],
    ['return f(x:1,y:(int)z)[(a)-1];', 'return f(x: 1, y: (int)z)[(a) - 1];'],
  ])('lays out the statements %s', async (written, laid) => {
    const document = (code: string) => `<set-body>@{ ${code} }</set-body>\n`;
    expect(await fmt(['-'], document(written))).toEqual({ code: 0, out: document(laid), err: '' });
    expect(await fmt(['-'], document(laid))).toEqual({ code: 0, out: document(laid), err: '' });
  });

  it.each([
    [['broken.xml.txt'], '`<policies>` is never closed'],
    [['other/schema.xml'], '`other/schema.xml` is no policy document: its root is `schema`'],
    [['missing.xml'], 'there is no file or directory `missing.xml`'],
    [['--indent', 'wide'], 'write a number from 1 to 8, or `tab`.'],
  ])('%j is wrong use', async (args, message) => {
    const { code, err } = await fmt(args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
