import type { Exchange } from '../exchange/exchange.ts';
import { FORWARD_DEFAULTS, forwardThroughHost } from '../exchange/forward.ts';
import { textContent } from '../xml/content.ts';
import { childElements } from '../xml/tree.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, type ChildDeclaration, type PolicyDefinition } from './definition.ts';
import * as faults from './faults.ts';
import { type Count, checkCounts, dropUnwrittenBody, finishField } from './shared/resolver.ts';
import { runSteps, type Step, type StepList } from './step.ts';

/** Children of `http-request` by the schema; managed identity is what resolvers of published samples use beside certificates. */
const REQUEST: readonly Count[] = [
  { name: 'get-authorization-context', min: 0, max: 1 },
  { name: 'set-backend-service', min: 0, max: 1 },
  { name: 'set-method', min: 1, max: 1 },
  { name: 'set-url', min: 1, max: 1 },
  { name: 'include-fragment', min: 0, max: Number.POSITIVE_INFINITY },
  { name: 'set-header', min: 0, max: Number.POSITIVE_INFINITY },
  { name: 'set-body', min: 0, max: 1 },
  { name: 'authentication-certificate', min: 0, max: 1 },
  { name: 'authentication-managed-identity', min: 0, max: 1 },
];

const BACKEND: readonly Count[] = [{ name: 'forward-request', min: 0, max: 1 }];

const RESPONSE: readonly Count[] = [
  { name: 'set-body', min: 0, max: 1 },
  { name: 'json-to-xml', min: 0, max: 1 },
  { name: 'xml-to-json', min: 0, max: 1 },
  { name: 'find-and-replace', min: 0, max: 1 },
  { name: 'publish-event', min: 0, max: 1 },
  { name: 'include-fragment', min: 0, max: Number.POSITIVE_INFINITY },
];

const COUNTS: Readonly<Record<string, readonly Count[]>> = { 'http-request': REQUEST, backend: BACKEND, 'http-response': RESPONSE };

function part(name: string, min: number, counts: readonly Count[], actsAs: 'inbound' | 'backend' | 'outbound'): ChildDeclaration {
  return { name, min, max: 1, content: 'policies', actsAs, attributes: [], only: counts.map((count) => count.name) };
}

/** `<http-data-source>`: the document of a GraphQL resolver that calls an HTTP service. */
export const httpDataSource: PolicyDefinition = {
  name: 'http-data-source',
  summary: 'Resolves a GraphQL field by an HTTP call.',
  page: 'http-data-source-policy',
  sections: [],
  scopes: ALL_SCOPES,
  gateways: ['classic', 'v2', 'consumption'],
  cardinality: 'any',
  attributes: [],
  content: 'children',
  children: [
    part('http-request', 1, REQUEST, 'inbound'),
    part('backend', 0, BACKEND, 'backend'),
    part('http-response', 0, RESPONSE, 'outbound'),
  ],
  compile: compileHttpDataSource,
};

function compileHttpDataSource(element: PolicyElement, compiler: PolicyCompiler): Step {
  for (const child of element.children()) checkCounts(child, COUNTS[child.name] ?? [], compiler);
  for (const child of element.children('http-request')) checkMethod(child, compiler);
  const stepsOf = (name: string): StepList | undefined => element.children(name)[0]?.steps();
  const request = stepsOf('http-request') ?? [];
  const backend = stepsOf('backend') ?? [];
  const response = stepsOf('http-response');
  return async (exchange) => {
    await runSteps(request, exchange);
    dropUnwrittenBody(exchange);
    return finishField(await ask(backend, exchange), response, exchange);
  };
}

/** By the schema of data sources; set-method elsewhere takes any. */
const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

function checkMethod(request: PolicyElement, compiler: PolicyCompiler): void {
  const method = childElements(request.xml).find(({ name }) => name === 'set-method');
  const value = method && textContent(method, compiler.info.file);
  const text = value?.text.text.trim() ?? '';
  if (value?.kind !== 'literal' || text === '' || text.includes('{{') || METHODS.includes(text)) return;
  compiler.report(faults.notOneOf('set-method', text, METHODS), value.span);
}

/** A backend part without forward-request asks like one that is not there. */
async function ask(backend: StepList, exchange: Exchange) {
  await runSteps(backend, exchange);
  return exchange.response ?? (await forwardThroughHost(exchange, FORWARD_DEFAULTS));
}
