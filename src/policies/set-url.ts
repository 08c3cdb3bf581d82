import type { Exchange } from '../exchange/exchange.ts';
import { Url } from '../exchange/url.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, type PolicyDefinition } from './definition.ts';
import { invalidValue } from './evaluation.ts';
import { needed } from './shared/inputs.ts';
import { urlFault } from './shared/literal-url.ts';
import type { Step } from './step.ts';

/** `<set-url>`: the address that a resolver calls. In send-request it is a child of its own kind. */
export const setUrl: PolicyDefinition = {
  name: 'set-url',
  summary: 'Sets the URL that a GraphQL resolver calls.',
  page: 'http-data-source-policy',
  sections: [],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [],
  content: 'text',
  text: { type: 'string', expressions: true, required: true },
  compile: compileSetUrl,
};

function compileSetUrl(element: PolicyElement, compiler: PolicyCompiler): Step {
  const content = needed(element.content(), 'set-url');
  const text = content.constant?.trim();
  if (text !== undefined && !text.includes('{{') && !text.startsWith('/') && !Url.parse(text))
    compiler.report(urlFault('set-url', text), element.xml.span);
  return (exchange) => {
    useUrl((content.read(exchange) ?? '').trim(), exchange);
    return undefined;
  };
}

/** A path such as `/users/1` stays with the backend that set-backend-service chose. */
function useUrl(text: string, { request }: Exchange): void {
  if (text.startsWith('/')) {
    const query = text.indexOf('?');
    request.path = query < 0 ? text : text.slice(0, query);
    request.queryString = query < 0 ? '' : text.slice(query);
    return;
  }
  const url = Url.parse(text);
  if (!url) throw invalidValue(`'${text}' is not an absolute URL.`);
  request.base = new Url(url.scheme, url.host, url.port, '', '');
  request.path = url.path;
  request.queryString = url.queryString;
}
