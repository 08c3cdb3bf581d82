/** What the console keeps to itself, and that no text makes it slow. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Masks } from '../../../src/gateway/masks.ts';
import { loadWorkspace } from '../../../src/workspace/load.ts';

const directory = mkdtempSync(join(tmpdir(), 'portico-masks-'));
writeFileSync(join(directory, 'policy.xml'), '<policies><inbound /></policies>');
writeFileSync(
  join(directory, 'portico.yaml'),
  [
    'named-values: { s: { value: "a.b*c d&e\\"f", secret: true }, short: { value: ab, secret: true }, open: { value: visible } }',
    'subscriptions: [{ id: a, primary-key: primary-key-1, secondary-key: secondary-key-2 }]',
    'backends: { b: { url: "https://b", credentials: { authorization: { scheme: Basic, parameter: cGFyYW1ldGVy }, header: { x-h: [header-secret] }, query: { q: [query-secret] } } } }',
    'authorizations: { p: { c: connection-token } }',
  ].join('\n'),
);
const masks = new Masks(loadWorkspace(directory));
afterAll(() => rmSync(directory, { recursive: true }));

const SECRET = 'a.b*c d&e"f';

describe('masked', () => {
  it.each([
    ['a secret', `x ${SECRET} y`, 'x **** y'],
    ['a secret in a URL', encodeURIComponent(SECRET), '****'],
    ['a secret in JSON', JSON.stringify(`x${SECRET}`), '"x****"'],
    ['keys of subscriptions', 'primary-key-1 secondary-key-2', '**** ****'],
    ['credentials of backends', 'cGFyYW1ldGVy header-secret query-secret', '**** **** ****'],
    ['tokens of connections', 'connection-token', '****'],
    ['signed tokens', 'x eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln y', 'x eyJ**** y'],
    ['credentials after their scheme', 'Bearer abcdefgh', 'Bearer ****'],
    ['parameters in a text', 'see "/a?sig=abc&b=c"', 'see "/a?sig=****&b=c"'],
    ['nothing else', 'visible a.bxc text', 'visible a.bxc text'],
  ])('in texts: %s', (_name, text, expected) => expect(masks.text(text)).toBe(expected));

  it.each([0, 1, 2, 3])('in Base64, %i bytes in', (before) => {
    const text = Buffer.from(`${'x'.repeat(before)}${SECRET}yy`).toString('base64');
    const inner = Buffer.from(SECRET).toString('base64').slice(3, 12);
    expect(masks.text(text)).toContain('****');
    expect(masks.text(text)).not.toContain(inner);
  });

  it.each([
    ['Authorization', 'Basic dXNlcjpwYXNz', 'Basic ****'],
    ['Cookie', 'a=1; b=2', 'a=****; b=****'],
    ['Ocp-Apim-Subscription-Key', 'anything', '****'],
    ['X-Api-Key', 'anything', '****'],
    ['X-Plain', 'anything', 'anything'],
  ])('in header %s', (name, value, expected) => expect(masks.header(name, value)).toBe(expected));

  it.each([
    ['http://h/a?subscription-key=k&x=1', 'http://h/a?subscription-key=****&x=1'],
    ['http://u:p@h/a', 'http://****@h/a'],
    ['http://h/a?pass%77ord=k', 'http://h/a?pass%77ord=****'],
    ['http://h/a?x=1&%zz=2', 'http://h/a?x=1&%zz=2'],
  ])('in %s', (url, expected) => expect(masks.url(url)).toBe(expected));

  it.each([
    ['{"a":{"client_secret":"x","b":1}}', '{"a":{"client_secret":"****","b":1}}'],
    ['grant_type=a&client_secret=x', 'grant_type=a&client_secret=****'],
    ['<xml/>', '<xml/>'],
  ])('in body %s', (body, expected) => expect(masks.body(body)).toBe(expected));
});

describe('no text takes long', () => {
  const repeated = ['eyJ-', 'eyJ', '?', '?a', '&', '//', 'a=', '[', '{"a":', 'Basic ', ' ', 'a.', '%', '\\', '"'];
  it.each(repeated.map((piece) => [piece]))('made of %j', (piece) => {
    const text = piece.repeat(Math.ceil(200_000 / piece.length));
    const started = performance.now();
    for (const mask of [(one: string) => masks.text(one), (one: string) => masks.url(one), (one: string) => masks.body(one)]) mask(text);
    masks.header('X-A', text);
    masks.header('Cookie', text);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('nor does JSON that is very deep', () => {
    const deep = `${'['.repeat(30_000)}"primary-key-1"${']'.repeat(30_000)}`;
    expect(masks.body(deep)).not.toContain('primary-key-1');
  });
});

describe('of one call', () => {
  const basic = Buffer.from('me:pass-word-1').toString('base64');
  const own = masks.forCall([
    'Authorization',
    `Basic ${basic}`,
    'COOKIE',
    'a=cookie-1; b=x',
    'X-Api-Key',
    'api-key-1',
    'Accept',
    'text/plain',
  ]);
  it.each([
    ['its credentials', basic, '****'],
    ['its password', 'pass-word-1', '****'],
    ['its cookies, unless they are short', 'cookie-1 x', '**** x'],
    ['keys in headers', 'api-key-1', '****'],
    ['what the directory knows, too', SECRET, '****'],
    ['no other header', 'text/plain', 'text/plain'],
  ])('%s', (_name, text, expected) => expect(own.text(text)).toBe(expected));

  it('is the same when it has none', () => expect(masks.forCall(['Accept', 'text/plain'])).toBe(masks));
});
