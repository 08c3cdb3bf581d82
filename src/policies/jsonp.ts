import type { Exchange } from '../exchange/exchange.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import { queryValues } from '../exchange/query.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, type PolicyDefinition, required } from './definition.ts';
import { applyBody } from './shared/body-element.ts';
import { needed } from './shared/inputs.ts';
import type { Step } from './step.ts';

/** `<jsonp>`: wraps the response's JSON in a call of the function that the caller names in the query. */
export const jsonp: PolicyDefinition = {
  name: 'jsonp',
  summary: 'Wraps a JSON response in a JavaScript callback.',
  page: 'jsonp-policy',
  sections: ['outbound'],
  scopes: ALL_SCOPES,
  cardinality: 'once-per-section',
  attributes: [required('callback-parameter-name', 'string', 'Query parameter that names the callback function.')],
  content: 'empty',
  compile: compileJsonp,
};

function compileJsonp(element: PolicyElement, compiler: PolicyCompiler): Step {
  const parameter = needed(element.text('callback-parameter-name'), 'callback-parameter-name');
  compiler.reads({ response: true });
  return (exchange) => {
    const name = parameter.read(exchange) ?? '';
    const [callback] = queryValues(exchange.request.originalUrl.queryString, name);
    if (callback === undefined || !exchange.response) return undefined;
    if (!isIdentifier(callback)) throw invalidCallback(name);
    wrap(callback, exchange);
    return undefined;
  };
}

function wrap(callback: string, exchange: Exchange): void {
  const response = exchange.ensureResponse();
  applyBody(`${callback}(${response.body.text()});`, response, 'response', exchange);
  response.headers.set('Content-Type', ['application/javascript']);
}

/** ECMAScript's IdentifierName without escapes, reserved words left out. */
function isIdentifier(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]{0,255}$/u.test(text) && !RESERVED.has(text);
}

const RESERVED: ReadonlySet<string> = new Set(
  (
    'break case catch class const continue debugger default delete do else enum export extends false finally for function if ' +
    'import in instanceof new null return super switch this throw true try typeof var void while with'
  ).split(' '),
);

/** errors.yaml, jsonp; the value stands in the query, so the caller is told with 400. */
function invalidCallback(parameter: string): PolicyError {
  const message = `Value of callback parameter ${parameter} is not a valid JavaScript identifier.`;
  return new PolicyError({ reason: 'CallbackParameterInvalid', message, status: 400, clientMessage: message });
}
