/** Small requests that ask for much: each ends in an answer of its own soon, and the next call is served. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { policy, Stage } from './support.ts';

const stage = new Stage();
let running: Gateway;

const READS = `<choose>
  <when condition="@(context.Request.Method == "GET")"><return-response /></when>
  <when condition="@(context.Request.Url.Path.EndsWith("json"))">
    <set-variable name="n" value="@(context.Request.Body.As<JToken>().Count())" />
  </when>
  <when condition="@(context.Request.Url.Path.EndsWith("form"))">
    <set-variable name="n" value="@(context.Request.Body.AsFormUrlEncodedContent().Count)" />
  </when>
  <when condition="@(context.Request.Url.Path.EndsWith("search"))">
    <set-variable name="n" value="@{ var s = context.Request.Body.As<string>(); var n = 0; while (n < 100000000) n += s.IndexOf("b") + 2; return n; }" />
  </when>
</choose><return-response><set-status code="204" /></return-response>`;

const CASES: readonly (readonly [what: string, path: string, body: () => string, status: number])[] = [
  ['millions of values in JSON', '/json', () => `[${'1,'.repeat(10_000_000)}1]`, 500],
  ['JSON of an ordinary size', '/json', () => `[${'1,'.repeat(100_000)}1]`, 204],
  ['millions of fields of a form', '/form', () => 'a=1&'.repeat(2_000_000), 500],
  ['a long text that is searched again and again', '/search', () => 'a'.repeat(5_000_000), 500],
];

describe('a few kilobytes, compressed', () => {
  beforeAll(async () => {
    running = await stage.gateway({ 'policy.xml': policy(READS, '') });
  });
  afterAll(() => stage.clear());

  it.each(CASES)('%s', async (_what, path, body, status) => {
    const answer = await fetch(`${running.address}${path}`, {
      method: 'POST',
      headers: { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' },
      body: Uint8Array.from(gzipSync(body())),
    });
    expect(answer.status).toBe(status);
    expect((await fetch(running.address)).status).toBe(200);
  });
});
