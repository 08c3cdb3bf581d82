import type { SchemaSource } from '../exchange/entities.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, type ChildDeclaration, LARGEST_UNSIGNED, optional, type PolicyDefinition, required, UNBOUNDED } from './definition.ts';
import * as faults from './faults.ts';
import { checkJson } from './shared/content-check.ts';
import { type Definitions, definitionsFor } from './shared/content-definitions.ts';
import { CONTENT_TYPE_MAP, contentTypeReader } from './shared/content-type-map.ts';
import { decodedBody } from './shared/decoded-body.ts';
import { mediaType } from './shared/media-type.ts';
import { messageKind, messageOf } from './shared/message.ts';
import { SchemaChecks } from './shared/schema-check.ts';
import {
  type Action,
  type ActionReader,
  ERRORS_VARIABLE,
  type Finding,
  Findings,
  neededAction,
  requiredAction,
} from './shared/validation.ts';
import { XmlChecks } from './shared/xml-check.ts';
import type { Step } from './step.ts';

const literal = { expressions: false };

const CONTENT: ChildDeclaration = {
  name: 'content',
  min: 0,
  max: UNBOUNDED,
  content: 'empty',
  attributes: [
    optional('type', 'string', 'Content type that the rule is for; without it every type of the API definition.', literal),
    required('validate-as', 'enum', 'How the body is read.', { ...literal, values: ['json', 'xml', 'soap'] }),
    requiredAction('action', 'For a body that does not conform.'),
    optional('schema-id', 'string', 'Schema of the service; default: that of the API definition.', literal),
    optional('schema-ref', 'string', 'JSON pointer to the definition inside the schema.', literal),
    optional('allow-additional-properties', 'boolean', "Overrides the schema's additionalProperties.", literal),
    optional('case-insensitive-property-names', 'boolean', 'Compares property names without case.', literal),
  ],
};

/** `<validate-content>`: checks size, type and content of a body against JSON or XML schemas. */
export const validateContent: PolicyDefinition = {
  name: 'validate-content',
  summary: 'Checks size and content of a body against JSON or XML schemas.',
  page: 'validate-content-policy',
  sections: ['inbound', 'outbound', 'on-error'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    requiredAction('unspecified-content-type-action', 'For types that neither the policy nor the API definition has.'),
    required('max-size', 'integer', 'Largest body in bytes.', { min: 0, max: LARGEST_UNSIGNED }),
    requiredAction('size-exceeded-action', 'For larger bodies.'),
    ERRORS_VARIABLE,
  ],
  content: 'children',
  children: [CONTENT_TYPE_MAP, CONTENT],
  compile: compileValidate,
};

interface Rule {
  /** `json`, `xml` or `soap`. */
  readonly validateAs: string;
  /** Empty: every type of the API definition. */
  readonly type: string;
  readonly action: ActionReader;
  readonly checks: SchemaChecks;
  readonly xmlChecks: XmlChecks;
  readonly ignoresCase: boolean;
  /** Id and text of the XML schema it names; undefined means those of the API. */
  readonly xmlSchema: { readonly name: string; readonly schemas: readonly string[] } | undefined;
  /** The schema it names; undefined means that of the API definition. */
  schemaFor(definitions: Definitions): SchemaSource | undefined;
}

function compileValidate(element: PolicyElement, compiler: PolicyCompiler): Step {
  const kind = messageKind(compiler.section);
  const variable = element.literal('errors-variable-name');
  const maxSize = element.number('max-size');
  const sizeAction = neededAction(element, 'size-exceeded-action');
  const typeAction = neededAction(element, 'unspecified-content-type-action');
  const typeOf = contentTypeReader(element.children('content-type-map')[0]);
  const rules = element.children('content').map((child) => ruleOf(child, compiler));
  compiler.reads({ [kind]: true });
  return async (exchange) => {
    const message = messageOf(exchange, kind);
    if (!message.body.isPresent || message.body.bytes().length === 0) return undefined;
    const findings = new Findings(exchange, compiler.section, variable);
    const words = kind === 'request' ? REQUEST : RESPONSE;
    const type = typeOf(exchange, message.headers.joined('Content-Type'));
    const definitions = definitionsFor(exchange, kind);
    const apiSchemas = exchange.api?.xmlSchemas;
    const isDefined = definitions.byType.has(type) || (apiSchemas !== undefined && isXml(type));
    const rule = rules.find((one) => one.type === type) ?? (isDefined ? rules.find((one) => one.type === '') : undefined);
    const body = await decodedBody(message, exchange.settings.bodyLimit, exchange.host);
    if ('failure' in body) findings.add(unreadable(words, type, body.failure), rule?.action(exchange) ?? typeAction(exchange));
    else {
      const limit = maxSize?.read(exchange) ?? 0;
      if (body.bytes.length > limit) findings.add(tooLarge(words, body.bytes.length, limit), sizeAction(exchange));
      if (rule) await checkBody(rule, { type, bytes: body.bytes, words, definitions, apiSchemas }, rule.action(exchange), findings);
      else if (!isDefined) findings.add(unspecified(words, type), typeAction(exchange));
    }
    findings.tell();
    return undefined;
  };
}

function ruleOf(element: PolicyElement, compiler: PolicyCompiler): Rule {
  const validateAs = element.literal('validate-as') ?? 'json';
  const id = element.literal('schema-id');
  const pointer = element.literal('schema-ref');
  const isJson = validateAs === 'json';
  const schema = isJson && id !== undefined ? compiler.services.schema?.(id) : undefined;
  const xml = !isJson && id !== undefined ? compiler.services.xmlSchema?.(id) : undefined;
  if (id !== undefined && !schema && xml === undefined && !compiler.standalone)
    compiler.report(faults.unknownSchema(id, isJson ? 'JSON' : 'XML'), element.xml.nameSpan);
  const ignoresCase = isTrue(element.literal('case-insensitive-property-names'));
  const additional = element.literal('allow-additional-properties');
  return {
    validateAs,
    xmlChecks: new XmlChecks(),
    xmlSchema: xml === undefined || id === undefined ? undefined : { name: id, schemas: [xml] },
    type: mediaType(element.literal('type') ?? ''),
    action: neededAction(element, 'action'),
    checks: new SchemaChecks({
      additionalProperties: additional === undefined ? undefined : isTrue(additional),
      lowerCase: ignoresCase,
      message: messageKind(compiler.section),
    }),
    ignoresCase,
    schemaFor: referenceReader(schema, pointer),
  };
}

/** A pointer makes one schema object for each root, so that its validator is found again. */
function referenceReader(schema: SchemaSource | undefined, pointer: string | undefined): Rule['schemaFor'] {
  if (pointer === undefined) return () => schema;
  const made = new Map<unknown, SchemaSource>();
  const name = pointer.split('/').pop() ?? '';
  return (definitions) => {
    const source = schema ?? [...definitions.byType.values()].find((one) => one !== undefined);
    if (!source) return undefined;
    const known = made.get(source.root) ?? { ...source, name, schema: { $ref: pointer } };
    made.set(source.root, known);
    return known;
  };
}

function isTrue(text: string | undefined): boolean {
  return text === 'true' || text === '1';
}

/** `text/xml`, `application/xml`, `application/soap+xml` … */
function isXml(type: string): boolean {
  return /[/+]xml$/.test(type);
}

interface Checked {
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly words: Words;
  readonly definitions: Definitions;
  readonly apiSchemas: readonly string[] | undefined;
}

async function checkBody(rule: Rule, checked: Checked, action: Action, findings: Findings): Promise<void> {
  if (action === 'ignore') return;
  if (rule.validateAs !== 'json') return checkXml(rule, checked, action, findings);
  const { type, bytes, words, definitions } = checked;
  const source = rule.schemaFor(definitions) ?? definitions.byType.get(type);
  if (!source) {
    findings.add(noSchema(definitions.isKnown), action);
    return;
  }
  const wrong = await checkJson(new TextDecoder().decode(bytes), source, rule.checks, rule.ignoresCase);
  if (!wrong) return;
  if (wrong.kind === 'unusable') findings.add(unreadable(words, type, wrong.text), action);
  else if (wrong.kind === 'missing') findings.add(missing(words, wrong.text, type), action);
  else findings.add(mismatch(words, source.name || definitions.nameOf(type), type, wrong.text), action);
}

/** The API's own schemas come from its WSDL; the root may be any global element of a schema. */
async function checkXml(
  rule: Rule,
  { type, bytes, words, definitions, apiSchemas }: Checked,
  action: Action,
  findings: Findings,
): Promise<void> {
  const source = rule.xmlSchema ?? (apiSchemas && { name: definitions.nameOf(type), schemas: apiSchemas });
  if (!source) {
    findings.add(noSchema(definitions.isKnown), action);
    return;
  }
  const wrong = await rule.xmlChecks.check(xmlText(bytes), source.schemas, rule.validateAs === 'soap' ? 'payload' : 'document');
  if (!wrong) return;
  if (wrong.kind === 'unusable') findings.add(unreadable(words, type, wrong.text), action);
  else findings.add(mismatch(words, source.name, type, `${wrong.text} Line: ${wrong.line}, Position: ${wrong.position}`), action);
}

/** UTF-16 by its byte order mark, else UTF-8; the text's own declaration must not name another encoding any more. */
function xmlText(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes).replace(/^(<\?xml[^>]*?)\s+encoding\s*=\s*(?:"[^"]*"|'[^']*')/, '$1');
}

/** How messages call the body; responses tell callers nothing. */
interface Words {
  readonly type: 'RequestBody' | 'ResponseBody';
  readonly word: 'Request' | 'Response';
  readonly shows: boolean;
}

const REQUEST: Words = { type: 'RequestBody', word: 'Request', shows: true };
const RESPONSE: Words = { type: 'ResponseBody', word: 'Response', shows: false };

function tooLarge({ type, word, shows }: Words, size: number, limit: number): Finding {
  const start = `${word}'s body is ${size} bytes long and it exceeds the`;
  return {
    name: '',
    type,
    rule: 'SizeLimit',
    details: `${start} configured limit of ${limit} bytes.`,
    shown: shows ? `${start} limit of ${limit} bytes.` : null,
  };
}

function unspecified({ type, shows }: Words, contentType: string): Finding {
  const details = `Unspecified content type ${contentType} is not allowed.`;
  return { name: contentType, type, rule: 'Unspecified', details, shown: shows ? details : null };
}

function noSchema(isKnown: boolean): Finding {
  const details = isKnown ? "API's schema does not specify definitions." : "API's schema does not exist or it could not be resolved.";
  return { name: '', type: 'ApiSchema', rule: '', details, shown: null };
}

function missing({ type }: Words, definition: string, contentType: string): Finding {
  const details = `API's schema does not contain definition ${definition}, which is associated with the content type ${contentType}.`;
  return { name: contentType, type, rule: 'MissingDefinition', details, shown: null };
}

function mismatch({ type, word, shows }: Words, definition: string, contentType: string, text: string): Finding {
  const start = `Body of the ${word.toLowerCase()} does not conform to the definition ${definition}, which is associated with the content type`;
  const details = `${start} ${contentType}.\n\n${text}`;
  return { name: contentType, type, rule: 'IncorrectMessage', details, shown: shows ? details : null };
}

function unreadable({ type, word }: Words, contentType: string, text: string): Finding {
  const details = `Body of the ${word.toLowerCase()} cannot be validated for the content type ${contentType}. ${text}`;
  return { name: contentType, type, rule: 'ValidationException', details, shown: null };
}
