import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, LARGEST_UNSIGNED, type PolicyDefinition, required, UNBOUNDED } from './definition.ts';
import { type ActionReader, ERRORS_VARIABLE, Findings, neededAction, requiredAction } from './shared/validation.ts';
import type { Step } from './step.ts';

/** `<validate-status-code>`: stops or records statuses that the operation's definition does not list. */
export const validateStatusCode: PolicyDefinition = {
  name: 'validate-status-code',
  summary: "Checks the response status against the operation's definition.",
  page: 'validate-status-code-policy',
  sections: ['outbound', 'on-error'],
  scopes: ALL_SCOPES,
  cardinality: 'once-per-section',
  attributes: [requiredAction('unspecified-status-code-action', 'For statuses that the API definition does not have.'), ERRORS_VARIABLE],
  content: 'children',
  children: [
    {
      name: 'status-code',
      min: 0,
      max: UNBOUNDED,
      content: 'empty',
      attributes: [
        required('code', 'integer', 'Status.', { expressions: false, min: 0, max: LARGEST_UNSIGNED }),
        requiredAction('action', 'For this status when the definition does not have it.'),
      ],
    },
  ],
  compile: compileValidate,
};

function compileValidate(element: PolicyElement, compiler: PolicyCompiler): Step {
  const variable = element.literal('errors-variable-name');
  const otherwise = neededAction(element, 'unspecified-status-code-action');
  const children = element.children('status-code');
  const byCode = new Map(children.map((child): [number, ActionReader] => [Number(child.literal('code')), neededAction(child, 'action')]));
  return (exchange) => {
    const { status } = exchange.ensureResponse();
    if (exchange.operation?.responses?.some((response) => response.status === status)) return undefined;
    const findings = new Findings(exchange, compiler.section, variable);
    const details = `Response status code ${status} is not allowed.`;
    const action = (byCode.get(status) ?? otherwise)(exchange);
    findings.add({ name: String(status), type: 'StatusCode', rule: 'Unspecified', details, shown: null }, action);
    findings.tell();
    return undefined;
  };
}
