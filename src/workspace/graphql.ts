/**
 * Synthetic GraphQL APIs: the request is parsed and validated against the API's schema and resolved field by field with the
 * resolvers' policies. It takes the place of the backend, so that forward-request asks it.
 */
import type {
  DocumentNode,
  ExecutionResult,
  GraphQLError,
  GraphQLFieldResolver,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import { Body } from '../exchange/body.ts';
import type { Exchange, Forwarder, Handshake } from '../exchange/exchange.ts';
import { Headers } from '../exchange/headers.ts';
import { GatewayResponse } from '../exchange/message.ts';
import { queryValues } from '../exchange/query.ts';
import type { PolicyEnvironment } from '../pipeline/environment.ts';
import { compileResolver, type RunnableResolver, resolveField } from '../pipeline/resolvers.ts';
import { type GraphqlLibrary as Library, loadGraphql } from '../policies/shared/graphql-library.ts';
import { registeredResolvers } from '../policies/shared/registered-resolvers.ts';
import type { StepList } from '../policies/step.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { tryJson } from '../source/json.ts';
import type { WorkspaceApi } from './model.ts';
import { PROTOCOL, type Subscribe, SubscriptionSession } from './subscription-session.ts';
import type { SubscriptionRequest } from './subscriptions.ts';

/** Bounds of a request: tokens of its document, and calls of resolvers that it may cause. */
const MOST_TOKENS = 20_000;
const MOST_CALLS = 1_000;
const MOST_ERRORS = 20;

/** Events that wait for the results of those before them; later ones are lost. */
const MOST_WAITING = 100;

/** `resolvers`: compiled documents by `Type/field`. */
export function graphqlForwarder(definition: string, resolvers: ReadonlyMap<string, RunnableResolver>): Forwarder {
  let loaded: Promise<Service> | undefined;
  return async (exchange) => {
    loaded ??= loadGraphql().then((library) => new Service(library, definition, resolvers));
    const service = await loaded;
    if (exchange.caller?.handshake) return service.listen(exchange, exchange.caller.handshake);
    await exchange.request.body.buffer(exchange.settings.bodyLimit);
    return service.answer(exchange);
  };
}

/** For a GraphQL API with a schema and with resolvers, or without a service that could answer in their place. */
export function syntheticForwarder(api: WorkspaceApi, environment: PolicyEnvironment, problems: Diagnostic[]): Forwarder | undefined {
  const { graphqlSchema, serviceUrl } = api.info;
  const resolvers = new Map<string, RunnableResolver>();
  for (const { type, field, policy } of api.resolvers ?? []) {
    if (!policy) continue;
    const compiled = compileResolver(policy, environment);
    problems.push(...compiled.diagnostics);
    resolvers.set(`${type}/${field}`, compiled);
  }
  if (graphqlSchema === undefined || (resolvers.size === 0 && serviceUrl !== null)) return undefined;
  return graphqlForwarder(graphqlSchema, resolvers);
}

interface GraphqlRequest {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
}

interface Prepared {
  readonly document: DocumentNode;
  readonly variables: Record<string, unknown> | undefined;
  readonly operationName: string | null;
}

class Service {
  readonly #library: Library;
  readonly #schema: GraphQLSchema;
  readonly #resolvers: ReadonlyMap<string, RunnableResolver>;

  constructor(library: Library, definition: string, resolvers: ReadonlyMap<string, RunnableResolver>) {
    this.#library = library;
    this.#schema = library.buildSchema(definition);
    this.#resolvers = resolvers;
  }

  async answer(exchange: Exchange): Promise<GatewayResponse> {
    const asked = requestOf(exchange);
    if (typeof asked?.query !== 'string') return response(400, { errors: [{ message: 'The request has no GraphQL query.' }] });
    const prepared = this.#prepare(asked, exchange, false);
    if ('errors' in prepared) return response(400, prepared);
    return response(200, await this.#resultOf(prepared, exchange, {}));
  }

  /** A connection for subscriptions; the handshake's answer. */
  listen(exchange: Exchange, handshake: Handshake): GatewayResponse {
    const offered = (exchange.request.headers.joined('Sec-WebSocket-Protocol') ?? '').split(',').map((one) => one.trim());
    const isSpoken = offered.includes(PROTOCOL);
    const subscribe: Subscribe = (request, next) => this.#subscribe(request, exchange, next);
    return handshake.accept(
      exchange,
      isSpoken ? PROTOCOL : undefined,
      (channel) => new SubscriptionSession(channel, exchange, subscribe, isSpoken),
    );
  }

  /** What a resolver publishes for the field is the value that the selection is made from (policies-b, publish-event). */
  async #subscribe(request: SubscriptionRequest, exchange: Exchange, next: (result: object) => void): ReturnType<Subscribe> {
    const prepared = this.#prepare(request, exchange, true);
    if ('errors' in prepared) return { errors: prepared.errors };
    const field = rootField(prepared.document, this.#library.getOperationAST(prepared.document, prepared.operationName));
    const { publications } = exchange.host;
    if (!publications || field === undefined) return { errors: [{ message: 'The field cannot be subscribed to.' }] };
    const queue = new EventQueue(exchange);
    const stop = publications.subscribe(exchange.api?.id ?? '', field, (payload) =>
      queue.add(async () => next(await this.#resultOf(prepared, exchange, { [field]: tryJson(payload) ?? payload }))),
    );
    return { stop };
  }

  async #resultOf({ document, variables, operationName }: Prepared, exchange: Exchange, rootValue: object): Promise<object> {
    return plainResult(
      await this.#library.execute({
        schema: this.#schema,
        document,
        rootValue,
        contextValue: exchange,
        variableValues: variables,
        operationName,
        fieldResolver: this.#fieldResolver(exchange),
      }),
    );
  }

  #prepare(
    { query, operationName, variables }: GraphqlRequest,
    { request }: Exchange,
    isSubscription: boolean,
  ): Prepared | { readonly errors: readonly object[] } {
    const { parse, validate, getOperationAST, GraphQLError } = this.#library;
    const name = typeof operationName === 'string' ? operationName : null;
    try {
      const document = parse(String(query), { maxTokens: MOST_TOKENS });
      const errors = validate(this.#schema, document, undefined, { maxErrors: MOST_ERRORS });
      if (errors.length > 0) return { errors: errors.map(withoutGuess) };
      const operation = getOperationAST(document, name)?.operation;
      // GraphQL over HTTP: a GET must change nothing; subscriptions need a socket.
      if (operation === 'subscription' && !isSubscription) return { errors: [{ message: 'Subscriptions need a WebSocket connection.' }] };
      if (operation === 'mutation' && request.method === 'GET') return { errors: [{ message: 'A mutation needs a POST request.' }] };
      const values = typeof variables === 'object' && variables !== null ? (variables as Record<string, unknown>) : undefined;
      return { document, variables: values, operationName: name };
    } catch (error) {
      return { errors: [error instanceof GraphQLError ? error.toJSON() : { message: String(error) }] };
    }
  }

  /** A managed resolver wins over one that a policy set; a field without any is read from its object by name. */
  #fieldResolver(exchange: Exchange): GraphQLFieldResolver<unknown, unknown> {
    const registered = registeredResolvers(exchange);
    let calls = 0;
    return async (source, given, _context, info) => {
      const path = `${info.parentType.name}/${info.fieldName}`;
      const resolver = this.#resolvers.get(path) ?? runnable(registered.get(path));
      if (!resolver) return property(source, info.fieldName);
      calls += 1;
      if (calls > MOST_CALLS) throw new Error(`The request needs more than ${MOST_CALLS} calls of resolvers.`);
      const value = await resolveField(resolver, { arguments: given, parent: source ?? null }, exchange);
      return this.#shaped(value, info.returnType);
    };
  }

  /** Rows come as `items`; a list wants them bare, and a type with a field of that name wants them wrapped. */
  #shaped(value: unknown, type: GraphQLOutputType): unknown {
    const { getNullableType, isListType, isObjectType } = this.#library;
    const wanted = getNullableType(type);
    if (isListType(wanted) && !Array.isArray(value)) return Array.isArray(property(value, 'items')) ? property(value, 'items') : value;
    if (Array.isArray(value) && isObjectType(wanted) && 'items' in wanted.getFields()) return { items: value };
    return value;
  }
}

/** A valid subscription has exactly one, which may stand in a fragment. */
function rootField({ definitions }: DocumentNode, operation: OperationDefinitionNode | null | undefined): string | undefined {
  const fragments = new Map(definitions.flatMap((one) => (one.kind === 'FragmentDefinition' ? [[one.name.value, one] as const] : [])));
  let set = operation?.selectionSet;
  while (set) {
    const [selection] = set.selections;
    if (selection?.kind === 'Field') return selection.name.value;
    set = selection?.kind === 'FragmentSpread' ? fragments.get(selection.name.value)?.selectionSet : selection?.selectionSet;
  }
  return undefined;
}

/** Events of one subscription become results one after the other. */
class EventQueue {
  readonly #exchange: Exchange;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  add(work: () => Promise<void>): void {
    const { host } = this.#exchange;
    if (this.#waiting >= MOST_WAITING) return host.log('warn', 'an event of a subscription is lost', { waiting: this.#waiting });
    this.#waiting += 1;
    this.#last = this.#last
      .then(work)
      .catch((error: unknown) => host.log('error', 'an event of a subscription has no result', { error: String(error) }))
      .then(() => {
        this.#waiting -= 1;
      });
  }
}

function runnable(steps: StepList | undefined): RunnableResolver | undefined {
  return steps && { steps, secrets: [] };
}

function property(source: unknown, name: string): unknown {
  return typeof source === 'object' && source !== null && Object.hasOwn(source, name)
    ? (source as Record<string, unknown>)[name]
    : undefined;
}

/** In the body of a POST, in the query string of a GET. */
function requestOf({ request }: Exchange): GraphqlRequest | undefined {
  if (request.method === 'GET') {
    const [query] = queryValues(request.queryString, 'query');
    const [operationName] = queryValues(request.queryString, 'operationName');
    const [variables] = queryValues(request.queryString, 'variables');
    return { query, operationName, variables: variables === undefined ? undefined : tryJson(variables) };
  }
  const value = tryJson(request.body.text());
  return typeof value === 'object' && value !== null ? (value as GraphqlRequest) : undefined;
}

/** The library's guesses would tell names that rules may hide. */
function withoutGuess(error: GraphQLError): object {
  return { ...error.toJSON(), message: error.message.replace(/ Did you mean [^?]*\?$/, '') };
}

/** Errors say what their resolver failed with, and no more. */
function plainResult({ data, errors }: ExecutionResult): object {
  return { ...(data === undefined ? {} : { data }), ...(errors ? { errors: errors.map((error) => error.toJSON()) } : {}) };
}

function response(status: number, content: object): GatewayResponse {
  const body = Body.text(JSON.stringify(content));
  return new GatewayResponse(status, status === 200 ? 'OK' : 'Bad Request', new Headers(['Content-Type', 'application/json']), body);
}
