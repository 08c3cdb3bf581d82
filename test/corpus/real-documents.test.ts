/**
 * Real policy documents by other people, where the collection lies beside the checkout (`../shared/corpus`, or the folder
 * that PORTICO_CORPUS names): all are read and printed back byte for byte, checking never fails inside, and what the check
 * accepts also runs: three synthetic calls each, with stubbed services, none of which ends in a fault of ours.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Body } from '../../src/exchange/body.ts';
import { Exchange } from '../../src/exchange/exchange.ts';
import { Headers } from '../../src/exchange/headers.ts';
import { GatewayRequest } from '../../src/exchange/message.ts';
import { Url } from '../../src/exchange/url.ts';
import type { Host } from '../../src/host/host.ts';
import { createTokenValidator } from '../../src/identity/validator.ts';
import { checkDocument, compileEffective } from '../../src/pipeline/document.ts';
import type { PolicyEnvironment } from '../../src/pipeline/environment.ts';
import { runEffective } from '../../src/pipeline/run.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { printDocument } from '../../src/xml/printer.ts';
import { readDocument } from '../../src/xml/reader.ts';
import type { PolicyDocument } from '../../src/xml/tree.ts';
import { jsonAnswer, testHost } from '../support/hosts.ts';

const FOLDER = process.env.PORTICO_CORPUS ?? '../shared/corpus';

interface Entry {
  readonly file: string;
  readonly class: string;
  readonly damaged?: boolean;
}

function entries(): Entry[] {
  const lines = readFileSync(join(FOLDER, 'index.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Entry).filter((entry) => !entry.damaged && entry.class !== 'templated');
}

const text = (entry: Entry) => readFileSync(join(FOLDER, entry.file), 'utf8');
const expressions = createExpressions();

/** Everything a document names exists. */
function environment(source: string, host: Host): PolicyEnvironment {
  const names = [...source.matchAll(/\{\{\s*([\w.-]+)\s*\}\}/g)].map((match) => match[1] ?? '');
  return {
    engine: expressions.engine,
    compileExpression: expressions.compile,
    namedValues: new Map(names.map((name) => [name, { value: '10', secret: false }])),
    fragments: new Map(),
    services: {
      backend: (id) => ({ id, url: 'https://backend.test' }),
      hasBackend: () => true,
      hasCertificate: () => true,
      tokens: createTokenValidator({ host }),
      gates: new Map(),
    },
    standalone: true,
    lenient: false,
  };
}

const CALLS: readonly { readonly method: string; readonly headers: readonly string[]; readonly body: string | undefined }[] = [
  { method: 'GET', headers: [], body: undefined },
  {
    method: 'POST',
    headers: ['Content-Type', 'application/json', 'Authorization', 'Bearer a.b.c', 'Origin', 'https://a.test'],
    body: '{"a":1,"items":[{"id":1}]}',
  },
  { method: 'PUT', headers: ['Content-Type', 'text/xml', 'X-Forwarded-For', '1.2.3.4'], body: '<a><b>1</b></a>' },
];

async function run(document: PolicyDocument, source: string, { method, headers, body }: (typeof CALLS)[number]): Promise<Exchange> {
  const host = testHost({ send: async () => jsonAnswer({ access_token: 'x', value: [{ id: 1 }], active: true }) });
  const url = new Url('https', 'gateway.test', 443, '/api/orders/7', '?x=1');
  const exchange = new Exchange({
    host,
    types: expressions.engine.types,
    request: new GatewayRequest({
      method,
      originalUrl: url,
      base: new Url('https', 'backend.test', 443, '', ''),
      path: '/orders/7',
      headers: new Headers(headers),
      body: body === undefined ? new Body() : Body.text(body),
      ipAddress: '10.0.0.1',
      matchedParameters: new Map([['id', '7']]),
    }),
    listener: () => {},
  });
  await runEffective(compileEffective({ api: document }, environment(source, host)), exchange);
  await exchange.response?.body.buffer();
  return exchange;
}

/** Messages of JavaScript and of our own faults, which no policy should ever see. */
const FAULT = /undefined|is not a function|Cannot read prop|internal error|is not declared|not iterable/i;

describe.skipIf(!existsSync(join(FOLDER, 'index.jsonl')))('real policy documents', () => {
  it('are read without an error and printed back byte for byte', () => {
    for (const entry of entries()) {
      const { document, problems } = readDocument(text(entry), entry.file);
      expect(printDocument(document) === text(entry), entry.file).toBe(true);
      expect(
        problems.filter(({ severity }) => severity === 'error'),
        entry.file,
      ).toEqual([]);
    }
  });

  it('run once they are accepted', { timeout: 120_000 }, async () => {
    let runs = 0;
    for (const entry of entries()) {
      const source = text(entry);
      const { document } = readDocument(source, entry.file);
      if (document.kind !== 'policies') continue;
      if (checkDocument(document, undefined, environment(source, testHost())).some(({ severity }) => severity === 'error')) continue;
      for (const call of CALLS) {
        const { lastError, response } = await run(document, source, call);
        expect(lastError?.message ?? '', `${entry.file} ${call.method}`).not.toMatch(FAULT);
        expect(response, entry.file).not.toBeNull();
        runs += 1;
      }
    }
    expect(runs).toBeGreaterThan(900);
  });
});
