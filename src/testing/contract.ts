/** What a gateway under test takes and gives. */
import type { Decision } from '../exchange/decision.ts';
import type { ExchangeEvent, SectionName, StepInfo } from '../exchange/events.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { FrozenHost } from '../host/frozen.ts';
import type { SinkRecord } from '../host/host.ts';
import type { StandInProvider } from '../identity/providers/stand-in.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { Engine } from '../workspace/engine.ts';
import type { Expressions } from '../workspace/expressions.ts';
import type { Workspace } from '../workspace/model.ts';
import type { EvaluatedValue } from './difference.ts';
import type { TestGiven } from './given.ts';
import type { TestProvider } from './provider.ts';
import type { TestRequest } from './request.ts';
import type { Answer, Answered, RecordedRequest, Stub } from './stubs.ts';

export interface TestGatewayOptions {
  /** Policy directory, a single document, or a fragment. */
  readonly policies: string;
  /** Where a lone fragment or a lone list of policies runs. Default inbound. */
  readonly section?: SectionName | undefined;
  /** Start of the clock: milliseconds or an ISO date. Default 2026-01-01T00:00:00Z. */
  readonly clock?: number | string;
  /** Seed of chance and GUIDs. Default 1. */
  readonly seed?: number;
  readonly namedValues?: Readonly<Record<string, string>>;
  /** Entry of `environments` in portico.yaml that is laid over the rest. */
  readonly environment?: string;
  /** Accept members outside Azure's published list. */
  readonly anyMember?: boolean;
  /** Share these between gateways: the type tables are costly to build. */
  readonly expressions?: Expressions;
  readonly provider?: TestProvider;
  /** Identity providers; default: those of portico.yaml, else one that stands in for all. */
  readonly identity?: readonly StandInProvider[];
  /** What to run in place of what `policies` names. */
  readonly workspace?: Workspace;
}

/** What a call led to. */
export interface TestResult {
  readonly status: number;
  readonly reason: string;
  /** Name, value, name, value … in wire order. */
  readonly rawHeaders: readonly string[];
  /** All values of a header joined with `,`; undefined when it is absent. */
  header(name: string): string | undefined;
  readonly body: string;
  /** The body as JSON; throws when it is none. */
  json(): unknown;
  /** The connection to the caller broke off in the body. */
  readonly aborted?: boolean;
  /** What reached the backend, one entry a forward. */
  readonly forwarded: readonly RecordedRequest[];
  /** What send-request and the like sent, in order. */
  readonly calls: readonly RecordedRequest[];
  /** Metrics, event hub messages and service bus messages, in order. */
  readonly recorded: readonly SinkRecord[];
  /** Variables as policy text. */
  readonly variables: Readonly<Record<string, string | null>>;
  /** Everything that happened, in order. */
  readonly events: readonly ExchangeEvent[];
  /** Decisions about the caller, as the audit has them. */
  readonly decisions?: readonly Decision[];
  /** `context.LastError`, or null. */
  readonly error: Exchange['lastError'];
  /** Milliseconds that passed on the virtual clock. */
  readonly elapsed: number;
}

/** The policies have errors; `problems` lists them. */
export class PolicyProblems extends Error {
  override readonly name = 'PolicyProblems';
  readonly problems: readonly Diagnostic[];

  constructor(problems: readonly Diagnostic[]) {
    const first = problems[0];
    const place = first ? `${first.file.name}:${first.file.positionAt(first.span.start).line}: ${first.message}` : '';
    super(`the policies have ${problems.length} error(s): ${place}`);
    this.problems = problems;
  }
}

/** Something that leaves the gateway. */
export interface Outgoing {
  readonly kind: 'backend' | 'call' | 'identity' | 'cache';
  /** `GET https://host/path`, or what was asked of the cache. */
  readonly line: string;
  readonly step: StepInfo | null;
}

/** What a single call brings along. */
export interface CallSetup {
  /** Identity providers from this call on to its end, in place of the gateway's. */
  readonly identity?: readonly StandInProvider[];
  readonly given?: TestGiven;
  /** Answers of the backend. Default: an empty 200. */
  readonly backend?: readonly Stub[];
  readonly calls?: readonly Stub[];
  /** What stubs have answered in calls before; they go on behind it. Default: nothing. */
  readonly answered?: Answered;
  /** Receives every event as it happens (trace printer, coverage). */
  readonly listener?: ((event: ExchangeEvent, exchange: Exchange) => void) | undefined;
  /** Told of everything that leaves; an answer takes the place of the stub's (failure matrix). */
  readonly outgoing?: ((outgoing: Outgoing) => Answer | undefined) | undefined;
}

export interface TestGateway {
  readonly engine: Engine;
  readonly host: FrozenHost;
  /** Moves the clock. */
  advance(milliseconds: number): void;
  /** Fresh caches, counters, clock and chance. */
  reset(start?: { readonly clock?: number; readonly seed?: number }): void;
  call(request: TestRequest, setup?: CallSetup): Promise<TestResult>;
  /** The value that an expression under test came to in the last call; undefined when it threw. */
  readonly value: EvaluatedValue | undefined;
  /** The exchange of the last call. */
  readonly exchange: Exchange | undefined;
}
