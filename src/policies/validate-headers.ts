import type { OperationParameter } from '../exchange/entities.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { GatewayResponse } from '../exchange/message.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, type PolicyDefinition, required, UNBOUNDED } from './definition.ts';
import { checkParameter, KINDS, noDefinition, unspecified } from './shared/parameter-check.ts';
import { SchemaChecks } from './shared/schema-check.ts';
import { type ActionReader, ERRORS_VARIABLE, Findings, neededAction, requiredAction } from './shared/validation.ts';
import type { Step } from './step.ts';

/** `<validate-headers>`: checks response headers against the operation's definition. */
export const validateHeaders: PolicyDefinition = {
  name: 'validate-headers',
  summary: "Checks response headers against the operation's definition.",
  page: 'validate-headers-policy',
  sections: ['outbound', 'on-error'],
  scopes: ALL_SCOPES,
  cardinality: 'once-per-section',
  attributes: [
    requiredAction('specified-header-action', 'For headers that the API definition has.'),
    requiredAction('unspecified-header-action', 'For headers that it does not have.'),
    ERRORS_VARIABLE,
  ],
  content: 'children',
  children: [
    {
      name: 'header',
      min: 0,
      max: UNBOUNDED,
      content: 'empty',
      attributes: [
        required('name', 'string', 'Name of the header.', { expressions: false }),
        requiredAction('action', 'For this header, specified or not.'),
      ],
    },
  ],
  compile: compileValidate,
};

interface Rules {
  readonly specified: ActionReader;
  readonly unspecified: ActionReader;
  /** By name in lower case. */
  readonly named: ReadonlyMap<string, ActionReader>;
}

function compileValidate(element: PolicyElement, compiler: PolicyCompiler): Step {
  const variable = element.literal('errors-variable-name');
  const checks = new SchemaChecks();
  const named = element
    .children('header')
    .map((child): [string, ActionReader] => [(child.literal('name') ?? '').toLowerCase(), neededAction(child, 'action')]);
  const rules: Rules = {
    specified: neededAction(element, 'specified-header-action'),
    unspecified: neededAction(element, 'unspecified-header-action'),
    named: new Map(named),
  };
  return async (exchange) => {
    const findings = new Findings(exchange, compiler.section, variable);
    const response = exchange.ensureResponse();
    const known = headersFor(exchange, response);
    if (known) await checkAll(known, rules, response, exchange, checks, findings);
    else findings.add(noDefinition(), strictest(rules, exchange));
    findings.tell();
    return undefined;
  };
}

/** Those of the documented response with that status; none when it is not documented. */
function headersFor({ operation }: Exchange, { status }: GatewayResponse): readonly OperationParameter[] | undefined {
  if (!operation?.parameters) return undefined;
  return operation.responses?.find((one) => one.status === status)?.headers ?? [];
}

function strictest({ specified, unspecified: other }: Rules, exchange: Exchange) {
  const actions = [specified(exchange), other(exchange)];
  return actions.includes('prevent') ? 'prevent' : actions.includes('detect') ? 'detect' : 'ignore';
}

async function checkAll(
  known: readonly OperationParameter[],
  rules: Rules,
  response: GatewayResponse,
  exchange: Exchange,
  checks: SchemaChecks,
  findings: Findings,
): Promise<void> {
  for (const header of known) {
    const action = (rules.named.get(header.name.toLowerCase()) ?? rules.specified)(exchange);
    if (action === 'ignore') continue;
    const wrong = await checkParameter(header, KINDS.response, response.headers.all(header.name), checks);
    if (wrong) findings.add(wrong, action);
  }
  for (const name of response.headers.names()) {
    if (known.some((header) => header.name.toLowerCase() === name.toLowerCase())) continue;
    findings.add(unspecified(KINDS.response, name), (rules.named.get(name.toLowerCase()) ?? rules.unspecified)(exchange));
  }
}
