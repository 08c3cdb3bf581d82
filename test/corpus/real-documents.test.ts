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
import { checkDocument } from '../../src/pipeline/document.ts';
import type { PolicyEnvironment } from '../../src/pipeline/environment.ts';
import { compileResolver, resolveField } from '../../src/pipeline/resolvers.ts';
import { runEffective } from '../../src/pipeline/run.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { printDocument } from '../../src/xml/printer.ts';
import { readDocument } from '../../src/xml/reader.ts';
import type { PolicyDocument } from '../../src/xml/tree.ts';
import { compileEffective } from '../support/effective.ts';
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
function environment(source: string, host: Host, fragment?: PolicyDocument): PolicyEnvironment {
  const names = [...source.matchAll(/\{\{\s*([\w.-]+)\s*\}\}/g)].map((match) => match[1] ?? '');
  const namedValue = (name: string) => {
    // Names tell what stands behind them; anything else is a number, which is a text, too.
    if (/ur[il]|host|endpoint|server|authority|proxy|backend|origin/i.test(name) || source.includes(`<set-url>{{${name}`))
      return 'https://named.test';
    return new RegExp(`(?:condition|enabled|allow-credentials)="\\{\\{\\s*${name}`).test(source)
      ? 'true'
      : /threshold/.test(name)
        ? '0.1'
        : '10';
  };
  return {
    engine: expressions.engine,
    compileExpression: expressions.compile,
    namedValues: new Map(names.map((name) => [name, { value: namedValue(name), secret: false }])),
    fragments: new Map(fragment ? [[FRAGMENT, fragment]] : []),
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

const FRAGMENT = 'under-test';

/** What runs of a document: itself, or a document around it, where it stands in a section that takes it. */
function runnable(document: PolicyDocument, source: string, file: string): Runnable | undefined {
  if (document.kind === 'policies') return accepted(document, source) ? { document } : undefined;
  const fragment = document.kind === 'fragment' ? document : undefined;
  const inside = fragment ? `<include-fragment fragment-id="${FRAGMENT}" />` : source;
  const texts =
    document.kind === 'section'
      ? [`<policies>${source}</policies>`]
      : ['inbound', 'outbound', 'backend', 'on-error'].map((section) => `<policies><${section}>${inside}</${section}></policies>`);
  for (const text of texts) {
    const around = readDocument(text, file).document;
    if (accepted(around, source, fragment)) return { document: around, ...(fragment ? { fragment } : {}) };
  }
  return undefined;
}

function accepted(document: PolicyDocument, source: string, fragment?: PolicyDocument): boolean {
  return checkDocument(document, undefined, environment(source, testHost(), fragment)).every(({ severity }) => severity !== 'error');
}

/** A resolver's field value, with arguments and a parent that have what documents ask for. */
async function resolve(document: PolicyDocument, source: string): Promise<unknown> {
  const host = testHost({ send: async () => jsonAnswer({ access_token: 'x', value: [{ id: 1 }], Documents: [] }) });
  const outer = exchangeFor(host, CALLS[1] ?? CALL);
  const given = { id: '7', input: { id: '7', name: 'a' } };
  return resolveField(compileResolver(document, environment(source, host)), { arguments: given, parent: { id: '7' } }, outer);
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

const CALL = { method: 'GET', headers: [], body: undefined } as const;

interface Runnable {
  readonly document: PolicyDocument;
  readonly fragment?: PolicyDocument;
}

/** Three calls, one after the other; gives what each ended with. */
async function run({ document, fragment }: Runnable, source: string): Promise<Exchange[]> {
  const host = testHost({ send: async () => jsonAnswer({ access_token: 'x', value: [{ id: 1 }], active: true }) });
  const policy = compileEffective({ api: document }, environment(source, host, fragment));
  const ended: Exchange[] = [];
  for (const call of CALLS) {
    const exchange = exchangeFor(host, call);
    await runEffective(policy, exchange);
    await exchange.response?.body.buffer();
    ended.push(exchange);
  }
  return ended;
}

function exchangeFor(host: Host, { method, headers, body }: (typeof CALLS)[number]): Exchange {
  const url = new Url('https', 'gateway.test', 443, '/api/orders/7', '?x=1');
  return new Exchange({
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
    const refused: string[] = [];
    for (const entry of entries()) {
      const source = text(entry);
      const { document } = readDocument(source, entry.file);
      if (document.kind === 'resolver') {
        if (!accepted(document, source)) continue;
        const failure = await resolve(document, source).then(
          () => '',
          (error: unknown) => String(error),
        );
        expect(failure, entry.file).not.toMatch(FAULT);
        runs += 1;
        continue;
      }
      const found = runnable(document, source, entry.file);
      if (!found) {
        refused.push(entry.file);
        continue;
      }
      for (const { lastError, response, request } of await run(found, source)) {
        expect(lastError?.message ?? '', `${entry.file} ${request.originalMethod}`).not.toMatch(FAULT);
        expect(response, entry.file).not.toBeNull();
        runs += 1;
      }
    }
    // Of 649 documents 55 are wrong for Azure, too.
    expect(refused.length).toBeLessThanOrEqual(55);
    expect(runs).toBeGreaterThan(1700);
  });
});
