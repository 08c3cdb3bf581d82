import type { Exchange } from '../exchange/exchange.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import { encodeQuery, joinQuery, queryParts, withoutEmptyParts } from '../exchange/query.ts';
import { escapeTarget, splitTarget } from '../exchange/url.ts';
import type { PolicyElement } from './compiler.ts';
import { ALL_SCOPES, optional, type PolicyDefinition, required } from './definition.ts';
import { needed } from './shared/inputs.ts';
import type { Step } from './step.ts';

/** `<rewrite-uri>`: replaces path and query behind the backend's base URL by a filled template. */
export const rewriteUri: PolicyDefinition = {
  name: 'rewrite-uri',
  summary: 'Replaces path and query of the backend URL.',
  page: 'rewrite-uri-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    required('template', 'string', 'Path relative to the backend base URL, with optional query and `{name}` placeholders.'),
    optional('copy-unmatched-params', 'boolean', 'Copies query parameters that the operation template does not name.', { default: 'true' }),
  ],
  content: 'empty',
  compile: compileRewriteUri,
};

function compileRewriteUri(element: PolicyElement): Step {
  const template = needed(element.text('template'), 'template');
  const copy = element.boolean('copy-unmatched-params');
  return (exchange) => {
    const { request } = exchange;
    const before = exchange.listener ? request.path + request.queryString : '';
    const { path, query } = splitTarget(escapeTarget(fill(template.read(exchange) ?? '', exchange)));
    request.queryString = (copy?.read(exchange) ?? true) ? withUnmatched(exchange, query) : withoutEmptyParts(query);
    request.path = path.startsWith('/') ? path : `/${path}`;
    if (!exchange.listener) return;
    exchange.emit({
      kind: 'value-written',
      step: exchange.current,
      target: 'url',
      name: 'path',
      before,
      after: request.path + request.queryString,
    });
  };
}

/** Fills `{name}` and `{*name}` from the operation's matched parameters, escaped; a wildcard keeps its slashes. */
function fill(template: string, exchange: Exchange): string {
  if (!template.includes('{')) return template;
  return template.replace(/\{(\*?)([^{}/?&]{1,256})\}/g, (_whole, star: string, name: string) => {
    const value = matched(exchange, name);
    if (value === undefined)
      throw new PolicyError({ reason: 'TemplateParameterNotFound', message: `The URL template parameter '${name}' was not matched.` });
    return star === '*' ? value.split('/').map(encodeQuery).join('/') : encodeQuery(value);
  });
}

function matched(exchange: Exchange, name: string): string | undefined {
  const { matchedParameters } = exchange.request;
  const exact = matchedParameters.get(name);
  if (exact !== undefined) return exact;
  const lower = name.toLowerCase();
  for (const [key, value] of matchedParameters) if (key.toLowerCase() === lower) return value;
  return undefined;
}

/** The new query and what the call has of parameters that neither the operation's template nor the new one names. */
function withUnmatched({ operation, request }: Exchange, query: string): string {
  const template = splitTarget(operation?.urlTemplate ?? '').query;
  if (query === '' && template === '') return withoutEmptyParts(request.queryString);
  const parts = queryParts(query);
  const named = new Set([...queryParts(template), ...parts].map((part) => part.name.toLowerCase()));
  return joinQuery([...parts, ...queryParts(request.queryString).filter((part) => !named.has(part.name.toLowerCase()))]);
}
