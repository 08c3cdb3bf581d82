#!/usr/bin/env node
/**
 * The command `portico`. Each command lives in a file of its own, which loads only when it is asked for; here stand
 * their names and one-line descriptions.
 */
import module from 'node:module';
import { Command, Help } from 'commander';
import { messageOf, reasonOf } from '../source/system-error.ts';
import { tooOldNode } from './node-version.ts';

declare const PORTICO_VERSION: string;

/** A command file adds its command, with options and action, to the program. */
interface CommandFile {
  register(program: Command): void;
}

interface CommandEntry {
  readonly description: string;
  load(): Promise<CommandFile>;
}

const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  run: { description: 'run a policy directory as a gateway', load: () => import('./run.ts') },
  check: { description: 'find everything that Azure would refuse, without running anything', load: () => import('./check.ts') },
  lint: { description: 'find what Azure accepts and nobody wants: mistakes, holes, leftovers', load: () => import('./lint.ts') },
  fmt: { description: 'lay out policy documents and the C# in them', load: () => import('./fmt.ts') },
  test: { description: 'run the *.test.yaml files of policies, offline', load: () => import('./test.ts') },
  eval: { description: 'evaluate one policy expression', load: () => import('./eval.ts') },
  explain: { description: 'print the effective policy of an operation with the origin of every line', load: () => import('./explain.ts') },
  routes: { description: 'print every route with its API, operation, backend and scopes', load: () => import('./routes.ts') },
  diff: { description: 'list what changes in effect between two policy directories', load: () => import('./diff.ts') },
  token: { description: 'explain tokens, mint them, and check identity providers', load: () => import('./token.ts') },
  import: { description: 'turn templates, exports and API definitions into a policy directory', load: () => import('./import.ts') },
  init: { description: 'make a new policy directory with a policy and a passing test', load: () => import('./init.ts') },
  lsp: { description: 'language server for editors, over standard input and output', load: () => import('./lsp.ts') },
  dap: { description: 'debug adapter for editors, over standard input and output', load: () => import('./dap.ts') },
};

export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('portico')
    .description('Runs, checks and tests Azure API Management policies anywhere.')
    .version(typeof PORTICO_VERSION === 'string' ? PORTICO_VERSION : '0.0.0-source')
    .showHelpAfterError('(portico --help lists the commands)')
    .configureHelp({ optionDescription: (option) => new Help().optionDescription(option).replace(/ \(default: (?:\{\}|\[\])\)/, '') })
    .configureOutput({ outputError: (text, write) => write(text) })
    .exitOverride((error) => {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      throw new Finished();
    });
  const asked = argv.find((argument) => !argument.startsWith('-'));
  const named = asked === 'help' ? argv[argv.indexOf(asked) + 1] : asked;
  for (const [name, { description, load }] of Object.entries(COMMANDS)) {
    if (name === named) await registerWith(program, load);
    else program.command(name, { hidden: false }).description(description);
  }
  // Commander prints its own help for a command that there is not.
  const isNone = asked === 'help' && named !== undefined && named !== 'help' && !Object.hasOwn(COMMANDS, named);
  await program.parseAsync(isNone ? [named] : [...argv], { from: 'user' });
}

async function registerWith(program: Command, load: CommandEntry['load']): Promise<void> {
  (await load()).register(program);
  const [command] = program.commands.slice(-1);
  if (command) pointToHelp(command, 'portico');
}

/** Who has an option wrong is led to the list of that command. */
function pointToHelp(command: Command, before: string): void {
  const words = `${before} ${command.name()}`;
  command.showHelpAfterError(`(${words} --help lists the ${command.commands.length > 0 ? 'commands' : 'options'})`);
  for (const below of command.commands) pointToHelp(below, words);
}

/** Commander has printed what there is to print; nothing is left to do. */
class Finished extends Error {}

/** Whoever reads our output may stop reading: `portico --help | head`. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`portico: the output cannot be written: ${reasonOf(error)}\n`);
  process.exit(2);
});
/** Nobody is left to be told. */
process.stderr.on('error', () => undefined);

/** From Node 22.1 on, what was compiled at one start is there at the next; NODE_DISABLE_COMPILE_CACHE=1 turns it off. */
(module as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();

function failed(message: string): void {
  process.stderr.write(`portico: ${message}\n`);
  process.exitCode = 2;
}

const tooOld = tooOldNode(process.versions.node);
if (tooOld !== undefined) failed(tooOld);
else
  main(process.argv.slice(2)).catch((error: unknown) => {
    if (!(error instanceof Finished)) failed(messageOf(error));
  });
