/** Why a value is what it is: the chain of policies that wrote it, with what each of them read. */
import type { ExchangeEvent, StepInfo } from '../exchange/events.ts';
import { GatewayResponse } from '../exchange/message.ts';
import { oneLine } from '../workspace/trace.ts';
import { isWriteOf, type Target, type Write } from './provenance.ts';

export interface Link {
  readonly policy: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly scope: string;
  readonly section: string;
  readonly path: string;
  /** Where the value was written; undefined for an error that made it. */
  readonly before: string | undefined;
  readonly after: string;
  /** Branches that led there, outermost first. */
  readonly because: readonly Because[];
  readonly inputs: readonly InputValue[];
}

export interface Because {
  readonly policy: string;
  readonly file: string;
  readonly line: number;
  readonly branch: string;
}

/** An expression with its value, and where what it reads came from. */
export interface InputValue {
  readonly expression: string;
  readonly value: string;
  readonly reads: readonly Read[];
}

export interface Read {
  /** `variables.jwt`, `request.headers.x-a` … */
  readonly name: string;
  /** Empty: no policy wrote it. */
  readonly chain: readonly Link[];
  readonly origin: string;
}

/** How far reads of reads are followed. */
const DEEPEST = 4;

/** `response.headers.x`, `request.url`, `request.query.page`, `variables.jwt` …; undefined when it is none of them. */
export function targetNamed(name: string): Target | undefined {
  const text = name.replace(/^forwarded\./, 'request.').replace(/^(headers\.|status$|reason$|body$)/, 'response.$1');
  const header = /^(request|response)\.headers?\.(.+)$/.exec(text);
  if (header) return { target: `${header[1] ?? ''}.header`, name: header[2] };
  const query = /^(?:request\.)?query\.(.+)$/.exec(text);
  if (query) return { target: 'query', name: query[1] };
  const variable = /^variables?\.(.+)$/.exec(text);
  if (variable) return { target: 'variable', name: variable[1] };
  return WHOLE.get(text);
}

const WHOLE: ReadonlyMap<string, Target> = new Map([
  ['response.status', { target: 'status' }],
  ['response.reason', { target: 'status' }],
  ['response.body', { target: 'response.body' }],
  ['request.body', { target: 'request.body' }],
  ['request.url', { target: 'url' }],
  ['request.path', { target: 'url' }],
  ['request.query', { target: 'query' }],
  ['request.method', { target: 'method' }],
  ['url', { target: 'url' }],
  ['method', { target: 'method' }],
]);

export function chainOf(events: readonly ExchangeEvent[], target: Target, depth = 0): Link[] {
  const written = events.flatMap((event, at) => {
    if (isWriteOf(event, target) && event.step) return [writeLink(event, event.step, events.slice(0, at), depth)];
    return event.kind === 'error-raised' && isOfAnswer(target) && depth === 0 ? [errorLink(event, events.slice(0, at), depth)] : [];
  });
  return written.length > 0 || target.target !== 'status'
    ? written
    : events.flatMap((event, at) => backendLinks(event, events.slice(0, at)));
}

/** An error makes an answer of its own. */
function isOfAnswer({ target }: Target): boolean {
  return target === 'status' || target.startsWith('response.');
}

function writeLink(write: Write, step: StepInfo, before: readonly ExchangeEvent[], depth: number): Link {
  const { name } = write;
  return { ...placeOf(step), before: shown(write.before, name), after: shown(write.after, name), ...causes(step, before, depth) };
}

/** What the backend answered: its status, where no policy wrote another. */
function backendLinks(event: ExchangeEvent, before: readonly ExchangeEvent[]): Link[] {
  if (event.kind !== 'call-made' || event.step?.policy !== 'forward-request' || event.status === null) return [];
  const { step, method, url, status } = event;
  const after = shown(`${status} from ${method} ${url}`, '').slice(1, -1);
  return [{ ...placeOf(step), before: undefined, after, because: branchesTo(step, before), inputs: [] }];
}

function errorLink(
  { error, step }: Extract<ExchangeEvent, { kind: 'error-raised' }>,
  before: readonly ExchangeEvent[],
  depth: number,
): Link {
  const after = `error ${error.source} ${error.reason ?? ''}: ${error.message}`;
  if (step) return { ...placeOf(step), before: undefined, after, ...causes(step, before, depth) };
  const nowhere = { file: '', line: 0, column: 0, scope: error.scope ?? '', section: error.section ?? '', path: error.path ?? '' };
  return { policy: error.source, ...nowhere, before: undefined, after, because: [], inputs: [] };
}

function placeOf({ policy, file, span, scope, section, path }: StepInfo) {
  const { line, column } = file.positionAt(span.start);
  return { policy, file: file.name, line, column, scope, section, path };
}

function causes(step: StepInfo, before: readonly ExchangeEvent[], depth: number): Pick<Link, 'because' | 'inputs'> {
  return { because: branchesTo(step, before), inputs: inputsOf(step, before, depth) };
}

/** The last branch taken in each element around the step. */
function branchesTo(step: StepInfo, before: readonly ExchangeEvent[]): Because[] {
  const taken = new Map<string, Because>();
  for (const event of before) {
    if (event.kind !== 'branch-taken' || !event.step) continue;
    const { file, path, section, policy, span } = event.step;
    if (file !== step.file || section !== step.section || !step.path.startsWith(`${path}/`)) continue;
    taken.set(path, { policy, file: file.name, line: file.positionAt(span.start).line, branch: event.branch });
  }
  return [...taken].sort(([a], [b]) => a.length - b.length).map(([, because]) => because);
}

/** Expressions that the step has evaluated since it last started. */
function inputsOf(step: StepInfo, before: readonly ExchangeEvent[], depth: number): InputValue[] {
  const started = before.findLastIndex((event) => event.kind === 'step-started' && event.step === step);
  return before.slice(Math.max(0, started)).flatMap((event, at) => {
    if (event.kind !== 'expression-evaluated' || event.step !== step) return [];
    const earlier = before.slice(0, Math.max(0, started) + at);
    return [
      {
        expression: oneLine(event.expression),
        value: shown(event.value, ''),
        reads: depth < DEEPEST ? readsOf(event.expression, earlier, depth) : [],
      },
    ];
  });
}

/** What the text of an expression mentions; the names of variables and headers are nearly always literals there. */
const MENTIONS: readonly (readonly [pattern: RegExp, nameOf: (match: RegExpExecArray) => string, origin: string])[] = [
  [
    /\bVariables(?:\s*\[\s*"([^"]+)"|\.GetValueOrDefault(?:<[^>(]*>)?\s*\(\s*"([^"]+)")/g,
    (m) => `variables.${m[1] ?? m[2] ?? ''}`,
    'it was there before',
  ],
  [
    /\bRequest\.Headers(?:\s*\[\s*"([^"]+)"|\.GetValueOrDefault\s*\(\s*"([^"]+)")/g,
    (m) => `request.headers.${(m[1] ?? m[2] ?? '').toLowerCase()}`,
    'the caller sent it',
  ],
  [
    /\bResponse\.Headers(?:\s*\[\s*"([^"]+)"|\.GetValueOrDefault\s*\(\s*"([^"]+)")/g,
    (m) => `response.headers.${(m[1] ?? m[2] ?? '').toLowerCase()}`,
    'the backend sent it',
  ],
  [
    /\bRequest\.Url\.Query(?:\s*\[\s*"([^"]+)"|\.GetValueOrDefault\s*\(\s*"([^"]+)")/g,
    (m) => `request.query.${m[1] ?? m[2] ?? ''}`,
    'the caller sent it',
  ],
  [/\bRequest\.Body\b/g, () => 'request.body', 'the caller sent it'],
  [/\bResponse\.Body\b/g, () => 'response.body', 'the backend sent it'],
  [/\bResponse\.StatusCode\b/g, () => 'response.status', 'the backend sent it'],
];

function readsOf(expression: string, before: readonly ExchangeEvent[], depth: number): Read[] {
  const reads = new Map<string, Read>();
  for (const [pattern, nameOf, origin] of MENTIONS) {
    for (const match of expression.matchAll(pattern)) {
      const name = nameOf(match);
      const target = targetNamed(name);
      if (!target || reads.has(name)) continue;
      const chain = chainOf(before, target, depth + 1);
      reads.set(name, { name, chain, origin: chain.length > 0 ? 'a policy wrote it' : origin });
    }
  }
  return [...reads.values()];
}

// ------------------------------------------------------------ values as text

const LONGEST = 200;
const CREDENTIALS = /^(?:(?:proxy-)?authorization|cookie|set-cookie|ocp-apim-subscription-key)$/i;

function shown(value: unknown, name: string): string {
  const text = textOf(value);
  if (text !== 'none' && CREDENTIALS.test(name)) return '****';
  const masked = oneLine(text).replace(/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)*/g, 'eyJ****');
  return masked.length > LONGEST ? `${masked.slice(0, LONGEST)}…` : masked;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(', ');
  if (typeof value === 'string') return `"${value}"`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof GatewayResponse) return `a response with status ${value.status}`;
  if (typeof value === 'object' && 'value' in value && typeof value.value !== 'object') return String(value.value);
  if (typeof value === 'object' && 'netToString' in value) return String((value as { netToString(): unknown }).netToString());
  return typeof value === 'object' ? 'an object' : String(value);
}
