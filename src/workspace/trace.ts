/** The trace that `run --trace` and `test --trace` print: each step with place and time, what it changed, token checks. */
import type { ExchangeEvent, ExchangeListener, StepInfo } from '../exchange/events.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Paint } from '../source/render.ts';

const PLAIN: Paint = (_style, text) => text;

/** Longest value that is shown. */
const LONGEST = 200;

/** A listener that prints one line an event; nested steps are indented. */
export function tracePrinter(print: (line: string) => void, requestId: string, paint: Paint = PLAIN): ExchangeListener {
  let depth = 0;
  let first = true;
  return (event, exchange) => {
    if (first)
      print(paint('bold', `--> ${exchange.request.originalMethod} ${hideKeys(exchange.request.originalUrl.toString())}  (${requestId})`));
    first = false;
    if (event.kind === 'step-finished') depth -= 1;
    for (const line of linesOf(event, exchange, paint)) print(`${time(exchange)} ${'  '.repeat(Math.max(0, depth) + 1)}${line}`);
    if (event.kind === 'step-started') depth += 1;
  };
}

function time(exchange: Exchange): string {
  return `${exchange.elapsed.toFixed(2).padStart(9)} ms`;
}

function linesOf(event: ExchangeEvent, exchange: Exchange, paint: Paint): string[] {
  switch (event.kind) {
    case 'section-started':
      return [paint('bold', `[${event.section}]`)];
    case 'step-started':
      return [`${paint('blue', event.step.policy)} ${paint('dim', placeOf(event.step))}`];
    case 'step-skipped':
      return [paint('dim', `${event.step.policy} ${placeOf(event.step)} not reached`)];
    case 'branch-taken':
      return [`branch: ${event.branch}`];
    case 'expression-evaluated':
      return [`@ ${shorten(oneLine(event.expression))} = ${show(event.value)}`];
    case 'value-written':
      return [written(event)];
    case 'call-made':
      return [`call ${event.method} ${hideKeys(event.url)} -> ${event.status ?? paint('red', event.error ?? 'no answer')}`];
    case 'message':
      return [`${event.severity} from ${event.source}: ${shorten(event.message)}`];
    case 'token-checked':
      return [
        `${event.passed ? 'ok  ' : paint('red', 'FAIL')} ${event.check}: expected ${shorten(event.expected)}, actual ${shorten(event.actual)}`,
      ];
    case 'error-raised':
      return [paint('red', `error ${event.error.source} ${event.error.reason ?? ''}: ${oneLine(event.error.message)}`)];
    default:
      return event.kind === 'section-finished' && event.section === 'on-error'
        ? [paint('dim', `answer ${exchange.response?.status ?? ''}`)]
        : [];
  }
}

function written({ target, name, before, after }: Extract<ExchangeEvent, { kind: 'value-written' }>): string {
  const value = target.endsWith('header') && CREDENTIAL_HEADERS.has(name.toLowerCase()) ? hide : show;
  return `${target}${name === '' ? '' : ` ${name}`}: ${value(before)} -> ${value(after)}`;
}

/** Headers that carry credentials: whether they change is shown, what they hold is not. */
const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'ocp-apim-subscription-key',
]);

function hide(value: unknown): string {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0) ? 'none' : '****';
}

/** Keys and tokens in a query string. */
function hideKeys(url: string): string {
  return url.replace(/([?&](?:subscription-key|access_token|id_token|token|code|sig|key)=)[^&#]*/gi, '$1****');
}

/** Whatever looks like a signed token keeps its first letters only. */
function hideTokens(text: string): string {
  return text.replace(/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)*/g, 'eyJ****');
}

/** `policies/apis/orders/policy.xml:12 choose[1]/when[2]` */
function placeOf({ file, span, path }: StepInfo): string {
  const { line, column } = file.positionAt(span.start);
  return `${file.name}:${line}:${column} ${path}`;
}

function show(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : shorten(value.map(String).join(', '));
  return shorten(oneLine(typeof value === 'string' ? `"${value}"` : textOf(value)));
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value === 'object' && value !== null && 'value' in value) return String((value as { value: unknown }).value);
  if (typeof value === 'object' && value !== null && 'netToString' in value)
    return String((value as { netToString(): unknown }).netToString());
  return typeof value === 'object' ? 'an object' : String(value);
}

/** White space and line breaks as one blank each. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function shorten(text: string): string {
  const shown = hideTokens(text);
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}
