/**
 * Synthetic GraphQL APIs: the request is parsed and validated against the API's schema and resolved field by field with the
 * resolvers' policies. It takes the place of the backend, so that forward-request asks it.
 */
import type { ExecutionResult, GraphQLError, GraphQLFieldResolver, GraphQLOutputType, GraphQLSchema } from 'graphql';
import { Body } from '../exchange/body.ts';
import type { Exchange, Forwarder } from '../exchange/exchange.ts';
import { Headers } from '../exchange/headers.ts';
import { GatewayResponse } from '../exchange/message.ts';
import { queryValues } from '../exchange/query.ts';
import type { PolicyEnvironment } from '../pipeline/environment.ts';
import { compileResolver, type RunnableResolver, resolveField } from '../pipeline/resolvers.ts';
import { registeredResolvers } from '../policies/shared/registered-resolvers.ts';
import type { StepList } from '../policies/step.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { tryJson } from '../source/json.ts';
import type { WorkspaceApi } from './model.ts';

type Library = typeof import('graphql');

/** Bounds of a request: tokens of its document, and calls of resolvers that it may cause. */
const MOST_TOKENS = 20_000;
const MOST_CALLS = 1_000;
const MOST_ERRORS = 20;

/** `resolvers`: compiled documents by `Type/field`. */
export function graphqlForwarder(definition: string, resolvers: ReadonlyMap<string, RunnableResolver>): Forwarder {
  let loaded: Promise<Service> | undefined;
  return async (exchange) => {
    loaded ??= import('graphql').then((library) => new Service(library, definition, resolvers));
    const service = await loaded;
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
    const prepared = this.#prepare(asked, exchange);
    if ('errors' in prepared) return response(400, prepared);
    const result = await this.#library.execute({
      schema: this.#schema,
      document: prepared.document,
      contextValue: exchange,
      variableValues: prepared.variables,
      operationName: prepared.operationName,
      fieldResolver: this.#fieldResolver(exchange),
    });
    return response(200, plainResult(result));
  }

  #prepare({ query, operationName, variables }: GraphqlRequest, { request }: Exchange) {
    const { parse, validate, getOperationAST, GraphQLError } = this.#library;
    const name = typeof operationName === 'string' ? operationName : null;
    try {
      const document = parse(String(query), { maxTokens: MOST_TOKENS });
      const errors = validate(this.#schema, document, undefined, { maxErrors: MOST_ERRORS });
      if (errors.length > 0) return { errors: errors.map(withoutGuess) };
      const operation = getOperationAST(document, name)?.operation;
      // GraphQL over HTTP: a GET must change nothing; subscriptions need a socket.
      if (operation === 'subscription') return { errors: [{ message: 'Subscriptions need a WebSocket connection.' }] };
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
