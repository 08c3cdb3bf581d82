/** `portico dap`: a debug adapter over standard input and output. */
import { basename } from 'node:path';
import { isMainThread, MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import {
  DebugSession,
  InitializedEvent,
  OutputEvent,
  Scope as ShownScope,
  Source,
  StackFrame,
  StoppedEvent,
  TerminatedEvent,
  Thread,
} from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Command } from 'commander';
import type { Resume, ShownValue } from '../testing/debug/debugger.ts';
import type { PlainFrame, Program, Question, Scope, Told, Values } from './dap-messages.ts';

export function register(program: Command): void {
  program
    .command('dap')
    .description('debug adapter for editors, over standard input and output')
    .addHelpText('after', '\nExit code: 0 ended by the editor, 1 the connection broke, 2 wrong use.')
    .action(async () => {
      // The thread that runs the policies is this program, too.
      if (!isMainThread) return (await import('./dap-worker.ts')).work();
      return new PolicyDebugSession().start(process.stdin, process.stdout);
    });
}

const THREAD = 1;
const SCOPES: readonly { readonly name: string; readonly scope: Scope }[] = [
  { name: 'Locals', scope: 'locals' },
  { name: 'Variables', scope: 'variables' },
  { name: 'Message', scope: 'message' },
  { name: 'Headers', scope: 'headers' },
];

type Launch = Program & DebugProtocol.LaunchRequestArguments;

class PolicyDebugSession extends DebugSession {
  #thread: PolicyThread | undefined;
  #frames: readonly PlainFrame[] = [];

  /** Editors may leave the form of paths out; there is only one. */
  protected override dispatchRequest(request: DebugProtocol.Request): void {
    if (request.command === 'initialize') request.arguments = { pathFormat: 'path', ...request.arguments };
    super.dispatchRequest(request);
  }

  protected override initializeRequest(response: DebugProtocol.InitializeResponse): void {
    response.body = {
      supportsConfigurationDoneRequest: true,
      supportsConditionalBreakpoints: true,
      supportsEvaluateForHovers: true,
      supportsSetVariable: true,
      supportsTerminateRequest: true,
    };
    this.sendResponse(response);
  }

  /** Breakpoints may be set as soon as the policies are loaded. */
  protected override launchRequest(response: DebugProtocol.LaunchResponse, args: Launch): void {
    this.#thread = new PolicyThread(args, (told) => this.#told(told));
    this.sendResponse(response);
  }

  #told(told: Told): void {
    if (told.kind === 'ready') this.sendEvent(new InitializedEvent());
    if (told.kind === 'output') this.sendEvent(new OutputEvent(told.text, told.category));
    if (told.kind === 'held') {
      this.#frames = told.frames;
      this.sendEvent(new StoppedEvent(told.reason, THREAD, told.text ?? ''));
    }
    if (told.kind === 'ended') {
      this.sendEvent({ seq: 0, type: 'event', event: 'exited', body: { exitCode: told.code } } as DebugProtocol.ExitedEvent);
      this.sendEvent(new TerminatedEvent());
    }
  }

  protected override async setBreakPointsRequest(
    response: DebugProtocol.SetBreakpointsResponse,
    { source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments,
  ): Promise<void> {
    const file = source.path ?? '';
    const wanted = breakpoints.map(({ line, condition }) => ({ file, line, condition }));
    const lines = (await this.#ask({ kind: 'breakpoints', file, breakpoints: wanted })) as readonly (number | null)[] | undefined;
    response.body = {
      breakpoints: wanted.map((one, i) => {
        const line = lines?.[i] ?? null;
        return line === null
          ? { verified: false, line: one.line, message: 'nothing begins at this line or behind it' }
          : { verified: true, line };
      }),
    };
    this.sendResponse(response);
  }

  protected override async configurationDoneRequest(response: DebugProtocol.ConfigurationDoneResponse): Promise<void> {
    this.sendResponse(response);
    await this.#ask({ kind: 'start' });
  }

  async #ask(question: Question): Promise<unknown> {
    return this.#thread?.ask(question);
  }

  // ------------------------------------------------------------ going on

  async #go(response: DebugProtocol.Response, how: Resume): Promise<void> {
    this.sendResponse(response);
    await this.#ask({ kind: 'resume', how });
  }

  protected override continueRequest(response: DebugProtocol.ContinueResponse): void {
    response.body = { allThreadsContinued: true };
    void this.#go(response, 'continue');
  }

  protected override nextRequest(response: DebugProtocol.NextResponse): void {
    void this.#go(response, 'next');
  }

  protected override stepInRequest(response: DebugProtocol.StepInResponse): void {
    void this.#go(response, 'in');
  }

  protected override stepOutRequest(response: DebugProtocol.StepOutResponse): void {
    void this.#go(response, 'out');
  }

  protected override terminateRequest(response: DebugProtocol.TerminateResponse): void {
    this.#thread?.end();
    this.sendResponse(response);
    this.sendEvent(new TerminatedEvent());
  }

  protected override disconnectRequest(response: DebugProtocol.DisconnectResponse, args: DebugProtocol.DisconnectArguments): void {
    this.#thread?.end();
    super.disconnectRequest(response, args);
  }

  // ------------------------------------------------------------ looking

  protected override threadsRequest(response: DebugProtocol.ThreadsResponse): void {
    response.body = { threads: [new Thread(THREAD, 'the call')] };
    this.sendResponse(response);
  }

  protected override stackTraceRequest(response: DebugProtocol.StackTraceResponse): void {
    const stackFrames = this.#frames.map((frame, i) => {
      const shown: DebugProtocol.StackFrame = new StackFrame(
        i + 1,
        frame.name,
        new Source(basename(frame.path), frame.path),
        frame.line,
        frame.column,
      );
      return { ...shown, endLine: frame.endLine, endColumn: frame.endColumn };
    });
    response.body = { stackFrames, totalFrames: stackFrames.length };
    this.sendResponse(response);
  }

  protected override scopesRequest(response: DebugProtocol.ScopesResponse): void {
    response.body = { scopes: SCOPES.map(({ name }, i) => new ShownScope(name, i + 1, false)) };
    this.sendResponse(response);
  }

  protected override async variablesRequest(
    response: DebugProtocol.VariablesResponse,
    { variablesReference }: DebugProtocol.VariablesArguments,
  ): Promise<void> {
    const scope = SCOPES[variablesReference - 1]?.scope;
    const values = scope === undefined ? [] : (((await this.#ask({ kind: 'scope', scope })) ?? []) as Values);
    response.body = { variables: values.map(({ name, type, value }) => ({ name, type, value, variablesReference: 0 })) };
    this.sendResponse(response);
  }

  protected override async setVariableRequest(
    response: DebugProtocol.SetVariableResponse,
    { variablesReference, name, value }: DebugProtocol.SetVariableArguments,
  ): Promise<void> {
    const scope = SCOPES[variablesReference - 1]?.scope;
    if (scope !== 'locals' && scope !== 'variables') return this.sendErrorResponse(response, 1, 'only locals and variables can be set');
    const set = (await this.#ask({ kind: 'assign', scope, name, code: value })) as ShownValue | string | undefined;
    if (set === undefined) return this.sendErrorResponse(response, 4, 'no call is held');
    if (typeof set === 'string') return this.sendErrorResponse(response, 2, set.replaceAll(/[{}]/g, ''));
    response.body = { value: set.value, type: set.type };
    return this.sendResponse(response);
  }

  protected override async evaluateRequest(
    response: DebugProtocol.EvaluateResponse,
    { expression }: DebugProtocol.EvaluateArguments,
  ): Promise<void> {
    const found = (await this.#ask({ kind: 'evaluate', code: expression })) as ShownValue | string | undefined;
    if (found === undefined) return this.sendErrorResponse(response, 4, 'no call is held');
    if (typeof found === 'string') return this.sendErrorResponse(response, 3, found.replaceAll(/[{}]/g, ''));
    response.body = { result: found.value, type: found.type, variablesReference: 0 };
    return this.sendResponse(response);
  }
}

/** The thread in which the policies run: it sleeps while a call is held, and wakes up for questions. */
class PolicyThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #signal = new Int32Array(new SharedArrayBuffer(4));
  readonly #waiting = new Map<number, (value: unknown) => void>();
  readonly #told: (told: Told) => void;
  #asked = 0;
  #hasEnded = false;

  constructor(program: Program, told: (told: Told) => void) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#told = told;
    port1.on('message', (message: Told) => this.#take(message));
    const workerData = { port: port2, signal: this.#signal, program };
    this.#worker = new Worker(process.argv[1] ?? '', { argv: ['dap'], workerData, transferList: [port2], stdout: true });
    this.#worker.on('error', (error) => {
      told({ kind: 'output', category: 'stderr', text: `${error.message}\n` });
      this.#take({ kind: 'ended', code: 2 });
    });
  }

  #take(message: Told): void {
    if (message.kind === 'answer') {
      this.#waiting.get(message.id)?.(message.value);
      this.#waiting.delete(message.id);
      return;
    }
    if (message.kind === 'ended') this.#close();
    this.#told(message);
  }

  /** Nobody answers any more. */
  #close(): void {
    this.#hasEnded = true;
    for (const answer of this.#waiting.values()) answer(undefined);
    this.#waiting.clear();
  }

  /** Undefined when the call has ended. */
  ask(question: Question): Promise<unknown> {
    if (this.#hasEnded) return Promise.resolve(undefined);
    this.#asked += 1;
    const id = this.#asked;
    const answer = new Promise<unknown>((done) => this.#waiting.set(id, done));
    this.#port.postMessage({ ...question, id });
    Atomics.add(this.#signal, 0, 1);
    Atomics.notify(this.#signal, 0);
    return answer;
  }

  end(): void {
    this.#close();
    void this.#worker.terminate();
    this.#port.close();
  }
}
