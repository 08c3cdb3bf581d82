/** The JSON schema of test files, for completion and checks in editors; made of the table that the reader reads by. */
import { type EntryType, FORMAT, type Shape, type ShapeName } from './format.ts';

type Schema = Readonly<Record<string, unknown>>;

const DURATION = '^\\+?\\d+(\\.\\d+)?\\s*(ms|s|m|h|d)?$';
/** A row of a table fills these in, so no rule about their text holds before. */
const PLACEHOLDER: Schema = { type: 'string', pattern: '\\$(\\{[\\w.-]+\\}|[A-Za-z_]\\w*)' };

/** Entries that a shape must have. */
const REQUIRED: Readonly<Partial<Record<ShapeName, readonly string[]>>> = {
  suite: ['tests'],
  test: ['name'],
  step: ['request', 'expect'],
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

/** `a|map(b|c)` in `a` and `map(b|c)`. */
function alternatives(type: EntryType): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= type.length; at += 1) {
    if (type[at] === '(') depth += 1;
    if (type[at] === ')') depth -= 1;
    if (at < type.length && (type[at] !== '|' || depth > 0)) continue;
    parts.push(type.slice(from, at));
    from = at + 1;
  }
  return parts;
}

const SIMPLE: Readonly<Record<string, Schema>> = {
  text: { type: ['string', 'number', 'boolean'] },
  number: { anyOf: [{ type: 'number' }, { type: 'string', pattern: '^\\s*[+-]?\\d' }, PLACEHOLDER] },
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
  if (inner) return { type: 'object', additionalProperties: typeSchema(inner[2] ?? '') };
  return { $ref: `#/definitions/${type}` };
}
