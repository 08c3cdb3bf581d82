/** `portico run`: a policy directory as a gateway. */
import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { type Gateway, LoadFailure, startGateway } from '../gateway/gateway.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { renderDiagnostic } from '../source/render.ts';
import { tracePrinter } from '../workspace/trace.ts';
import { EXIT, painter, UsageError } from './output.ts';

interface RunOptions {
  readonly port?: number;
  readonly host?: string;
  readonly backend?: string;
  readonly watch: boolean;
  readonly trace?: boolean;
  readonly demo?: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly anyMember?: boolean;
  readonly lenient?: boolean;
  readonly quiet?: boolean;
}

export function register(program: Command): void {
  program
    .command('run [directory]')
    .description('run a policy directory as a gateway')
    .option('--port <port>', 'port to listen on; 0 takes a free one (default: portico.yaml, or 8080)', portNumber)
    .option('--host <address>', 'address to listen on (default: portico.yaml, or 127.0.0.1)')
    .option('--backend <url>', 'backend of every API')
    .option('--no-watch', 'do not reload when files change')
    .option('--trace', 'print every step of every call')
    .option('--env <NAME=value>', 'set a variable for ${env:NAME} in portico.yaml; may be repeated', collectVariable, {})
    .option('--demo', 'start a small backend and an OpenID provider beside it')
    .option('--any-member', "accept .NET members outside Azure's published list")
    .option('--lenient', 'what is not supported is a warning, and fails when it is reached')
    .option('--quiet', 'no access log')
    .action(async (directory: string | undefined, options: RunOptions) => run(directory ?? '.', options));
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return port;
}

function collectVariable(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new InvalidArgumentError('write it as NAME=value');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

async function run(directory: string, options: RunOptions): Promise<void> {
  if (!existsSync(directory)) throw new UsageError(`there is no directory \`${directory}\``);
  const demo = options.demo ? await startDemo() : undefined;
  const variables: Readonly<Record<string, string>> = { ...demo?.variables, ...options.env };
  try {
    const gateway = await start(directory, options, variables);
    process.stderr.write(`portico listens on ${gateway.address}\n`);
    if (demo) process.stderr.write(demo.welcome(gateway.address));
    stopOnSignal(gateway, demo?.stop);
  } catch (error) {
    await demo?.stop();
    if (!(error instanceof LoadFailure)) throw readable(error, options);
    process.exitCode = EXIT.problems;
  }
}

function start(directory: string, options: RunOptions, variables: Readonly<Record<string, string>>): Promise<Gateway> {
  const write = (text: string) => void process.stdout.write(text);
  return startGateway({
    directory,
    environment: (name) => variables[name] ?? process.env[name],
    watch: options.watch,
    onLoad: loadPrinter(),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(options.backend === undefined ? {} : { backend: options.backend }),
    ...(options.quiet ? {} : { log: write }),
    ...(options.trace ? { listener: (requestId) => tracePrinter((line) => write(`${line}\n`), requestId, painter(process.stdout)) } : {}),
    anyMember: options.anyMember ?? false,
    lenient: options.lenient ?? false,
  });
}

/** Prints what each load found, and from the second one on whether it was taken into service. */
function loadPrinter(): (problems: readonly Diagnostic[], taken: boolean) => void {
  let loads = 0;
  return (problems, taken) => {
    const paint = painter(process.stderr);
    for (const problem of problems) process.stderr.write(`${renderDiagnostic(problem, paint)}\n\n`);
    loads += 1;
    if (loads > 1) process.stderr.write(taken ? 'reloaded\n' : 'not reloaded: the last good state stays in service\n');
  };
}

/** The embedded backend and provider, and what tells the directory where they are. */
async function startDemo() {
  const { startDemoBackend } = await import('../gateway/demo/backend.ts');
  const { startDemoProvider } = await import('../gateway/demo/provider.ts');
  const [backend, provider] = [await startDemoBackend(), await startDemoProvider()];
  return {
    variables: { PORTICO_BACKEND: backend.address, PORTICO_OPENID: provider.address },
    welcome: (gateway: string) =>
      `  demo backend on ${backend.address}\n  OpenID provider on ${provider.address}\n\nTry:\n${tries(gateway, provider.address)}\n`,
    stop: async () => {
      await Promise.all([backend.stop(), provider.stop()]);
    },
  };
}

function tries(gateway: string, provider: string): string {
  const token = `$(curl -s ${provider}/token -d grant_type=client_credentials -d client_id=me -d scope=orders.read | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`;
  return [
    `  curl -i ${gateway}/hello`,
    `  curl -i ${gateway}/orders/7`,
    `  curl -i ${gateway}/orders/7 -H "Authorization: Bearer ${token}"`,
    '',
  ].join('\n');
}

function stopOnSignal(gateway: Gateway, stopDemo: (() => Promise<void>) | undefined): void {
  const stop = async (): Promise<void> => {
    process.stderr.write('\nstopping: waiting for running calls\n');
    await gateway.stop();
    await stopDemo?.();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
}

function readable(error: unknown, options: RunOptions): unknown {
  const { code } = error as { code?: unknown };
  if (code === 'EADDRINUSE') return new UsageError(`port ${options.port ?? 8080} is in use; choose another with --port`);
  if (code === 'EACCES') return new UsageError(`port ${options.port ?? 8080} needs more rights; choose one above 1023 with --port`);
  return error;
}
