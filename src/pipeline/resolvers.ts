/** Documents of GraphQL resolvers: compiled alone, since they inherit nothing, and run once for each field. */
import { fromPlain, JObject } from '../dotnet/json/index.ts';
import { Body } from '../exchange/body.ts';
import { Exchange } from '../exchange/exchange.ts';
import { Headers } from '../exchange/headers.ts';
import { GatewayRequest } from '../exchange/message.ts';
import { runSteps, type StepList } from '../policies/step.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { inDocumentOrder } from '../source/diagnostic.ts';
import { tryJson } from '../source/json.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import type { DocumentContext } from './context.ts';
import type { PolicyEnvironment } from './environment.ts';
import { compilePolicies } from './steps.ts';

/** What runs for a field. */
export interface RunnableResolver {
  readonly steps: StepList;
  readonly secrets: readonly string[];
}

export interface CompiledResolver extends RunnableResolver {
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles a document whose root is a data source. */
export function compileResolver(document: PolicyDocument, environment: PolicyEnvironment): CompiledResolver {
  const context: DocumentContext = {
    environment,
    file: document.file,
    scope: undefined,
    inherited: () => [],
    diagnostics: [],
    secrets: new Set(),
  };
  const [root] = document.elements;
  const place = {
    document: context,
    file: document.file,
    section: undefined,
    prefix: '',
    inFragment: false,
    container: undefined,
    within: [],
  };
  const steps = root ? compilePolicies({ ...root, name: 'resolver', attributes: [], children: [root] }, place) : [];
  return { steps, diagnostics: inDocumentOrder(context.diagnostics), secrets: [...context.secrets] };
}

/** A field as its resolver sees it; plain JSON data. */
export interface FieldCall {
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The object that the field belongs to; null at the top. */
  readonly parent: unknown;
}

/**
 * Runs a resolver beside the call around it, whose variables, caller and API it shares, and gives the field's value: JSON
 * data, or the text of a body that is no JSON. Rejects with the PolicyError of the step that failed.
 */
export async function resolveField(
  { steps, secrets }: RunnableResolver,
  { arguments: given, parent }: FieldCall,
  outer: Exchange,
): Promise<unknown> {
  const exchange = innerExchange(given, parent, outer);
  exchange.secrets = [...outer.secrets, ...secrets];
  await runSteps(steps, exchange);
  if (!exchange.response) return null;
  await exchange.response.body.buffer(exchange.settings.bodyLimit);
  return fieldValue(exchange.response.body.text());
}

function innerExchange(given: FieldCall['arguments'], parent: unknown, outer: Exchange): Exchange {
  const { originalUrl, ipAddress, certificate, base } = outer.request;
  const input = JSON.stringify({ arguments: given, parent });
  return new Exchange({
    host: outer.host,
    types: outer.types,
    settings: outer.settings,
    request: new GatewayRequest({
      method: 'GET',
      originalUrl,
      base,
      path: '',
      queryString: '',
      headers: new Headers(['Content-Type', 'application/json']),
      body: Body.text(input),
      ipAddress,
      certificate,
    }),
    api: outer.api,
    operation: outer.operation,
    product: outer.product,
    subscription: outer.subscription,
    user: outer.user,
    deployment: outer.deployment,
    workspace: outer.workspace,
    graphql: { arguments: fromPlain(given), parent: parent === null ? new JObject() : fromPlain(parent) },
    requestId: outer.requestId,
    timestamp: outer.timestamp,
    tracing: outer.tracing,
    listener: outer.listener,
    variables: outer.variables,
  });
}

function fieldValue(text: string): unknown {
  if (text.trim() === '') return null;
  const value = tryJson(text);
  return value === undefined ? text : value;
}
