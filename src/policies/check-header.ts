import { PolicyError } from '../exchange/policy-error.ts';
import type { PolicyElement } from './compiler.ts';
import { optional, type PolicyDefinition, required, UNBOUNDED, valueChild } from './definition.ts';
import { needed, texts } from './shared/inputs.ts';
import { REFUSAL_STATUS, refusalStatus } from './shared/refusal-status.ts';
import type { Step } from './step.ts';

/** `<check-header>`: refuses requests without a header, or whose header has none of the listed values. */
export const checkHeader: PolicyDefinition = {
  name: 'check-header',
  summary: 'Requires a request header and, if values are listed, one of them.',
  page: 'check-header-policy',
  sections: ['inbound'],
  scopes: ['global', 'product', 'api', 'operation'],
  cardinality: 'any',
  attributes: [
    required('name', 'string', 'Header name.'),
    required('failed-check-httpcode', 'integer', 'Status of the refusal.', REFUSAL_STATUS),
    optional('failed-check-error-message', 'string', 'Message of the refusal.'),
    optional('ignore-case', 'boolean', 'Compares values without case.', { default: 'false' }),
  ],
  content: 'children',
  children: [valueChild('value', 0, UNBOUNDED)],
  compile: compileCheckHeader,
};

function compileCheckHeader(element: PolicyElement): Step {
  const name = needed(element.text('name'), 'name');
  const status = needed(element.number('failed-check-httpcode'), 'failed-check-httpcode');
  const message = element.text('failed-check-error-message');
  const ignoreCase = element.boolean('ignore-case');
  const accepted = texts(element.children('value').map((child) => needed(child.content(), 'value')));
  return (exchange) => {
    const header = name.read(exchange) ?? '';
    const value = exchange.request.headers.joined(header);
    const reason = refusal(header, value, accepted.read(exchange), ignoreCase?.read(exchange) ?? false);
    if (!reason) return;
    // The text may read context.LastError, so it is computed once that is set.
    const late = message && { lateClientMessage: () => message.read(exchange), messageIsEscaped: !message.isExpression };
    throw new PolicyError({
      ...reason,
      status: refusalStatus(status.read(exchange)),
      clientMessage: reason.message,
      ...late,
    });
  };
}

function refusal(name: string, value: string | undefined, accepted: readonly string[], ignoreCase: boolean) {
  if (value === undefined || value === '') {
    return { reason: 'HeaderNotFound', message: `Header ${name} was not found in the request. Access denied.` };
  }
  const same = (one: string) => (ignoreCase ? one.toLowerCase() === value.toLowerCase() : one === value);
  if (accepted.length === 0 || accepted.some(same)) return undefined;
  return { reason: 'HeaderValueNotAllowed', message: `Header ${name} value of ${value} is not allowed. Access denied.` };
}
