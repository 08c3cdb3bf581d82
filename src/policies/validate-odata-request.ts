import type { Exchange } from '../exchange/exchange.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import { attributeNamed } from '../xml/tree.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { optional, type PolicyDefinition } from './definition.ts';
import * as faults from './faults.ts';
import { type Metadata, readMetadata } from './shared/odata/model.ts';
import { checkRequest } from './shared/odata/request.ts';
import { ODataFault } from './shared/odata/scanner.ts';
import { setVariable } from './shared/variables.ts';
import type { Step } from './step.ts';

const literal = { expressions: false };

/** `<validate-odata-request>`: checks versions, URL and query options of a request to an OData API. */
export const validateOdataRequest: PolicyDefinition = {
  name: 'validate-odata-request',
  summary: "Checks a request against the OData API's metadata.",
  page: 'validate-odata-request-policy',
  sections: ['inbound'],
  scopes: ['global', 'workspace', 'product', 'api'],
  cardinality: 'once-per-section',
  attributes: [
    optional('error-variable-name', 'string', 'Variable that receives the error.', literal),
    optional('default-odata-version', 'string', 'Version of a request without OData-Version.', { ...literal, default: '4.0' }),
    optional('min-odata-version', 'string', 'Lowest version accepted.', literal),
    optional('max-odata-version', 'string', 'Highest version accepted.', literal),
    optional('max-size', 'integer', 'Largest request body in bytes.', { ...literal, min: 0 }),
  ],
  content: 'empty',
  compile: compileValidate,
};

const VERSIONS = ['default-odata-version', 'min-odata-version', 'max-odata-version'] as const;

function compileValidate(element: PolicyElement, compiler: PolicyCompiler): Step {
  for (const name of VERSIONS) {
    const text = element.literal(name);
    const at = attributeNamed(element.xml, name)?.value.span ?? element.xml.nameSpan;
    if (text !== undefined && numberOf(text) === undefined) compiler.report(faults.notVersion(name, text), at);
  }
  const variable = element.literal('error-variable-name');
  const fallback = element.literal('default-odata-version') ?? '4.0';
  const [min, max] = [element.literal('min-odata-version'), element.literal('max-odata-version')];
  const maxSize = element.literal('max-size');
  const known = new Map<string, Metadata>();
  if (maxSize !== undefined) compiler.reads({ request: true });
  return (exchange) => {
    const wrong = problemOf(() => {
      checkVersions(exchange, fallback, min, max);
      if (maxSize !== undefined) checkSize(exchange, Number(maxSize));
      checkRequest(metadataOf(exchange, known), relativePath(exchange), exchange.request.originalUrl.queryString);
    });
    if (wrong === undefined) return undefined;
    if (variable !== undefined) setVariable(exchange, variable, wrong);
    throw new PolicyError({ reason: 'Bad request', message: wrong, status: 400, clientMessage: wrong });
  };
}

function problemOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof ODataFault) return error.message;
    throw error;
  }
}

/** Both headers of the protocol: what the request is written in, and the highest version that the caller understands. */
function checkVersions({ request: { headers } }: Exchange, fallback: string, min: string | undefined, max: string | undefined): void {
  const text = headers.first('OData-Version') ?? fallback;
  const version = numberOf(text);
  if (version === undefined) throw new ODataFault(`The OData version '${text}' is not valid.`);
  if (min !== undefined && version < (numberOf(min) ?? 0))
    throw new ODataFault(`The OData version '${text}' is lower than the minimum version '${min}'.`);
  if (max !== undefined && version > (numberOf(max) ?? version))
    throw new ODataFault(`The OData version '${text}' is higher than the maximum version '${max}'.`);
  const most = headers.first('OData-MaxVersion');
  if (most !== undefined && numberOf(most) === undefined) throw new ODataFault(`The OData version '${most}' is not valid.`);
}

function numberOf(version: string): number | undefined {
  return /^\d{1,2}(?:\.\d{1,2})?$/.test(version.trim()) ? Number(version) : undefined;
}

function checkSize({ request }: Exchange, limit: number): void {
  const size = request.body.bytes().length;
  if (size > limit) throw new ODataFault(`The request body is ${size} bytes long, which exceeds the limit of ${limit} bytes.`);
}

function metadataOf({ api }: Exchange, known: Map<string, Metadata>): Metadata {
  const text = api?.odataMetadata;
  if (text === undefined) throw new PolicyError({ reason: null, message: 'The API has no OData metadata.' });
  const found = known.get(text) ?? parsed(text);
  known.set(text, found);
  return found;
}

function parsed(text: string): Metadata {
  try {
    return readMetadata(text);
  } catch (error) {
    throw new PolicyError({ reason: null, message: `The OData metadata of the API cannot be read: ${String(error)}`, cause: error });
  }
}

/** Behind the API's path (and version), decoded. */
function relativePath({ request, api }: Exchange): string {
  const path = request.originalUrl.path;
  const prefix = `/${api?.path ?? ''}`;
  const rest = api?.path && path.toLowerCase().startsWith(prefix.toLowerCase()) ? path.slice(prefix.length) : path;
  try {
    return decodeURIComponent(rest);
  } catch {
    throw new ODataFault('The request URI is not valid: it cannot be decoded.');
  }
}
