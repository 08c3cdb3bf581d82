/** The page of portico token names the options that its commands have; the page of the packs names all of them. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { register } from '../../src/cli/token.ts';
import { PACKS } from '../../src/identity/providers/packs.ts';
import { isSwitch, SWITCH_NAMES, switchValues } from '../../src/identity/providers/switches.ts';

const program = new Command('portico');
register(program);

/** `explain`, `mint`, `providers list` … with the options of each. */
function commandsOf(parent: Command, prefix: string): [string, Command][] {
  return parent.commands.flatMap((command): [string, Command][] => {
    const name = `${prefix}${command.name()}`;
    return command.commands.length > 0 ? commandsOf(command, `${name} `) : [[name, command]];
  });
}

const [token] = program.commands;
const COMMANDS = token ? commandsOf(token, '') : [];

describe('docs/commands/token.md', () => {
  const page = readFileSync('docs/commands/token.md', 'utf8');

  it.each(COMMANDS)('has %s with its arguments and options', (name, command) => {
    const usage = command
      .usage()
      .replace(/\[options\] ?/, '')
      .trim();
    expect(page).toContain(`portico token ${`${name} ${usage}`.trim()}\n`);
    const section = page.split(/^## /m).find((text) => text.startsWith(name.split(' ')[0] ?? '')) ?? '';
    for (const { flags } of command.options) expect(section).toContain(`| \`${flags}\` |`);
  });

  it('has no option that is not there', () => {
    const documented = [...page.matchAll(/^\| `(--[^`]+)` \|/gm)].map(([, flags]) => flags);
    const known = new Set(COMMANDS.flatMap(([, command]) => command.options.map(({ flags }) => flags)));
    expect(documented.filter((flags) => !known.has(flags ?? ''))).toEqual([]);
  });
});

describe('docs/identity-providers.md', () => {
  const page = readFileSync('docs/identity-providers.md', 'utf8');
  const rowOf = (name: string) => page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';

  it.each(PACKS.map((pack) => [pack.name, pack] as const))('has %s with its other names and settings', (name, { aliases, settings }) => {
    for (const alias of aliases) expect(rowOf(name)).toContain(`\`${alias}\``);
    if (!rowOf(name).includes('the same')) for (const setting of Object.keys(settings)) expect(rowOf(name)).toContain(`\`${setting}\``);
  });

  it.each(Object.keys(SWITCH_NAMES).filter(isSwitch))('has the switch %s with its values', (name) => {
    if (!rowOf(name).includes('the same')) for (const value of switchValues(name)) expect(rowOf(name)).toContain(`\`${value}\``);
    expect(rowOf(name)).not.toBe('');
  });
});
