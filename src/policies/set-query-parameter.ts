import { appendQuery, queryValues, removeQuery, setQuery } from '../exchange/query.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, optional, type PolicyDefinition, required, UNBOUNDED, valueChild } from './definition.ts';
import * as faults from './faults.ts';
import { actionOf, EXISTS_ACTIONS, setsNothing } from './shared/header-element.ts';
import { needed } from './shared/inputs.ts';
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
  const actionInput = element.text('exists-action');
  const inputs = element.children('value').map((child) => needed(child.content(), 'value'));
  return (exchange) => {
    const { request } = exchange;
    const name = nameInput.read(exchange) ?? '';
    const action = actionOf(actionInput, exchange);
    const before = queryValues(request.queryString, name);
    if (action === 'skip' && before.length > 0) return;
    // expressions.md, section 2: null is a missing parameter, not an empty one.
    const values = inputs.flatMap((input) => input.read(exchange) ?? []);
    request.queryString = changed(request.queryString, action, name, values);
    if (!exchange.listener) return;
    const after = queryValues(request.queryString, name).join(',');
    exchange.emit({ kind: 'value-written', step: exchange.current, target: 'query', name, before: before.join(','), after });
  };
}

function changed(query: string, action: string, name: string, values: readonly string[]): string {
  if (action === 'delete') return removeQuery(query, name);
  return action === 'append' ? appendQuery(query, name, values) : setQuery(query, name, values);
}
