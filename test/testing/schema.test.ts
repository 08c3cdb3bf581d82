/** The JSON schema for editors and the reader of test files say the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Diagnostic } from '../../src/source/diagnostic.ts';
import { FORMAT, type ShapeName } from '../../src/testing/format.ts';
import { testSchema } from '../../src/testing/json-schema.ts';
import { readSuite } from '../../src/testing/suite.ts';

const validate = new Ajv({ strict: false }).compile(testSchema());

/** Whether schema and reader take the file. */
function verdicts(suite: unknown): { schema: boolean; reader: boolean; problems: string } {
  const problems: Diagnostic[] = [];
  readSuite(stringify(suite), 'a.test.yaml', '/a.test.yaml', (problem) => problems.push(problem));
  const errors = problems.filter(({ severity }) => severity === 'error');
  return { schema: validate(suite) as boolean, reader: errors.length === 0, problems: errors.map(({ message }) => message).join('; ') };
}

type Fields = Record<string, unknown>;

/** A suite with one entry of a shape in place; undefined where the shape stands elsewhere. */
const PLACES: Readonly<Record<ShapeName, (fields: Fields) => Fields>> = {
  suite: (fields) => ({ tests: [{ name: 'a', request: 'GET /', expect: {} }], ...fields }),
  test: (fields) => ({
    tests: [
      {
        name: 'a',
        ...('expression' in fields || 'steps' in fields ? {} : { request: 'GET /' }),
        ...('steps' in fields ? {} : { expect: {} }),
        ...fields,
      },
    ],
  }),
  step: (fields) => ({ tests: [{ name: 'a', steps: [{ request: 'GET /', expect: {}, ...fields }] }] }),
  request: (fields) => ({ tests: [{ name: 'a', request: { url: '/', ...fields }, expect: {} }] }),
  given: (fields) => ({ given: fields, tests: [{ name: 'a', request: 'GET /', expect: {} }] }),
  product: (fields) => PLACES.given({ product: fields }),
  user: (fields) => PLACES.given({ user: fields }),
  subscription: (fields) => PLACES.given({ subscription: fields }),
  deployment: (fields) => PLACES.given({ deployment: fields }),
  api: (fields) => PLACES.given({ api: fields }),
  operation: (fields) => PLACES.given({ operation: fields }),
  certificate: (fields) => PLACES.given({ certificate: fields }),
  answer: (fields) => PLACES.stub({ answers: [fields] }),
  stub: (fields) => ({ calls: [{ request: 'GET https://a/b', ...fields }], tests: [{ name: 'a', request: 'GET /', expect: {} }] }),
  call: (fields) => PLACES.stub(fields),
  stubRequest: (fields) => PLACES.stub({ request: fields }),
  expect: (fields) => ({ tests: [{ name: 'a', expression: '1', expect: fields }] }),
  requestCheck: (fields) => PLACES.expect({ forwarded: fields }),
  traceCheck: (fields) => PLACES.expect({ trace: [fields] }),
  error: (fields) => PLACES.expect({ error: fields }),
};

/** A value that fits the first alternative of a type. */
function sample(type: string): unknown {
  const first = /^(?:[^|(]|\([^)]*\)+)*/.exec(type)?.[0] ?? type;
  const word = /^'(.*)'$/.exec(first)?.[1];
  if (word !== undefined) return word;
  if (first.startsWith('list')) return [sample(first.slice(5, -1))];
  if (first.startsWith('map')) return { a: first === 'map' ? 'b' : sample(first.slice(4, -1)) };
  if (first in FORMAT) return SHAPED[first as ShapeName] ?? {};
  return (
    ({ text: 'a', check: 'a', number: 1, count: 1, status: 200, boolean: true, duration: '5s', any: 'a' } as Fields)[first] ?? FORMS[first]
  );
}

const FORMS: Fields = {
  moment: '2026-01-01T00:00:00Z',
  base64: 'aGk=',
  ip: '10.0.0.1',
  callLine: 'GET /',
  callUrl: '/',
  stubLine: 'GET https://a/b',
  rows: [{ x: 1 }],
};

const SHAPED: Readonly<Partial<Record<ShapeName, unknown>>> = {
  stub: { request: 'GET https://a/b' },
  call: { request: 'GET https://a/b' },
  test: { name: 'a', request: 'GET /', expect: {} },
  step: { request: 'GET /', expect: {} },
  answer: { status: 200 },
};

/** Texts of a form of their own. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  identity: 'entra',
  tests: [{ name: 'a', request: 'GET /', expect: {} }],
};

const ROWS = Object.entries(FORMAT).flatMap(([shape, entries]) =>
  Object.entries(entries).map(([name, { type }]) => [`${shape}.${name}`, shape as ShapeName, name, type] as const),
);

describe('the JSON schema of test files', () => {
  it.each(ROWS)('takes %s as the reader does', (_title, shape, name, type) => {
    const value = name in SAMPLES ? SAMPLES[name] : name === 'request' && type.startsWith('text') ? 'GET https://a/b' : sample(type);
    expect(verdicts(PLACES[shape]({ [name]: value }))).toEqual({ schema: true, reader: true, problems: '' });
  });

  it.each(Object.keys(FORMAT) as ShapeName[])('refuses an entry that %s does not have, as the reader does', (shape) => {
    expect(verdicts(PLACES[shape]({ qqqq: 1 }))).toMatchObject({ schema: false, reader: false });
  });

  it.each<[string, ShapeName, Fields]>([
    ['a duration', 'step', { at: 'soon' }],
    ['a fault', 'stub', { fault: 'explode' }],
    ['a section', 'suite', { section: 'middle' }],
    ['tests', 'suite', { tests: 'none' }],
    ['steps', 'test', { steps: {} }],
    ['a number', 'stub', { status: 'ok' }],
    ['headers', 'request', { headers: 'a: b' }],
    ['a boolean', 'test', { only: 'perhaps' }],
    ['records', 'expect', { recorded: 'some' }],
    ['an error', 'expect', { error: 'some' }],
    ['a status', 'stub', { status: 42 }],
    ['a count', 'stub', { times: -1 }],
    ['a moment', 'suite', { clock: 'soon' }],
    ['a call', 'test', { request: '/orders' }],
    ['a stub', 'call', { request: 'stock' }],
    ['a stub without a request', 'suite', { calls: [{ status: 200 }] }],
    ['rows', 'test', { each: [] }],
    ['parts of a snapshot', 'expect', { snapshot: ['cookies'] }],
    ['an expectation', 'expect', { status: [200] }],
    ['an operator', 'expect', { status: { $atLeast: 200 } }],
    ['facts of a user', 'user', { identities: ['x'] }],
    ['a fact of a product', 'product', { 'approval-required': 'maybe' }],
    ['an expression', 'test', { expression: ['1'] }],
  ])('refuses %s of another form, as the reader does', (_what, shape, fields) => {
    expect(verdicts(PLACES[shape](fields))).toMatchObject({ schema: false, reader: false });
  });

  it.each(['policies', 'samples'])('takes the test files of %s', (directory) => {
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.yaml'));
    expect(files).not.toEqual([]);
    for (const file of files) {
      const taken = validate(parse(readFileSync(join(directory, file), 'utf8')));
      expect(validate.errors ?? [], file).toEqual([]);
      expect(taken).toBe(true);
    }
  });
});
