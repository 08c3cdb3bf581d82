/** API definitions that say nothing, and files that are no definitions (gateway-model, sections 6.3, 6.5 and 14). */
import { describe, expect, it } from 'vitest';
import { running } from './running.ts';
import { type FileTexts, json, lineOf, load, POLICY } from './support.ts';

const API = json({ path: 'a', serviceUrl: 'https://a.internal', subscriptionRequired: false });
const EMPTY = 'openapi: 3.0.1\ninfo: { title: a, version: "1" }\npaths: { }\n';

const told = (files: FileTexts) => {
  const { problems, notices } = load({ 'apis/a/apiInformation.json': API, ...files });
  return [...problems, ...(notices ?? [])].map(lineOf);
};

describe('a specification', () => {
  it('without operations lets no call through', async () => {
    const files = { 'apis/a/apiInformation.json': API, 'apis/a/specification.yaml': EMPTY };
    const { call } = running(load(files));
    expect((await call('GET /a')).status).toBe(404);
    expect((await call('POST /a/x')).status).toBe(404);
    expect(told(files)).toEqual([
      'apis/a/specification.yaml:1:1 info PTC5188 the specification of API `a` declares no operation: every call gets 404',
    ]);
  });

  it('that is missing lets every call through', async () => {
    const { call } = running(load({ 'apis/a/apiInformation.json': API }));
    expect((await call('GET /a/x')).status).toBe(200);
    expect(told({})).toEqual([]);
  });

  it('without operations is no matter where files declare them', () => {
    const files = {
      'apis/a/specification.yaml': EMPTY,
      'apis/a/operations/x/operationInformation.json': json({ method: 'GET', urlTemplate: '/x' }),
    };
    expect(told(files)).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    ['YAML', 'specification.yaml', 'openapi: 3.0.1\nservers:\n  - url: [url]]\npaths: {}\n', '3:15 PTC5002 `]` cannot stand here'],
    ['no OpenAPI', 'specification.yaml', 'title: a\n', '1:1 PTC5015 the specification cannot be imported: it has neither'],
    [
      'XML',
      'specification.wsdl',
      '<definitions>\n  <service></definitions>',
      '2:12 PTC5015 the specification cannot be imported: expected closing',
    ],
    ['whole XML', 'specification.wadl', '<application><resources>\n', '1:1 PTC5015 the specification cannot be imported: it ends inside'],
    ['WSDL', 'specification.wsdl', '<application />', '1:1 PTC5015 the specification cannot be imported: its root is not `definitions`'],
    ['WADL', 'specification.wadl', '<definitions />', '1:1 PTC5015 the specification cannot be imported: its root is not `application`'],
  ])('that is no %s is told once, whatever hangs on it', (_what, name, text, expected) => {
    const problems = told({ [`apis/a/${name}`]: text, 'apis/a/operations/get-x/policy.xml': POLICY });
    expect(problems).toEqual([expect.stringContaining(`apis/a/${name}:${expected}`)]);
  });
});

describe('an artifact', () => {
  it.each<[string, string, string]>([
    ['a text without quotes', '{ "properties": { "state": [url goes here] } }', '1:29 PTC5002 `url goes here` is no JSON'],
    ['a comma before an end', '{ "properties": { "path": "a", } }', '1:30 PTC5002 JSON has no comma before an end'],
    ['a comment', '{ "properties": { "path": "a" } } # mine', '1:35 PTC5002 JSON has no comments'],
    ['YAML', 'properties:\n  path: a\n', '1:1 PTC5002 `properties` is no JSON'],
    ['half of it', '{ "properties": {', '1:18 PTC5002 the JSON ends before it is complete'],
    ['another bracket', '{ "properties": { "path": "a" ] }', '1:31 PTC5002 `]` cannot stand here in JSON'],
  ])('is JSON: %s', (_what, text, expected) => {
    expect(told({ 'products/p/productInformation.json': text })).toEqual([`products/p/productInformation.json:${expected}`]);
  });

  it('is wrong in every other place, too', () => {
    expect(told({ 'backends/b/backendInformation.json': '{ "properties": { "url": "b.internal", "protocol": http } }' })).toEqual([
      'backends/b/backendInformation.json:1:26 PTC5008 `properties.url` is not an absolute URL: `b.internal`',
      'backends/b/backendInformation.json:1:52 PTC5002 `http` is no JSON',
    ]);
  });

  it('may begin with a byte order mark', () => expect(told({ 'products/p/productInformation.json': '\uFEFF{}' })).toEqual([]));

  it('has names that ignore case', () => {
    const [api] = load({
      'apis/a/apiInformation.json': '{ "Properties": { "Path": "b", "serviceURL": "https://a.internal", "path": "a" } }',
    }).apis;
    expect([api?.info.path, api?.info.serviceUrl?.host]).toEqual(['a', 'a.internal']);
  });

  it('of links is JSON, too', () => {
    expect(told({ 'products/p/apis.json': '[{ "name": "a" },]' })).toEqual([
      'products/p/apis.json:1:17 PTC5002 JSON has no comma before an end',
    ]);
  });
});
