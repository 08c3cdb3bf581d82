import { parseJson } from '../dotnet/json/reader.ts';
import { Body } from '../exchange/body.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { Headers } from '../exchange/headers.ts';
import { GatewayResponse, reasonPhrase } from '../exchange/message.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import { queryValues, setQuery } from '../exchange/query.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { type ChildDeclaration, groupChild, optional, type PolicyDefinition, required } from './definition.ts';
import { invalidValue } from './evaluation.ts';
import { loadGraphql } from './shared/graphql-library.ts';
import { type Decide, GraphqlChecker, type QueryLimits, type RequestError, type RuleAction } from './shared/graphql-request.ts';
import { setVariable } from './shared/variables.ts';
import type { Step } from './step.ts';

const ACTIONS: readonly RuleAction[] = ['allow', 'remove', 'reject', 'ignore'];
const literal = { expressions: false };

const RULE: ChildDeclaration = {
  name: 'rule',
  min: 1,
  max: 100,
  content: 'empty',
  attributes: [
    required('path', 'string', '`/Type/field`, or `/__*` for introspection.', literal),
    optional('action', 'enum', 'What happens to the field; `ignore` asks the next rule.', { values: ACTIONS, default: 'allow' }),
  ],
};

/** `<validate-graphql-request>`: checks a GraphQL request against the API's schema and authorises its fields. */
export const validateGraphqlRequest: PolicyDefinition = {
  name: 'validate-graphql-request',
  summary: "Checks a GraphQL request against the API's schema and authorises fields.",
  page: 'validate-graphql-request-policy',
  sections: ['inbound'],
  scopes: ['global', 'workspace', 'product', 'api'],
  gateways: ['classic', 'v2', 'consumption', 'workspace'],
  cardinality: 'any',
  attributes: [
    optional('error-variable-name', 'string', 'Variable that receives the errors besides `GraphQLErrors`.', literal),
    optional('max-size', 'integer', 'Largest request body in bytes.', { ...literal, min: 0 }),
    optional('max-depth', 'integer', 'Most levels of fields.', { ...literal, default: '6', min: 1 }),
    optional('max-total-depth', 'integer', 'Most levels of all top fields together; known to the schema alone.', {
      ...literal,
      min: 1,
      standIn: 'the depths of the top fields are added up',
    }),
    optional('max-complexity', 'integer', 'Most fields in all; known to the schema alone.', {
      ...literal,
      min: 1,
      standIn: 'each field counts one, those of a fragment each time it is used',
    }),
  ],
  content: 'children',
  children: [groupChild('authorize', 0, [RULE])],
  compile: compileValidate,
};

const DEFAULT_DEPTH = 6;
const ERRORS = 'GraphQLErrors';

interface Rule {
  readonly matches: (path: string) => boolean;
  readonly action: (exchange: Exchange) => RuleAction;
}

function compileValidate(element: PolicyElement, compiler: PolicyCompiler): Step {
  const maxSize = element.literal('max-size');
  const limits: QueryLimits = {
    depth: Number(element.literal('max-depth') ?? DEFAULT_DEPTH),
    totalDepth: Number(element.literal('max-total-depth') ?? Number.POSITIVE_INFINITY),
    fields: Number(element.literal('max-complexity') ?? Number.POSITIVE_INFINITY),
  };
  const variables = [ERRORS, element.literal('error-variable-name')].filter((name) => name !== undefined);
  const rules = element.children('authorize').flatMap((group) => group.children('rule').map(ruleOf));
  const checkers = new Map<string, Promise<GraphqlChecker>>();
  compiler.reads({ request: true });
  return async (exchange) => {
    const tell = (errors: readonly RequestError[]) => {
      for (const name of variables) setVariable(exchange, name, parseJson(JSON.stringify(errors)));
    };
    const size = exchange.request.body.bytes().length;
    if (maxSize !== undefined && size > Number(maxSize))
      refuse(exchange, [{ message: `The request body is ${size} bytes long, which exceeds the limit of ${maxSize} bytes.` }], tell);
    const checker = await checkerFor(exchange, checkers);
    const query = queryOf(exchange);
    if (query === undefined) return refuse(exchange, [{ message: 'The request has no GraphQL query.' }], tell);
    const result = checker.check(query, limits, decider(rules, exchange));
    if (result.kind === 'refused') return refuse(exchange, result.errors, tell);
    if (result.query !== undefined) {
      replaceQuery(exchange, result.query);
      tell(result.errors);
      exchange.whenAnswered((answered) => addErrors(answered, result.errors));
    }
    return undefined;
  };
}

function ruleOf(element: PolicyElement): Rule {
  const path = element.literal('path') ?? '';
  const action = element.text('action');
  const star = path.indexOf('*');
  return {
    matches: star < 0 ? (one) => one === path : (one) => one.startsWith(path.slice(0, star)),
    action: (exchange) => actionOf(action ? action.read(exchange) : 'allow'),
  };
}

function actionOf(text: string | null): RuleAction {
  const action = ACTIONS.find((known) => known === text);
  if (!action) throw invalidValue(`'${text ?? ''}' is not a valid action.`);
  return action;
}

/** The first rule that matches and does not ignore decides; each rule's action is computed once a call. */
function decider(rules: readonly Rule[], exchange: Exchange): Decide {
  const actions = new Map<Rule, RuleAction>();
  return (paths) => {
    for (const rule of rules) {
      if (!paths.some(rule.matches)) continue;
      const action = actions.get(rule) ?? rule.action(exchange);
      actions.set(rule, action);
      if (action !== 'ignore') return action;
    }
    return undefined;
  };
}

async function checkerFor({ api }: Exchange, checkers: Map<string, Promise<GraphqlChecker>>): Promise<GraphqlChecker> {
  const definition = api?.graphqlSchema;
  if (definition === undefined) throw new PolicyError({ reason: null, message: 'The API has no GraphQL schema.' });
  let checker = checkers.get(definition);
  if (!checker) {
    checker = loadGraphql().then((library) => new GraphqlChecker(library, definition));
    checkers.set(definition, checker);
  }
  return checker;
}

/** In the body of a POST, in the query string of a GET. */
function queryOf({ request }: Exchange): string | undefined {
  const query = request.method === 'GET' ? queryValues(request.queryString, 'query')[0] : jsonOf(request.body)?.query;
  return typeof query === 'string' ? query : undefined;
}

function jsonOf(body: Body): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.text());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function replaceQuery({ request }: Exchange, query: string): void {
  if (request.method === 'GET') request.queryString = setQuery(request.queryString, 'query', [query]);
  else request.body.set(JSON.stringify({ ...jsonOf(request.body), query }));
}

/** A request error: a block of errors and none of data. */
function refuse(exchange: Exchange, errors: readonly RequestError[], tell: (errors: readonly RequestError[]) => void): never {
  tell(errors);
  const headers = new Headers(['Content-Type', 'application/json']);
  exchange.response = new GatewayResponse(400, reasonPhrase(400), headers, Body.text(JSON.stringify({ errors })));
  throw new PolicyError({
    reason: 'Bad request',
    message: errors.map(({ message }) => message).join(' '),
    status: 400,
    keepResponse: true,
  });
}

/** Field errors stand beside those of the backend. */
async function addErrors({ response, settings }: Exchange, errors: readonly RequestError[]): Promise<void> {
  if (!response || errors.length === 0) return;
  await response.body.buffer(settings.bodyLimit);
  const answer = jsonOf(response.body);
  if (!answer) return;
  const own = Array.isArray(answer.errors) ? answer.errors : [];
  response.body.set(JSON.stringify({ ...answer, errors: [...own, ...errors] }));
  if (response.headers.has('Content-Length')) response.headers.set('Content-Length', [String(response.body.bytes().length)]);
}
