import type { OperationParameter } from '../exchange/entities.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { queryParts, queryValues } from '../exchange/query.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, type ChildDeclaration, type PolicyDefinition, required, UNBOUNDED } from './definition.ts';
import { checkParameter, KINDS, noDefinition, type ParameterKind, unspecified } from './shared/parameter-check.ts';
import { SchemaChecks } from './shared/schema-check.ts';
import { type ActionReader, actionReader, ERRORS_VARIABLE, Findings, neededAction, requiredAction } from './shared/validation.ts';
import type { Step } from './step.ts';

const SPECIFIED = requiredAction('specified-parameter-action', 'For parameters that the API definition has.');
const UNSPECIFIED = requiredAction('unspecified-parameter-action', 'For parameters that it does not have.');

const PARAMETER: ChildDeclaration = {
  name: 'parameter',
  min: 0,
  max: UNBOUNDED,
  content: 'empty',
  attributes: [
    required('name', 'string', 'Name of the parameter.', { expressions: false }),
    requiredAction('action', 'For this parameter, specified or not.'),
  ],
};

function group(name: string, attributes: ChildDeclaration['attributes']): ChildDeclaration {
  return { name, min: 0, max: 1, content: 'children', attributes, children: [PARAMETER] };
}

/** `<validate-parameters>`: checks headers, query and path parameters against the operation's definition. */
export const validateParameters: PolicyDefinition = {
  name: 'validate-parameters',
  summary: "Checks headers, query and path parameters against the operation's definition.",
  page: 'validate-parameters-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  cardinality: 'once-per-section',
  attributes: [SPECIFIED, UNSPECIFIED, ERRORS_VARIABLE],
  content: 'children',
  children: [group('headers', [SPECIFIED, UNSPECIFIED]), group('query', [SPECIFIED, UNSPECIFIED]), group('path', [SPECIFIED])],
  compile: compileValidate,
};

type Place = OperationParameter['in'];

/** One place of parameters with its actions. */
interface Rules {
  readonly place: Place;
  readonly kind: ParameterKind;
  readonly specified: ActionReader;
  readonly unspecified: ActionReader;
  /** By name in lower case. */
  readonly named: ReadonlyMap<string, ActionReader>;
}

function compileValidate(element: PolicyElement, compiler: PolicyCompiler): Step {
  const variable = element.literal('errors-variable-name');
  const checks = new SchemaChecks();
  const rules = (['header', 'query', 'path'] as const).map((place) => rulesOf(element, place));
  return async (exchange) => {
    const findings = new Findings(exchange, compiler.section, variable);
    const parameters = exchange.operation?.parameters;
    if (parameters) for (const one of rules) await checkPlace(one, parameters, exchange, checks, findings);
    else withoutDefinition(rules, exchange, findings);
    findings.tell();
    return undefined;
  };
}

function rulesOf(element: PolicyElement, place: Place): Rules {
  const inner = element.children(place === 'header' ? 'headers' : place)[0];
  const named = (inner?.children('parameter') ?? []).map((child): [string, ActionReader] => [
    (child.literal('name') ?? '').toLowerCase(),
    neededAction(child, 'action'),
  ]);
  return {
    place,
    kind: KINDS[place],
    specified: actionReader(inner, 'specified-parameter-action') ?? neededAction(element, 'specified-parameter-action'),
    unspecified: actionReader(inner, 'unspecified-parameter-action') ?? neededAction(element, 'unspecified-parameter-action'),
    named: new Map(named),
  };
}

/** The strictest action that is asked for anywhere applies to a definition that is not there. */
function withoutDefinition(rules: readonly Rules[], exchange: Exchange, findings: Findings): void {
  const actions = rules.flatMap((one) => [one.specified(exchange), one.unspecified(exchange)]);
  if (actions.includes('prevent')) findings.add(noDefinition(), 'prevent');
  else if (actions.includes('detect')) findings.add(noDefinition(), 'detect');
}

async function checkPlace(
  rules: Rules,
  parameters: readonly OperationParameter[],
  exchange: Exchange,
  checks: SchemaChecks,
  findings: Findings,
): Promise<void> {
  const known = parameters.filter((parameter) => parameter.in === rules.place);
  for (const parameter of known) {
    const action = (rules.named.get(parameter.name.toLowerCase()) ?? rules.specified)(exchange);
    if (action === 'ignore') continue;
    const wrong = await checkParameter(parameter, rules.kind, valuesOf(exchange, rules.place, parameter.name), checks);
    if (wrong) findings.add(wrong, action);
  }
  for (const name of namesOf(exchange, rules.place)) {
    if (known.some((parameter) => parameter.name.toLowerCase() === name.toLowerCase())) continue;
    findings.add(unspecified(rules.kind, name), (rules.named.get(name.toLowerCase()) ?? rules.unspecified)(exchange));
  }
}

function valuesOf({ request }: Exchange, place: Place, name: string): readonly string[] {
  if (place === 'header') return request.headers.all(name);
  if (place === 'query') return queryValues(request.queryString, name);
  const wanted = name.toLowerCase();
  return [...request.matchedParameters].flatMap(([matched, value]) => (matched.toLowerCase() === wanted ? [value] : []));
}

function namesOf({ request }: Exchange, place: Place): readonly string[] {
  if (place === 'header') return request.headers.names();
  if (place === 'path') return [...request.matchedParameters.keys()];
  return [...new Map(queryParts(request.queryString).map(({ name }) => [name.toLowerCase(), name])).values()];
}
