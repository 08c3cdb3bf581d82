/** The JSON schema of test files, for completion and checks in editors; made of the table that the reader reads by. */
import { alternatives, type EntryType, FORMAT, type Shape, type ShapeName } from './format.ts';
import { OPERATOR_NAMES } from './matching.ts';
import { STUB_LINE } from './stubs.ts';

type Schema = Readonly<Record<string, unknown>>;

const DURATION = '^\\+?\\d+(\\.\\d+)?\\s*(ms|s|m|h|d)?$';
/** A row of a table fills these in, so no rule about their text holds before. */
const PLACEHOLDER: Schema = { type: 'string', pattern: '\\$(\\{[\\w.-]+\\}|[A-Za-z_]\\w*)' };

/** Entries that a shape must have. */
const REQUIRED: Readonly<Partial<Record<ShapeName, readonly string[]>>> = {
  suite: ['tests'],
  test: ['name'],
  step: ['request'],
  call: ['request'],
};

export function testSchema(): Schema {
  const shapes = Object.entries(FORMAT).map(([name, shape]) => [name, shapeSchema(name as ShapeName, shape)] as const);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'https://portico.dev/schemas/portico-test.schema.json',
    title: 'Tests of API Management policies (*.test.yaml)',
    $ref: '#/definitions/suite',
    definitions: Object.fromEntries(shapes),
  };
}

function shapeSchema(name: ShapeName, shape: Shape): Schema {
  const properties = Object.entries(shape).map(([entry, { type, meaning }]) => [entry, { description: meaning, ...typeSchema(type) }]);
  const required = REQUIRED[name];
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties), ...(required ? { required } : {}) };
}

function typeSchema(type: EntryType): Schema {
  const parts = alternatives(type);
  const only = parts[0];
  return parts.length === 1 && only !== undefined ? single(only) : { anyOf: parts.map(single) };
}

/** A text of this form, or one that a row fills in. */
function textLike(pattern: string): Schema {
  return { anyOf: [{ type: 'string', pattern: `^${pattern}$` }, PLACEHOLDER] };
}

/** A path, or a whole URL of HTTP. */
const CALL_URL = '(\\/|[Hh][Tt][Tt][Pp][Ss]?:\\/\\/)';

const SIMPLE: Readonly<Record<string, Schema>> = {
  text: { type: ['string', 'number', 'boolean'] },
  number: { anyOf: [{ type: 'number' }, textLike('\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*')] },
  status: { anyOf: [{ type: 'integer', minimum: 100, maximum: 999 }, textLike('[1-9]\\d\\d')] },
  count: { anyOf: [{ type: 'integer', minimum: 0 }, textLike('\\d+')] },
  moment: { anyOf: [{ type: 'string', pattern: '\\d{4}' }, PLACEHOLDER] },
  base64: textLike('[\\w+/\\s-]*={0,2}\\s*'),
  ip: textLike('[\\dA-Fa-f:.]*[.:][\\dA-Fa-f:.]*(%\\w+)?'),
  callLine: textLike(`\\s*[A-Za-z]+\\s+${CALL_URL}\\S*\\s*`),
  callUrl: textLike(`${CALL_URL}.*`),
  stubLine: textLike(`\\s*${STUB_LINE.source.slice(1, -1)}\\s*`),
  check: {
    anyOf: [{ type: ['string', 'number', 'boolean', 'null'] }, { type: 'object', propertyNames: { enum: [...OPERATOR_NAMES] } }],
  },
  rows: { type: 'array', minItems: 1, items: { type: 'object' } },
  boolean: { anyOf: [{ type: 'boolean' }, { enum: ['true', 'false'] }, PLACEHOLDER] },
  duration: { anyOf: [{ type: 'number', minimum: 0 }, { type: 'string', pattern: DURATION }, PLACEHOLDER] },
  any: {},
  map: { type: 'object' },
};

function single(type: string): Schema {
  const simple = SIMPLE[type];
  if (simple) return simple;
  const word = /^'(.*)'$/.exec(type)?.[1];
  if (word !== undefined) return { const: word };
  const inner = /^(list|map)\((.*)\)$/.exec(type);
  if (inner?.[1] === 'list') return { type: 'array', items: typeSchema(inner[2] ?? '') };
  // A name without a value says nothing, as a row of a table may want it.
  if (inner) return { type: 'object', additionalProperties: { anyOf: [typeSchema(inner[2] ?? ''), { type: 'null' }] } };
  return { $ref: `#/definitions/${type}` };
}
