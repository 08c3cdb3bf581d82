/** The thread of the debug adapter in which the policies run, and wait. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { type Diagnostic, inDocumentOrder } from '../source/diagnostic.ts';
import { renderDiagnostic } from '../source/render.ts';
import { runCase } from '../testing/case.ts';
import { PolicyProblems, type TestGateway, type TestResult } from '../testing/contract.ts';
import type { Breakpoint } from '../testing/debug/breakpoints.ts';
import { type Held, type HeldFrame, PolicyDebugger, type Resume, Stopped } from '../testing/debug/debugger.ts';
import type { Difference } from '../testing/difference.ts';
import { createPolicyGateway } from '../testing/gateway.ts';
import { readSuite, type TestCase } from '../testing/suite.ts';
import { policyDocuments } from '../workspace/documents.ts';
import { createExpressions } from '../workspace/expressions.ts';
import type { XmlNode } from '../xml/tree.ts';
import type { Asked, PlainFrame, Program, Told } from './dap-messages.ts';

export interface WorkerSetup {
  readonly port: MessagePort;
  /** Counts the questions that were asked, so that a held thread can wait for the next; behind it 1 when the call shall be held. */
  readonly signal: Int32Array;
  readonly program: Program;
  /** The program is a configuration of an editor, in which `name` is a title. */
  readonly nameIsTitle: boolean;
}

/** A mistake of what was asked to run. */
class Refused extends Error {}

export async function work(): Promise<void> {
  const setup = workerData as WorkerSetup;
  const run = new DebugRun(setup);
  try {
    await run.run();
  } catch (error) {
    run.tell({ kind: 'output', category: 'stderr', text: `${textOf(error)}\n` });
    run.tell({ kind: 'ended', code: 2 });
  }
}

function textOf(error: unknown): string {
  if (error instanceof PolicyProblems) return error.problems.map((problem) => renderDiagnostic(problem)).join('\n\n');
  return error instanceof Error ? error.message : String(error);
}

class DebugRun {
  readonly #setup: WorkerSetup;
  readonly #breakpoints = new Map<string, readonly Breakpoint[]>();
  readonly #debugger: PolicyDebugger;
  #gateway: TestGateway | undefined;

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
    this.#debugger = new PolicyDebugger({
      expressions: createExpressions(),
      stopOnEntry: setup.program.stopOnEntry ?? false,
      same: (file, name) => resolve(file.name) === resolve(name),
      pause: (held) => this.#pause(held),
      pauseAsked: () => Atomics.exchange(setup.signal, 1, 0) === 1,
      log: (text) => this.tell({ kind: 'output', category: 'stdout', text: `${text}\n` }),
    });
  }

  tell(told: Told): void {
    this.#setup.port.postMessage(told);
  }

  async run(): Promise<void> {
    const test = testOf(this.#setup.program, this.#setup.nameIsTitle);
    const { policies, section, expression, namedValues, clock, seed } = test;
    const subject = { policies, section, namedValues, clock, seed, ...(expression ? { expression: expression.text() } : {}) };
    this.#gateway = await createPolicyGateway({ ...subject, expressions: this.#debugger.expressions });
    this.tell({ kind: 'ready' });
    if (this.#answerUntil('start') === 'stop') return this.tell({ kind: 'ended', code: 0 });
    await this.#runTest(this.#gateway, test);
  }

  async #runTest(gateway: TestGateway, test: TestCase): Promise<void> {
    try {
      const { differences, results } = await runCase(gateway, test, { listener: this.#debugger.listener, timeout: 2_000_000_000 });
      for (const result of results) this.tell({ kind: 'output', category: 'stdout', text: answerText(result) });
      for (const difference of differences) this.tell({ kind: 'output', category: 'stderr', text: differenceText(difference) });
      this.tell({ kind: 'ended', code: differences.length > 0 ? 1 : 0 });
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      this.tell({ kind: 'ended', code: 0 });
    }
  }

  // ------------------------------------------------------------ waiting

  #pause({ reason, frames, text }: Held): Resume {
    this.tell({ kind: 'held', reason, text, frames: frames.map(plainFrame) });
    return this.#answerUntil('resume');
  }

  /** Answers questions, asleep in between, until one says to go on. */
  #answerUntil(last: 'start' | 'resume'): Resume {
    const { port, signal } = this.#setup;
    for (;;) {
      const seen = Atomics.load(signal, 0);
      const next = receiveMessageOnPort(port) as { readonly message: Asked } | undefined;
      if (next === undefined) {
        Atomics.wait(signal, 0, seen);
        continue;
      }
      const { message } = next;
      this.tell({ kind: 'answer', id: message.id, value: this.#answer(message) });
      if (message.kind === 'resume') return message.how;
      if (message.kind === last) return 'continue';
    }
  }

  #answer(question: Asked): unknown {
    switch (question.kind) {
      case 'breakpoints':
        return this.#setBreakpoints(question.file, question.breakpoints);
      case 'scope':
        return this.#debugger.values[question.scope];
      case 'errors':
        this.#debugger.holdsErrors = question.hold;
        return null;
      case 'lines':
        return this.#linesOf(question.file);
      case 'inside':
        return this.#debugger.values.inside(question.reference);
      case 'evaluate':
        return this.#debugger.values.evaluate(question.code);
      case 'assign':
        return this.#debugger.values.assign(question.scope === 'locals' ? 'local' : 'variable', question.name, question.code);
      default:
        return null;
    }
  }

  /** Each breakpoint moves to the next line at which something begins; gives those lines, null where nothing follows. */
  #setBreakpoints(file: string, breakpoints: readonly Breakpoint[]): (number | null)[] {
    const lines = this.#linesOf(file);
    const placed = breakpoints.map((one) => ({ ...one, file, line: lines.find((line) => line >= one.line) }));
    this.#breakpoints.set(
      file,
      placed.flatMap(({ line, ...one }) => (line === undefined ? [] : [{ ...one, line }])),
    );
    this.#debugger.breakpoints = [...this.#breakpoints.values()].flat();
    return placed.map(({ line }) => line ?? null);
  }

  #linesOf(file: string): number[] {
    return [...new Set([...this.#debugger.linesOf(file), ...this.#policyLines(file)])].sort((a, b) => a - b);
  }

  #policyLines(file: string): number[] {
    const documents = this.#gateway ? policyDocuments(this.#gateway.engine.workspace) : [];
    const document = documents.find((one) => resolve(one.file.name) === resolve(file));
    const lines: number[] = [];
    const visit = (nodes: readonly XmlNode[]): void => {
      for (const node of nodes) {
        if (node.kind !== 'element' || !document) continue;
        lines.push(document.file.positionAt(node.span.start).line);
        visit(node.children);
      }
    };
    if (document) visit(document.nodes);
    return lines;
  }
}

function plainFrame({ name, file, span }: HeldFrame): PlainFrame {
  const [start, end] = [file.positionAt(span.start), file.positionAt(span.end)];
  return { name, path: resolve(file.name), line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

function differenceText({ what, expected, actual, writtenBy }: Difference): string {
  return `${what}: expected ${expected}, was ${actual}${writtenBy === undefined ? '' : ` (written by ${writtenBy})`}\n`;
}

function answerText({ status, reason, rawHeaders, body }: TestResult): string {
  const headers = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1] ?? ''}\n`] : []));
  return `${status} ${reason}\n${headers.join('')}\n${body}\n`;
}

/** The test that was asked for, or one made of the request that was described. */
function testOf(program: Program, nameIsTitle: boolean): TestCase {
  const problems: Diagnostic[] = [];
  const { text, file } = suiteText(program);
  const { tests } = readSuite(text, file, resolve(file), (problem) => problems.push(problem));
  const wrong = problems.filter(({ severity }) => severity === 'error');
  if (wrong.length > 0)
    throw new Refused(
      inDocumentOrder(wrong)
        .map((problem) => renderDiagnostic(problem))
        .join('\n\n'),
    );
  const wanted = program.test === undefined ? undefined : (program.testName ?? program.name);
  const named = tests.find(({ name }) => name === wanted);
  const test = wanted === undefined || (nameIsTitle && program.testName === undefined) ? (named ?? tests[0]) : named;
  if (!test)
    throw new Refused(wanted === undefined || tests.length === 0 ? `${file} holds no test` : `${file} has no test named \`${wanted}\``);
  return test;
}

function suiteText({ test, policies, send = 'GET /', given, backend, calls }: Program): {
  readonly text: string;
  readonly file: string;
} {
  if (test !== undefined) return { text: readFileSync(test, 'utf8'), file: test };
  if (policies === undefined) throw new Refused('write `policies` and `send`, or `test`, in the launch configuration');
  const one = { name: 'debug', request: send, given, backend, calls, expect: {} };
  return { text: JSON.stringify({ suite: 'debug', policies: resolve(policies), tests: [one] }), file: 'debug.test.yaml' };
}
