/** `portico run`: a policy directory as a gateway. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, relative } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { AuditError } from '../gateway/audit.ts';
import type { DemoServer } from '../gateway/demo/backend.ts';
import { type Gateway, type GatewayOptions, LoadFailure, startGateway } from '../gateway/gateway.ts';
import type { OperationOptions } from '../gateway/operations.ts';
import type { GatewayRecorder } from '../gateway/recorder.ts';
import { environmentVariable } from '../host/node-environment.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { renderDiagnostic } from '../source/render.ts';
import type { ClientCertificateMode } from '../workspace/model.ts';
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from '../workspace/operations-yaml.ts';
import { TlsError, type TlsOverride } from '../workspace/tls.ts';
import { tracePrinter } from '../workspace/trace.ts';
import { EXIT, painter, UsageError } from './output.ts';
import { RunConsole } from './run-console.ts';
import { runNotes } from './run-notes.ts';
import type { ParentOptions } from './run-workers.ts';

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
  readonly workers?: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsCa: readonly string[];
  readonly clientCertificate?: ClientCertificateMode;
  readonly audit?: string;
  readonly opsPort?: number;
  readonly opsHost?: string;
  readonly logLevel?: LogLevel;
  readonly logFormat?: LogFormat;
  readonly record?: string;
  readonly console?: number | true;
}

export function register(program: Command): void {
  program
    .command('run [directory]')
    .description('run a policy directory as a gateway')
    .option('--port <port>', 'port to listen on; 0 takes a free one (default: portico.yaml, or 8080)', portNumber)
    .option('--host <address>', 'address to listen on (default: portico.yaml, or 127.0.0.1)')
    .option('--backend <url>', 'backend of every API', backendUrl)
    .addOption(new Option('--watch', 'reload when files change').default(true, 'on'))
    .option('--no-watch', 'do not reload when files change')
    .option('--trace', 'print every step of every call')
    .option(
      '--env <name>',
      'lay this entry of `environments` in portico.yaml over the rest; NAME=value sets a variable for ${env:NAME}; may be repeated',
      collectVariable,
      {},
    )
    .option('--demo', 'start a small backend and an OpenID provider beside it')
    .option('--any-member', "accept .NET members outside Azure's published list")
    .option('--lenient', 'what is not supported is a warning, and fails when it is reached')
    .option('--quiet', 'no access log')
    .option('--workers <n>', 'so many processes behind one port; `auto` is one for each processor (default: 1)', workerCount)
    .option('--tls-cert <file>', 'speak TLS with this certificate (PEM, its chain behind it)')
    .option('--tls-key <file>', 'key of the certificate (PEM)')
    .option('--tls-ca <file>', 'authority whose client certificates are trusted (PEM); may be repeated', collectText, [])
    .addOption(
      new Option('--client-certificate <mode>', 'ask TLS callers for a certificate, or refuse those without one').choices([
        'request',
        'require',
        'none',
      ]),
    )
    .option('--audit <file>', 'write a line for each decision about a caller: a file, or `stdout`')
    .option('--ops-port <port>', 'probes, metrics, log level and traces on this port; 0 takes a free one', portNumber)
    .option('--ops-host <address>', 'address of that port (default: portico.yaml, or 127.0.0.1)')
    .addOption(new Option('--log-level <level>', 'least level that is logged (default: portico.yaml, or info)').choices(LOG_LEVELS))
    .addOption(new Option('--log-format <format>', 'JSON lines, or lines for people (default: portico.yaml, or json)').choices(LOG_FORMATS))
    .option('--record <directory>', 'write each call, with what services answered, as a test; secrets are masked')
    .option('--console [port]', 'a page about the running gateway, for this machine only (port: 8099)', consolePort)
    .action(async (directory: string | undefined, options: RunOptions) => run(directory ?? '.', options));
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return port;
}

function backendUrl(text: string): string {
  if (/^https?:/i.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('write it with scheme and host, such as http://localhost:3000');
}

/** A port; an address before it may only be this machine's. */
function consolePort(text: string): number {
  const [, address, port] = /^(?:(.*):)?(\d+)$/.exec(text) ?? [];
  if (port === undefined) throw new InvalidArgumentError('a port is a number from 0 to 65535; without one, write it behind the directory');
  if (address !== undefined && !/^(?:127\.0\.0\.1|localhost)$/.test(address))
    throw new InvalidArgumentError('the console is for this machine only and listens on 127.0.0.1; write the port alone');
  return portNumber(port);
}

function collectText(text: string, before: readonly string[]): string[] {
  return [...before, text];
}

/** Far more than any machine has use for. */
const MOST_WORKERS = 256;

function workerCount(text: string): number {
  const count = text === 'auto' ? availableParallelism() : Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_WORKERS) return count;
  throw new InvalidArgumentError(`write a number from 1 to ${MOST_WORKERS}, or \`auto\``);
}

/** The variable that chooses an environment. */
const ENVIRONMENT = 'PORTICO_ENV';

function collectVariable(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 0 && text !== '') return { ...before, [ENVIRONMENT]: text };
  if (equals <= 0) throw new InvalidArgumentError('write it as NAME=value');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

async function run(directory: string, options: RunOptions): Promise<void> {
  if (!existsSync(directory)) throw new UsageError(`there is no directory \`${directory}\``);
  const workers = (options.workers ?? 1) > 1 ? await import('./run-workers.ts') : undefined;
  const demo = options.demo && !workers?.isWorker ? await startDemo() : undefined;
  const variables: Readonly<Record<string, string>> = { ...demo?.variables, ...options.env };
  try {
    if (workers && !workers.isWorker) return await workers.runParent(parentOptions(directory, options, variables, demo));
    if (options.record !== undefined && workers) throw new UsageError('--record goes with a single process: leave --workers out');
    const recorder = options.record === undefined ? {} : { recorder: await newRecorder(options.record, directory) };
    const page = new RunConsole(options);
    const changes = { ...workers?.workerOptions(!options.quiet), ...recorder, watcher: page.watcher };
    const gateway = await start(directory, options, variables, changes);
    const identity = await startIdentity(gateway);
    const notes = runNotes(gateway) + (await page.open(gateway));
    if (workers) return workers.followParent(gateway, notes + (identity?.note ?? ''));
    process.stderr.write(`portico listens on ${gateway.address}${gateway.secureAddress ? ` and ${gateway.secureAddress}` : ''}\n${notes}`);
    if (demo) process.stderr.write(demo.welcome(gateway.address));
    if (identity) process.stderr.write(identity.note);
    stopOnSignal(gateway, async () => void (await Promise.all([demo?.stop(), identity?.stop(), page.close()])));
  } catch (error) {
    await demo?.stop();
    // The channel to the parent would keep it alive.
    if (workers?.isWorker) process.disconnect();
    if (!(error instanceof LoadFailure)) throw readable(error, options);
    process.exitCode = EXIT.problems;
  }
}

function parentOptions(
  directory: string,
  { workers = 1, watch }: RunOptions,
  variables: Readonly<Record<string, string>>,
  demo: Demo | undefined,
): ParentOptions {
  return {
    count: workers,
    watched: watch ? directory : undefined,
    variables,
    welcome: (address) => demo?.welcome(address) ?? '',
    stopped: async () => demo?.stop(),
  };
}

/** `changes` are those of a worker. */
function start(
  directory: string,
  options: RunOptions,
  variables: Readonly<Record<string, string>>,
  changes: Partial<GatewayOptions> = {},
): Promise<Gateway> {
  const write = (text: string) => void process.stdout.write(text);
  return startGateway({
    directory,
    environment: (name) => variables[name] ?? environmentVariable(name),
    environmentName: options.env[ENVIRONMENT],
    watch: options.watch,
    onLoad: loadPrinter(),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(options.backend === undefined ? {} : { backend: options.backend }),
    ...(options.quiet ? {} : { log: write }),
    ...(options.trace ? { listener: (requestId) => tracePrinter((line) => write(`${line}\n`), requestId, painter(process.stdout)) } : {}),
    ...(options.audit === undefined ? {} : { audit: options.audit }),
    ...operationsOf(options),
    ...tlsOf(options),
    anyMember: options.anyMember ?? false,
    lenient: options.lenient ?? false,
    ...changes,
  });
}

async function newRecorder(target: string, directory: string): Promise<GatewayRecorder> {
  const { Recorder } = await import('../testing/record/recorder.ts');
  return new Recorder(target, directory, (file, tests) => {
    if (tests === 1) process.stderr.write(`recording ${file}\n`);
  });
}

/** What the command line says about logs and the listener for operations. */
function operationsOf({ opsPort, opsHost, logLevel, logFormat }: RunOptions): OperationOptions {
  return { opsPort, opsHost, logLevel, logFormat, colours: process.stdout.isTTY };
}

/** Only what the command line says about TLS. */
function tlsOf({ tlsCert, tlsKey, tlsCa, clientCertificate }: RunOptions): { readonly tls?: TlsOverride } {
  const tls: TlsOverride = {
    ...(tlsCert === undefined ? {} : { certificate: tlsCert }),
    ...(tlsKey === undefined ? {} : { key: tlsKey }),
    ...(tlsCa.length === 0 ? {} : { authorities: tlsCa }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  };
  return Object.keys(tls).length === 0 ? {} : { tls };
}

/** Prints what each load found, and whether it was taken into service; a first one that was is told by the address. */
function loadPrinter(): (problems: readonly Diagnostic[], taken: boolean) => void {
  let loads = 0;
  return (problems, taken) => {
    const paint = painter(process.stderr);
    for (const problem of problems) process.stderr.write(`${renderDiagnostic(problem, paint)}\n\n`);
    loads += 1;
    if (loads > 1) process.stderr.write(taken ? 'reloaded\n' : 'not reloaded: the last good state stays in service\n');
    else if (!taken) process.stderr.write('not started: correct the errors first\n');
  };
}

type Demo = Awaited<ReturnType<typeof startDemo>>;

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

/** The providers of `identity:` in portico.yaml, for whoever asks them for tokens; workers share their port, as they keep nothing. */
async function startIdentity(gateway: Gateway): Promise<(DemoServer & { readonly note: string }) | undefined> {
  const { providers, port } = gateway.engine.workspace.local.identity;
  if (providers.length === 0) return undefined;
  const { startDemoProvider } = await import('../gateway/demo/provider.ts');
  const server = await startDemoProvider(port, providers).catch(async () => {
    await gateway.stop();
    throw new UsageError(`port ${port} of \`identity\` in portico.yaml cannot be listened on; choose another`);
  });
  const names = providers.map(({ pack, discoveryUrl }) => `  ${pack.name} stands in for ${discoveryUrl}\n`).join('');
  const note = `${names}  on ${server.address}; its keys are public: everybody can make tokens that this gateway accepts\n`;
  return { ...server, note };
}

/** As the person at this terminal can write it: a fresh clone has no `portico` on its path. */
function thisCommand(): string {
  const script = process.argv[1] ?? '';
  if (/[/\\]node_modules[/\\]/.test(script)) return 'npx portico';
  return basename(script) === 'portico' ? 'portico' : `node ${relative('.', script)}`;
}

function tries(gateway: string, provider: string): string {
  const token = `$(${thisCommand()} token mint --issuer ${provider} --audience api://orders --claim scp=orders.read)`;
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
  // Windows has no such signal.
  if (process.platform !== 'win32') process.on('SIGUSR2', () => tellLevel(gateway.toggleDebug()));
  // A service manager's way to say reload; a terminal that closes says it too, and means the end.
  if (!process.stdin.isTTY) process.on('SIGHUP', () => void gateway.reload());
}

function tellLevel(level: string | undefined): void {
  process.stderr.write(level === undefined ? 'there is no log whose level could change\n' : `log level: ${level}\n`);
}

function readable(error: unknown, options: RunOptions): unknown {
  const { code, port = options.port ?? 8080 } = error as { code?: unknown; port?: unknown };
  if (code === 'EADDRINUSE')
    return new UsageError(`port ${port} is in use; choose another with --port, or --ops-port where it is that one`);
  if (error instanceof Error && error.name === 'OpenTelemetryMissing') return new UsageError(error.message);
  if (error instanceof TlsError) return new UsageError(error.message);
  if (error instanceof AuditError) return new UsageError(`the audit file \`${options.audit}\` cannot be opened: ${error.message}`);
  const { syscall, address } = error as { syscall?: unknown; address?: unknown };
  if (code === 'EACCES' && syscall === 'listen') return new UsageError(`port ${port} needs more rights; choose one above 1023`);
  const { hostname } = error as { hostname?: unknown };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new UsageError(`\`${hostname}\` cannot be resolved: write an address of this machine, or 0.0.0.0 for all of them`);
  if (code === 'EADDRNOTAVAIL') return new UsageError(`\`${address}\` is no address of this machine: 0.0.0.0 stands for all of them`);
  return error;
}
