import type { Exchange } from '../exchange/exchange.ts';
import { Headers } from '../exchange/headers.ts';
import { GatewayResponse } from '../exchange/message.ts';
import { defaultPort, Url } from '../exchange/url.ts';
import type { Input, PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, groupChild, optional, type PolicyDefinition, UNBOUNDED, valueChild } from './definition.ts';
import * as faults from './faults.ts';
import { constantInput, needed, texts } from './shared/inputs.ts';
import type { Step, StepResult } from './step.ts';

/** `<cors>`: answers preflights and adds CORS headers to cross-origin calls. */
export const cors: PolicyDefinition = {
  name: 'cors',
  summary: 'Answers CORS preflights and adds CORS headers to cross-origin calls.',
  page: 'cors-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  cardinality: 'once-per-section',
  attributes: [
    optional('allow-credentials', 'boolean', 'Value of Access-Control-Allow-Credentials.', { default: 'false' }),
    optional('terminate-unmatched-request', 'boolean', 'Answers calls of other origins with an empty 200.', { default: 'false' }),
  ],
  content: 'children',
  anyOrder: true,
  children: [
    groupChild('allowed-origins', 1, [valueChild('origin', 1, UNBOUNDED)]),
    groupChild(
      'allowed-methods',
      0,
      [valueChild('method', 1, UNBOUNDED)],
      [optional('preflight-result-max-age', 'integer', 'Access-Control-Max-Age in seconds.', { default: '0', min: 0 })],
    ),
    groupChild('allowed-headers', 0, [valueChild('header', 1, UNBOUNDED)]),
    groupChild('expose-headers', 0, [valueChild('header', 1, UNBOUNDED)]),
  ],
  compile: compileCors,
};

interface Rules {
  readonly origins: Input<readonly string[]>;
  readonly methods: Input<readonly string[]>;
  readonly headers: Input<readonly string[]>;
  readonly exposed: Input<readonly string[]>;
  readonly credentials: Input<boolean> | undefined;
  readonly maxAge: Input<number> | undefined;
  readonly terminate: Input<boolean> | undefined;
}

function compileCors(element: PolicyElement, compiler: PolicyCompiler): Step {
  const rules = rulesOf(element);
  checkOrigins(
    element.children('allowed-origins').flatMap((group) => group.children('origin')),
    compiler,
  );
  return (exchange) => {
    const origin = exchange.request.headers.first('Origin');
    if (origin === undefined) return undefined;
    return isPreflight(exchange) ? answerPreflight(rules, origin, exchange) : decorate(rules, origin, exchange);
  };
}

function rulesOf(element: PolicyElement): Rules {
  const methods = element.children('allowed-methods')[0];
  const listed = methods?.children('method') ?? [];
  return {
    origins: list(element, 'allowed-origins', 'origin'),
    methods: listed.length === 0 ? constantInput(['GET', 'POST']) : texts(listed.map((child) => needed(child.content(), 'method'))),
    headers: list(element, 'allowed-headers', 'header'),
    exposed: list(element, 'expose-headers', 'header'),
    credentials: element.boolean('allow-credentials'),
    maxAge: methods?.number('preflight-result-max-age'),
    terminate: element.boolean('terminate-unmatched-request'),
  };
}

function list(element: PolicyElement, group: string, name: string): Input<readonly string[]> {
  return texts(element.children(group).flatMap((one) => one.children(name).map((child) => needed(child.content(), name))));
}

/** `*` allows every origin, which is either alone or a mistake (cors page, allowed-origins). */
function checkOrigins(origins: readonly PolicyElement[], compiler: PolicyCompiler): void {
  for (const origin of origins) checkOrigin(origin, compiler);
  const any = origins.find((origin) => origin.content()?.constant === '*');
  if (any && origins.length > 1) compiler.report(faults.originBesideAny(), any.xml.span);
}

function checkOrigin(origin: PolicyElement, compiler: PolicyCompiler): void {
  const text = origin.content()?.constant;
  if (typeof text !== 'string' || text === '*' || text.includes('{{') || Url.parse(text) || WILDCARD.test(text)) return;
  compiler.report(faults.originForm(text), origin.xml.span);
}

/** Fetch standard, section 4.8: OPTIONS with both headers. An OPTIONS operation of the API's own switches preflights off. */
function isPreflight(exchange: Exchange): boolean {
  const { request, operation } = exchange;
  if (request.originalMethod !== 'OPTIONS' || operation?.method === 'OPTIONS') return false;
  return request.headers.has('Origin') && request.headers.has('Access-Control-Request-Method');
}

function answerPreflight(rules: Rules, origin: string, exchange: Exchange): StepResult {
  const { headers: sent } = exchange.request;
  const method = sent.first('Access-Control-Request-Method') ?? '';
  const asked = (sent.joined('Access-Control-Request-Headers') ?? '').split(',').flatMap((name) => name.trim() || []);
  const methods = rules.methods.read(exchange);
  const headers = rules.headers.read(exchange);
  const matches = allowsOrigin(rules, origin, exchange) && allows(methods, [method]) && allows(headers, asked);
  if (!matches) return unmatched(rules, exchange);
  const answer = originHeaders(rules, origin, exchange);
  answer.push('Access-Control-Allow-Methods', methods.includes('*') ? method : methods.join(','));
  const allowed = headers.includes('*') ? asked : headers;
  if (allowed.length > 0) answer.push('Access-Control-Allow-Headers', allowed.join(','));
  if (rules.maxAge) answer.push('Access-Control-Max-Age', String(rules.maxAge.read(exchange)));
  exchange.response = new GatewayResponse(200, 'OK', new Headers(answer));
  return 'respond';
}

/** Preflight: an empty 200 in any case, unless the next cors policy in scope may still match. */
function unmatched(rules: Rules, exchange: Exchange): StepResult {
  if (!terminates(rules, exchange)) return undefined;
  exchange.response = new GatewayResponse(200);
  return 'respond';
}

function terminates(rules: Rules, exchange: Exchange): boolean {
  return rules.terminate ? rules.terminate.read(exchange) : exchange.settings.corsTerminateUnmatched;
}

/** A real request: matching ones go on with headers promised for the response; others go on without, or end (GET and HEAD). */
function decorate(rules: Rules, origin: string, exchange: Exchange): StepResult {
  const { method } = exchange.request;
  if (exchange.memory.has(DONE)) return undefined;
  if (!allowsOrigin(rules, origin, exchange)) return method === 'GET' || method === 'HEAD' ? unmatched(rules, exchange) : undefined;
  exchange.memory.set(DONE, true);
  const exposed = rules.exposed.read(exchange);
  exchange.responseHeaders.push(...originHeaders(rules, origin, exchange));
  if (exposed.length > 0) exchange.responseHeaders.push('Access-Control-Expose-Headers', exposed.join(','));
  return undefined;
}

/** Of several cors policies over the scopes the first that matches takes effect (policies-a, cors). */
const DONE = 'cors';

function originHeaders(rules: Rules, origin: string, exchange: Exchange): string[] {
  const credentials = rules.credentials?.read(exchange) ?? false;
  const any = rules.origins.read(exchange).includes('*');
  const headers = ['Access-Control-Allow-Origin', any && !credentials ? '*' : origin];
  if (credentials) headers.push('Access-Control-Allow-Credentials', 'true');
  return headers;
}

function allowsOrigin(rules: Rules, origin: string, exchange: Exchange): boolean {
  const wanted = normalOrigin(origin);
  return rules.origins
    .read(exchange)
    .some((listed) => listed === '*' || (wanted !== '' && normalOrigin(listed) === wanted) || isBelow(listed, wanted));
}

/** `https://*.example.org:8443`: every origin of one or more labels below the host, with the same scheme and port. */
const WILDCARD = /^\s*([a-z][a-z\d+.-]*):\/\/\*\.([^/*?#\s]+)\/?\s*$/i;

function isBelow(listed: string, wanted: string): boolean {
  const [, scheme = '', host = ''] = WILDCARD.exec(listed) ?? [];
  if (scheme === '') return false;
  const start = `${scheme.toLowerCase()}://`;
  const end = `.${normalOrigin(start + host).slice(start.length)}`;
  return wanted.startsWith(start) && wanted.endsWith(end) && wanted.length > start.length + end.length;
}

/** Lower case, without trailing slash and default port: examples in policies end in a slash. */
function normalOrigin(text: string): string {
  const lower = asSent(text.trim().toLowerCase().replace(/\/$/, ''));
  const url = Url.parse(lower);
  if (!url) return lower;
  return url.port === defaultPort(url.scheme) ? `${url.scheme}://${url.host}` : `${url.scheme}://${url.host}:${url.port}`;
}

/** Browsers send international names in their ASCII form (Fetch standard, serialization of origins). */
function asSent(origin: string): string {
  return /[\u0080-\uffff]/.test(origin) && URL.canParse(origin) ? new URL(origin).origin : origin;
}

function allows(listed: readonly string[], wanted: readonly string[]): boolean {
  if (listed.includes('*')) return true;
  const lower = new Set(listed.map((one) => one.trim().toLowerCase()));
  return wanted.every((one) => lower.has(one.toLowerCase()));
}
