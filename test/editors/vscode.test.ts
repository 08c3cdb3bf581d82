/** The manifest of the VS Code extension says what the programs it starts understand. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Manifest {
  readonly main: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly languages: readonly { readonly configuration: string }[];
    readonly grammars: readonly { readonly scopeName: string; readonly path: string }[];
    readonly yamlValidation: readonly { readonly url: string }[];
    readonly debuggers: readonly {
      readonly type: string;
      readonly configurationAttributes: { readonly launch: { readonly properties: object } };
    }[];
  };
}

const folder = 'editors/vscode';
const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Manifest;
const source = readFileSync(`${folder}/${manifest.main}`, 'utf8');

describe('the VS Code extension', () => {
  it('registers every command that it contributes', () => {
    for (const { command } of manifest.contributes.commands) expect(source).toContain(`registerCommand('${command}'`);
  });

  it('starts the commands that exist', async () => {
    for (const [, name = ''] of source.matchAll(/command\('(\w+)'/g)) expect(existsSync(`src/cli/${name}.ts`)).toBe(true);
  });

  it('offers the attributes of a launch that the adapter reads', () => {
    const [debug] = manifest.contributes.debuggers;
    const read = [...readFileSync('src/cli/dap-messages.ts', 'utf8').matchAll(/^ {2}readonly (\w+)\?: /gm)].map((match) => match[1]);
    expect(Object.keys(debug?.configurationAttributes.launch.properties ?? {}).sort()).toEqual(read.sort());
  });

  it('holds every file that it names', () => {
    const { languages, grammars } = manifest.contributes;
    const files = [...languages.map(({ configuration }) => configuration), ...grammars.map(({ path }) => path)];
    for (const file of files) expect(() => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))).not.toThrow();
    for (const { scopeName, path } of grammars)
      expect(JSON.parse(readFileSync(`${folder}/${path}`, 'utf8'))).toMatchObject({ scopeName, patterns: expect.any(Array) });
  });

  it('points at schemas that are published', () => {
    for (const { url } of manifest.contributes.yamlValidation) expect(existsSync(url.replace('./', ''))).toBe(true);
  });
});

/** A page of the marketplace knows nothing of this repository: `vsce package` refuses what is relative. */
it('links to nothing outside of the folder', () => {
  const links = [...readFileSync('editors/vscode/README.md', 'utf8').matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !/^(?:https:|#)/.test(link))).toEqual([]);
});
