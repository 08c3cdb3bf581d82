import { appendQuery, queryValues, removeQuery, setQuery } from '../exchange/query.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, optional, type PolicyDefinition, required, UNBOUNDED, valueChild } from './definition.ts';
import * as faults from './faults.ts';
import { actionReader, EXISTS_ACTIONS, type ExistsAction, setsNothing } from './shared/header-element.ts';
import { combined, needed } from './shared/inputs.ts';
import type { Step } from './step.ts';

/** `<set-query-parameter>`: sets, adds to or removes a parameter of the URL to be sent on; several values repeat the name. */
export const setQueryParameter: PolicyDefinition = {
  name: 'set-query-parameter',
  summary: 'Sets, adds to or removes a query parameter of the request.',
  page: 'set-query-parameter-policy',
  sections: ['inbound', 'backend'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    required('name', 'string', 'Parameter name.'),
    optional('exists-action', 'enum', 'What happens when the parameter exists.', { values: EXISTS_ACTIONS, default: 'override' }),
  ],
  content: 'children',
  children: [valueChild('value', 0, UNBOUNDED)],
  compile: compileSetQueryParameter,
};

function compileSetQueryParameter(element: PolicyElement, compiler: PolicyCompiler): Step {
  if (setsNothing(element)) compiler.report(faults.missingValues('set-query-parameter'), element.xml.nameSpan);
  const nameInput = needed(element.text('name'), 'name');
  const actionInput = actionReader(element);
  const inputs = element.children('value').map((child) => needed(child.content(), 'value'));
  // expressions.md, section 2: null is a missing parameter, not an empty one.
  const valuesInput = combined(inputs, (exchange) => inputs.flatMap((input) => input.read(exchange) ?? []));
  return (exchange) => {
    const { request } = exchange;
    const name = nameInput.read(exchange) ?? '';
    const action = actionInput.read(exchange);
    const before = request.queryString;
    if (action === 'skip' && queryValues(before, name).length > 0) return;
    request.queryString = changed(before, action, name, valuesInput.read(exchange));
    if (!exchange.listener) return;
    const joined = (query: string): string => queryValues(query, name).join(',');
    const step = exchange.current;
    exchange.emit({ kind: 'value-written', step, target: 'query', name, before: joined(before), after: joined(request.queryString) });
  };
}

function changed(query: string, action: ExistsAction, name: string, values: readonly string[]): string {
  if (action === 'delete') return removeQuery(query, name);
  return action === 'append' ? appendQuery(query, name, values) : setQuery(query, name, values);
}
