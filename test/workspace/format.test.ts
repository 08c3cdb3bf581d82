/** Cases are files: `<name>.in.xml` is laid out as `<name>.out.xml`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatPolicy } from '../../src/workspace/format.ts';
import { readDocument } from '../../src/xml/reader.ts';

const FOLDER = 'test/workspace/format';
const CORPUS = process.env.PORTICO_CORPUS ?? '../shared/corpus';
const names = readdirSync(FOLDER).flatMap((file) => (file.endsWith('.in.xml') ? [file.slice(0, -'.in.xml'.length)] : []));

const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const format = (text: string, style?: Parameters<typeof formatPolicy>[1]) => formatPolicy(readDocument(text, 'a.xml').document, style);

describe('the layout of policy documents', () => {
  it.each(names)('%s', (name) => {
    const expected = read(`${name}.out.xml`);
    expect(format(read(`${name}.in.xml`))).toBe(expected);
    expect(format(expected)).toBe(expected);
  });

  it.each([
    ['a byte order mark and CRLF stay', '\ufeff<inbound>\r\n<base/>\r\n</inbound>', '\ufeff<inbound>\r\n    <base />\r\n</inbound>\r\n'],
    [
      'an XML declaration stays first',
      '<?xml version="1.0"?><inbound><base/></inbound>',
      '<?xml version="1.0"?>\n<inbound>\n    <base />\n</inbound>\n',
    ],
    ['code with a fault stays as it is', '<set-variable name="a" value="@(1  +  )" />', '<set-variable name="a" value="@(1  +  )" />\n'],
    [
      'preprocessor lines have their own layout',
      '<set-variable name="a" value="@{\n#region x\n return  1;\n#endregion\n}" />',
      '<set-variable name="a" value="@{\n#region x\n return  1;\n#endregion\n}" />\n',
    ],
    [
      'a generic call and a comparison differ',
      '<set-variable name="a" value="@(F<a,b>(1<2))" />',
      '<set-variable name="a" value="@(F<a, b>(1 < 2))" />\n',
    ],
    ['tokens never merge', '<set-variable name="a" value="@(1 - - 2)" />', '<set-variable name="a" value="@(1 - -2)" />\n'],
    ['nor do two signs', '<set-variable name="a" value="@(- - 2)" />', '<set-variable name="a" value="@(- -2)" />\n'],
  ])('%s', (_, text, expected) => {
    expect(format(text)).toBe(expected);
    expect(format(expected)).toBe(expected);
  });

  it('takes another indentation', () => {
    expect(format('<inbound><base/></inbound>', { unit: '\t', width: 140 })).toBe('<inbound>\n\t<base />\n</inbound>\n');
  });

  it.skipIf(!existsSync(CORPUS))(
    'the second run on real documents changes no byte',
    () => {
      const files = ['documents', 'embedded', 'extra'].flatMap((folder) =>
        readdirSync(join(CORPUS, folder)).map((name) => join(CORPUS, folder, name)),
      );
      const unstable = files.filter((file) => {
        const { document, problems } = readDocument(readFileSync(file, 'utf8'), file);
        if (problems.some(({ severity }) => severity === 'error')) return false;
        // Throws where the meaning would change.
        const once = formatPolicy(document);
        return format(once) !== once;
      });
      expect(files.length).toBeGreaterThan(600);
      expect(unstable).toEqual([]);
    },
    30_000,
  );
});
