/** `portico dap`: a debug adapter over standard input and output. */
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';
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
import type { Breakpoint } from '../testing/debug/breakpoints.ts';
import type { Resume } from '../testing/debug/debugger.ts';
import type { ShownValue } from '../testing/debug/held-values.ts';
import { type Assignment, assignmentOf, targetOf } from './dap-assignments.ts';
import type { PlainFrame, Program, Question, Scope, Told, Values } from './dap-messages.ts';
import { PolicyThread } from './dap-thread.ts';

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
  { name: 'Context', scope: 'context' },
];

/** References of values follow behind those of scopes. */
const FIRST_VALUE = 1000;
/** The one filter of failures. */
const ERRORS = 'errors';

type Launch = Program & DebugProtocol.LaunchRequestArguments;

class PolicyDebugSession extends DebugSession {
  #thread: PolicyThread | undefined;
  #frames: readonly PlainFrame[] = [];
  #args: Launch = {};
  #isRestarted = false;
  #holdsErrors = true;
  /** Message of the failure at which the call is held. */
  #failure: string | undefined;
  readonly #breakpoints = new Map<string, readonly Breakpoint[]>();

  /** Editors may leave the form of paths out; there is only one. */
  protected override dispatchRequest(request: DebugProtocol.Request): void {
    if (request.command === 'initialize') request.arguments = { pathFormat: 'path', ...request.arguments };
    super.dispatchRequest(request);
  }

  protected override initializeRequest(response: DebugProtocol.InitializeResponse): void {
    response.body = {
      supportsConfigurationDoneRequest: true,
      supportsConditionalBreakpoints: true,
      supportsHitConditionalBreakpoints: true,
      supportsLogPoints: true,
      supportsBreakpointLocationsRequest: true,
      supportsExceptionInfoRequest: true,
      exceptionBreakpointFilters: [
        { filter: ERRORS, label: 'Failures that lead to on-error', default: true, description: 'Hold the call where a policy fails.' },
      ],
      supportsSetExpression: true,
      supportsRestartRequest: true,
      supportsEvaluateForHovers: true,
      supportsSetVariable: true,
      supportsTerminateRequest: true,
    };
    this.sendResponse(response);
  }

  /** Breakpoints may be set as soon as the policies are loaded. */
  protected override launchRequest(response: DebugProtocol.LaunchResponse, args: Launch): void {
    this.#launch(args);
    this.sendResponse(response);
  }

  #launch(args: Launch): void {
    this.#args = args;
    const thread = new PolicyThread(args, (told) => {
      if (thread === this.#thread) this.#told(told);
    });
    this.#thread = thread;
  }

  /** The same call again, perhaps with another configuration; what was set before stays set. */
  protected override restartRequest(response: DebugProtocol.RestartResponse, { arguments: args }: DebugProtocol.RestartArguments): void {
    this.#thread?.end();
    this.#isRestarted = true;
    this.#launch((args as Launch | undefined) ?? this.#args);
    this.sendResponse(response);
  }

  async #ready(): Promise<void> {
    if (!this.#isRestarted) return this.sendEvent(new InitializedEvent());
    for (const [file, breakpoints] of this.#breakpoints) await this.#ask({ kind: 'breakpoints', file, breakpoints });
    await this.#ask({ kind: 'errors', hold: this.#holdsErrors });
    await this.#ask({ kind: 'start' });
  }

  #told(told: Told): void {
    if (told.kind === 'ready') void this.#ready();
    if (told.kind === 'output') this.sendEvent(new OutputEvent(told.text, told.category));
    if (told.kind === 'held') {
      this.#frames = told.frames;
      this.#failure = told.reason === 'exception' ? told.text : undefined;
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
    const wanted = breakpoints.map(({ line, condition, hitCondition, logMessage }) => ({
      file,
      line,
      condition,
      hitCondition,
      logMessage,
    }));
    this.#breakpoints.set(file, wanted);
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

  protected override async setExceptionBreakPointsRequest(
    response: DebugProtocol.SetExceptionBreakpointsResponse,
    { filters }: DebugProtocol.SetExceptionBreakpointsArguments,
  ): Promise<void> {
    this.#holdsErrors = filters.includes(ERRORS);
    await this.#ask({ kind: 'errors', hold: this.#holdsErrors });
    this.sendResponse(response);
  }

  protected override exceptionInfoRequest(response: DebugProtocol.ExceptionInfoResponse): void {
    if (this.#failure === undefined) return this.sendErrorResponse(response, 5, 'no failure holds the call');
    response.body = { exceptionId: this.#frames[0]?.name ?? 'failure', description: this.#failure, breakMode: 'always' };
    return this.sendResponse(response);
  }

  protected override async breakpointLocationsRequest(
    response: DebugProtocol.BreakpointLocationsResponse,
    { source, line, endLine = line }: DebugProtocol.BreakpointLocationsArguments,
  ): Promise<void> {
    const lines = ((await this.#ask({ kind: 'lines', file: source.path ?? '' })) ?? []) as readonly number[];
    response.body = { breakpoints: lines.filter((one) => line <= one && one <= endLine).map((one) => ({ line: one })) };
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

  protected override pauseRequest(response: DebugProtocol.PauseResponse): void {
    this.#thread?.pause();
    this.sendResponse(response);
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
    const question: Question =
      scope === undefined ? { kind: 'inside', reference: variablesReference - FIRST_VALUE } : { kind: 'scope', scope };
    const values = ((await this.#ask(question)) ?? []) as Values;
    response.body = {
      variables: values.map(({ name, type, value, code, reference }) => ({
        name,
        type,
        value,
        variablesReference: referenceOf(reference),
        ...(code === undefined ? {} : { evaluateName: code }),
      })),
    };
    this.sendResponse(response);
  }

  protected override async setVariableRequest(
    response: DebugProtocol.SetVariableResponse,
    { variablesReference, name, value }: DebugProtocol.SetVariableArguments,
  ): Promise<void> {
    const scope = SCOPES[variablesReference - 1]?.scope;
    if (scope !== 'locals' && scope !== 'variables') return this.sendErrorResponse(response, 1, 'only locals and variables can be set');
    return this.#assign(response, { kind: 'assign', scope, name, code: value });
  }

  /** A local by its name, a variable as `context.Variables["name"]`. */
  protected override async setExpressionRequest(
    response: DebugProtocol.SetExpressionResponse,
    { expression, value }: DebugProtocol.SetExpressionArguments,
  ): Promise<void> {
    const target = targetOf(expression);
    if (target === undefined) return this.sendErrorResponse(response, 1, 'only locals and variables can be set');
    return this.#assign(response, { kind: 'assign', ...target, code: value });
  }

  async #assign(response: DebugProtocol.SetVariableResponse | DebugProtocol.SetExpressionResponse, question: Assignment): Promise<void> {
    const set = (await this.#ask(question)) as ShownValue | string | undefined;
    if (set === undefined) return this.sendErrorResponse(response, 4, 'no call is held');
    if (typeof set === 'string') return this.sendErrorResponse(response, 2, set.replaceAll(/[{}]/g, ''));
    response.body = { value: set.value, type: set.type, variablesReference: referenceOf(set.reference) };
    return this.sendResponse(response);
  }

  protected override async evaluateRequest(
    response: DebugProtocol.EvaluateResponse,
    { expression, context }: DebugProtocol.EvaluateArguments,
  ): Promise<void> {
    const assignment = context === 'repl' ? assignmentOf(expression) : undefined;
    const found = (await this.#ask(assignment ?? { kind: 'evaluate', code: expression })) as ShownValue | string | undefined;
    if (found === undefined) return this.sendErrorResponse(response, 4, 'no call is held');
    if (typeof found === 'string') return this.sendErrorResponse(response, 3, found.replaceAll(/[{}]/g, ''));
    response.body = { result: found.value, type: found.type, variablesReference: referenceOf(found.reference) };
    return this.sendResponse(response);
  }
}

function referenceOf(reference: number | undefined): number {
  return reference === undefined ? 0 : FIRST_VALUE + reference;
}
