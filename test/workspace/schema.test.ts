/** The published schema says what the reader says: the same members at every place, and the same about good and bad files. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { porticoSchemaFile } from '../../tools/docs/portico-schema.ts';
import { load } from './support.ts';

interface Node {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: boolean | Node;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly definitions?: Readonly<Record<string, Node>>;
}

const [path, text] = porticoSchemaFile();
const schema = JSON.parse(text) as Node;
const POLICY = '<policies><inbound /></policies>';

/** Every mapping with fixed members: its place as keys (0 for a list item) and the members. */
function mappings(node: Node, place: readonly (string | number)[] = []): { place: readonly (string | number)[]; members: string[] }[] {
  const found = node.$ref ? (schema.definitions?.[node.$ref.split('/').pop() ?? ''] ?? {}) : node;
  const own = found.properties && found.additionalProperties === false ? [{ place, members: Object.keys(found.properties).sort() }] : [];
  const inner = Object.entries(found.properties ?? {}).flatMap(([name, child]) =>
    name === 'environments' ? [] : mappings(child, [...place, name]),
  );
  const named = typeof found.additionalProperties === 'object' ? mappings(found.additionalProperties, [...place, 'one']) : [];
  const listed = found.items ? mappings(found.items, [...place, 0]) : [];
  const choices = (found.anyOf ?? []).flatMap((choice) => mappings(choice, place));
  return [...own, ...inner, ...named, ...listed, ...choices];
}

function documentAt(place: readonly (string | number)[], value: unknown): unknown {
  return [...place].reverse().reduce<unknown>((inner, step) => (step === 0 ? [inner] : { [step]: inner }), value);
}

function problemsOf(yaml: string): string[] {
  return load({ 'policy.xml': POLICY, 'portico.yaml': yaml }).problems.map(({ code, help = '' }) => `${code} ${help}`);
}

describe('schemas/portico.schema.json', () => {
  it('is what the generator gives', () => expect(readFileSync(path, 'utf8'), 'run `npm run docs`').toBe(text));

  // Stand-ins take the settings of their provider, which a schema cannot tell apart.
  const places = mappings(schema).filter(({ place }) => place[0] !== 'identity');
  it.each(places.map(({ place, members }) => [place.join('.') || 'the file', place, members] as const))(
    'names the members that the reader knows: %s',
    (_name, place, members) => {
      const found = problemsOf(JSON.stringify(documentAt(place, { zzzzzzzzzzzzzzzz: 1 })));
      const help = found.map((problem) => /^PTC5005 write one of (.*)$/.exec(problem)?.[1]).find((one) => one !== undefined);
      expect(
        help
          ?.split(', ')
          .map((name) => name.replaceAll('`', ''))
          .sort(),
        found.join('\n'),
      ).toEqual(members);
    },
  );

  const validate = new Ajv({ strict: false, allErrors: true }).compile(schema as object);

  it.each([
    'port: 8080\nnamed-values: { a: b, c: { value: d, secret: true }, n: 1 }',
    'port: ${env:PORT:-8080}',
    'backends: { a: "https://a", b: { url: "https://b", tls: { validate-certificate-chain: false }, credentials: { header: { x: [1, 2] } } } }',
    'backends: { p: { pool: { services: [a] } }, a: "https://a" }',
    'subscriptions: [{ id: a, primary-key: b, scope: /apis, state: suspended }]',
    'environments: { dev: { port: 9000, named-values: { a: dev } } }',
    'settings: { missing-variable: null }',
    'limits: { body: 1, token-cache: off }',
    'identity: entra',
    'parameters: { a: [1, { b: c }] }',
  ])('takes what the reader takes: %s', (yaml) => {
    expect(validate(parse(yaml)), JSON.stringify(validate.errors)).toBe(true);
    expect(
      load({ 'policy.xml': POLICY, 'portico.yaml': yaml }, { environment: (name) => (name === 'PORTICO_ENV' ? undefined : '1') }).problems,
    ).toEqual([]);
  });

  it.each([
    'prt: 1',
    'port: many',
    'named-values: [a]',
    'backends: { a: "ftp://a" }',
    'backends: { a: { url: "https://a", circuit-breaker: { trip-duration: 5s } } }',
    'subscriptions: [{ id: a }]',
    'subscriptions: [{ id: a, primary-key: b, state: dead }]',
    'users: [{ email: a }]',
    'environments: { dev: { prot: 1 } }',
    'settings: { missing-variable: maybe }',
    'settings: { backend-id-wins: perhaps }',
    'apis: { a: { service-url: nowhere } }',
    'tls: { client-certificate: perhaps }',
    'stores: { cache: disk }',
  ])('refuses what the reader refuses: %s', (yaml) => {
    expect(validate(parse(yaml))).toBe(false);
    expect(problemsOf(yaml)).not.toEqual([]);
  });
});
