/** The pages of the commands name the options that the commands have. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';

const NAMES = ['run', 'check', 'test', 'eval', 'explain', 'fmt', 'lint', 'lsp', 'dap', 'diff', 'routes', 'import', 'init'] as const;

const commands = new Map<string, Command>();

/** Some load half of the program with them, which takes its time where it is not built. */
beforeAll(async () => {
  for (const name of [...NAMES, 'token']) {
    const { register } = (await import(`../../src/cli/${name}.ts`)) as { register(program: Command): void };
    const program = new Command('portico');
    register(program);
    for (const command of program.commands) commands.set(name, command);
  }
});

function commandOf(name: string): Command {
  const command = commands.get(name);
  if (!command) throw new Error(`${name} registers no command`);
  return command;
}

function optionsOf(page: string): string[] {
  const table = /## Options\n\n((?:\|.*\n)+)/.exec(page)?.[1] ?? '';
  return [...table.matchAll(/^\| `(-[^`]+)`/gm)].map(([, flags]) => flags ?? '');
}

describe.each(NAMES)('docs/commands/%s.md', (name) => {
  const page = readFileSync(`docs/commands/${name}.md`, 'utf8');

  it('has the options of the command, in its order', () => {
    expect(optionsOf(page)).toEqual(
      commandOf(name)
        .options.filter(({ hidden }) => !hidden)
        .map(({ flags }) => flags),
    );
  });

  it('has the arguments of the command', () => {
    const command = commandOf(name);
    expect(page).toContain(`portico ${name} ${command.usage().replace('[options] ', '')}\n`);
  });

  it('has every choice of an option', () => {
    for (const { flags, argChoices } of commandOf(name).options) {
      const line = page.split('\n').find((text) => text.startsWith(`| \`${flags}\``)) ?? '';
      for (const choice of argChoices ?? []) expect(line).toContain(`\`${choice}\``);
    }
  });

  it('tells the exit codes', () => {
    for (const code of [0, 1, 2]) expect(page).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
  });
});

describe('docs/commands/token.md', () => {
  const page = readFileSync('docs/commands/token.md', 'utf8');
  const sectionOf = (name: string) => new RegExp(`^## ${name}\\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(page)?.[1] ?? '';

  it.each(['explain', 'mint', 'providers'])('has usage, options and exit codes of %s', (name) => {
    const command = commandOf('token').commands.find((one) => one.name() === name);
    const own = command?.commands.length ? command.commands : command ? [command] : [];
    const section = sectionOf(name);
    const told = [...section.matchAll(/^\| `(-[^`]+)`/gm)].map(([, flags]) => flags ?? '');
    expect(new Set(told)).toEqual(new Set(own.flatMap(({ options }) => options.map(({ flags }) => flags))));
    for (const one of own) {
      const words = [...(one === command ? [] : [name]), one.name(), ...one.registeredArguments.map((argument) => argument.name())];
      expect(section).toMatch(new RegExp(`portico token ${words.join('[ <\\\\[]+')}`));
    }
    for (const code of name === 'mint' ? [0, 2] : [0, 1, 2]) expect(section).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
  });
});
