/** Compile and run time of typical policy expressions, each beside the JavaScript that a person would write for it. */
import { createHmac } from 'node:crypto';
import { compileExpression, type ExpressionEngine } from '../src/csharp/compile.ts';
import { unbox } from '../src/csharp/runtime/box.ts';
import { Budget } from '../src/csharp/runtime/budget.ts';
import { createSemantics } from '../src/csharp/types/create-semantics.ts';
import { createTypeTable } from '../src/csharp/types/type-table.ts';
import { libraryDeclarations } from '../src/dotnet/index.ts';
import { Body } from '../src/exchange/body.ts';
import { CONTEXT_TYPE_NAME, contextDeclarations } from '../src/exchange/context/index.ts';
import { Exchange } from '../src/exchange/exchange.ts';
import { Headers } from '../src/exchange/headers.ts';
import { GatewayRequest } from '../src/exchange/message.ts';
import { Url } from '../src/exchange/url.ts';
import { createFrozenHost } from '../src/host/frozen.ts';
import { nodeCrypto } from '../src/host/node-crypto.ts';
import { MappedText } from '../src/source/mapped-text.ts';
import { MemoryCache } from '../src/stores/cache.ts';
import { MemoryCounters } from '../src/stores/counters.ts';
import { interleaved, median } from './measure.ts';

const HEADERS = ['Host', 'api.contoso.com', 'Accept', 'application/json', 'X-Tenant', 'north', 'Authorization', 'Bearer abc.def.ghi'];
const BODY = JSON.stringify({
  order: { id: 7, lines: [1, 2, 3].map((n) => ({ sku: `S${n}`, quantity: n, price: n * 1.5 + 0.25 })) },
  customer: { name: 'Ada', mail: 'ada@contoso.com' },
});
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

const types = createTypeTable([...libraryDeclarations(), ...contextDeclarations()]);
const engine: ExpressionEngine = { types, contextType: CONTEXT_TYPE_NAME, anyMember: false, semantics: createSemantics(types) };
const host = createFrozenHost({
  now: NOW,
  crypto: nodeCrypto(),
  cache: (clock) => new MemoryCache(clock),
  counters: (clock) => new MemoryCounters(clock),
});
const patterns = new Map<string, unknown>();

function newExchange(): Exchange {
  const url = Url.parse('https://api.contoso.com/orders/7?page=3&size=20');
  if (!url) throw new Error('the URL of the benchmark is wrong');
  const request = new GatewayRequest({
    method: 'POST',
    originalUrl: url,
    headers: new Headers(HEADERS),
    body: Body.text(BODY),
    ipAddress: '127.0.0.1',
  });
  const exchange = new Exchange({ host, types, request });
  exchange.variables.set('region', 'north');
  exchange.variables.set('roles', 'reader,writer,admin');
  return exchange;
}

/**
 * What the hand-written side works with: the plain data of the same call. It reads what the expression reads, refuses what the
 * expression refuses, and means by a pattern what .NET means by it; else the two would not be the same program.
 */
const plain = {
  request: { method: 'POST', host: 'api.contoso.com', path: '/orders/7' },
  headers: new Map(HEADERS.flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), HEADERS[at + 1] ?? ''] as const] : []))),
  query: 'page=3&size=20',
  body: BODY,
  variables: new Map<string, unknown>([
    ['region', 'north'],
    ['roles', 'reader,writer,admin'],
  ]),
};

interface Bench {
  readonly name: string;
  readonly code: string;
  readonly kind?: 'multi';
  readonly byHand: () => unknown;
}

interface Order {
  order: { id: number; lines: { sku: string; quantity: number; price: number }[] };
  customer: { name: string };
}

/** `[\w.+-]+@[\w-]+\.[\w.]+` as .NET reads it: word characters of all scripts, `$` before a last line end, too. */
const EMAIL = /^[\p{L}\p{Mn}\p{Mc}\p{Nd}\p{Pc}.+-]+@[\p{L}\p{Mn}\p{Mc}\p{Nd}\p{Pc}-]+\.[\p{L}\p{Mn}\p{Mc}\p{Nd}\p{Pc}.]+(?=\n?$)/u;

/** A variable that must be there and be text, as the cast in the expression asks. */
function textVariable(name: string): string {
  const value = plain.variables.get(name);
  if (typeof value !== 'string') throw new TypeError(`the variable ${name} is no text`);
  return value;
}

const BENCHES: readonly Bench[] = [
  {
    name: 'header read',
    code: 'context.Request.Headers.GetValueOrDefault("X-Tenant", "none")',
    byHand: () => plain.headers.get('X-Tenant'.toLowerCase()) ?? 'none',
  },
  {
    name: 'query read',
    code: 'context.Request.Url.Query.GetValueOrDefault("page", "1")',
    byHand: () => new URLSearchParams(plain.query).get('page') ?? '1',
  },
  {
    name: 'variable compared',
    code: '(string)context.Variables["region"] == "north"',
    byHand: () => textVariable('region') === 'north',
  },
  {
    name: 'roles by LINQ',
    code: '((string)context.Variables["roles"]).Split(\',\').Select(r => r.Trim()).Where(r => r != "reader").Any(r => r == "admin")',
    byHand: () =>
      textVariable('roles')
        .split(',')
        .map((role) => role.trim())
        .filter((role) => role !== 'reader')
        .some((role) => role === 'admin'),
  },
  {
    name: 'JObject transform',
    kind: 'multi',
    code: `var body = context.Request.Body.As<JObject>(preserveContent: true);
      var lines = new JArray();
      foreach (var line in body["order"]["lines"]) {
        lines.Add(new JObject(new JProperty("sku", line["sku"]), new JProperty("total", (double)line["price"] * (int)line["quantity"])));
      }
      return new JObject(new JProperty("id", body["order"]["id"]), new JProperty("lines", lines)).ToString(Newtonsoft.Json.Formatting.None);`,
    byHand: () => {
      const body = JSON.parse(plain.body) as Order;
      const lines = body.order.lines.map((line) => ({ sku: line.sku, total: line.price * line.quantity }));
      return JSON.stringify({ id: body.order.id, lines });
    },
  },
  {
    name: 'HMAC signature',
    kind: 'multi',
    code: `var text = context.Request.Method + "\\n" + context.Request.Url.Path;
      using (var hmac = new System.Security.Cryptography.HMACSHA256(System.Text.Encoding.UTF8.GetBytes("key"))) {
        return Convert.ToBase64String(hmac.ComputeHash(System.Text.Encoding.UTF8.GetBytes(text)));
      }`,
    byHand: () => {
      const text = `${plain.request.method}\n${plain.request.path}`;
      return createHmac('sha256', Buffer.from('key')).update(Buffer.from(text)).digest('base64');
    },
  },
  {
    name: 'date format',
    code: 'DateTime.UtcNow.AddMinutes(5).ToString("yyyy-MM-ddTHH:mm:ssZ")',
    byHand: () => `${new Date(NOW + 300_000).toISOString().slice(0, 19)}Z`,
  },
  {
    name: 'regex',
    code: 'System.Text.RegularExpressions.Regex.IsMatch("ada@contoso.com", @"^[\\w.+-]+@[\\w-]+\\.[\\w.]+$")',
    byHand: () => EMAIL.test('ada@contoso.com'),
  },
  {
    name: 'string building',
    code: 'string.Format("{0}/{1}?tenant={2}", context.Request.Url.Host, context.Request.Method.ToLower(), context.Request.Headers.GetValueOrDefault("X-Tenant", ""))',
    byHand: () => {
      const { host, method } = plain.request;
      return `${host}/${method.toLowerCase()}?tenant=${plain.headers.get('X-Tenant'.toLowerCase()) ?? ''}`;
    },
  },
  {
    name: 'JSON build',
    code: 'new JObject(new JProperty("status", 400), new JProperty("message", "no " + context.Request.Method), new JProperty("tags", new JArray("a", "b"))).ToString()',
    byHand: () => JSON.stringify({ status: 400, message: `no ${plain.request.method}`, tags: ['a', 'b'] }, null, 2),
  },
];

function compiled({ name, code, kind = undefined }: Bench) {
  const result = compileExpression(MappedText.of(code), kind ?? 'single', engine);
  if (!result.expression) throw new Error(`${name}: ${result.diagnostics.map((one) => one.message).join('; ')}`);
  return result.expression;
}

/** Row of the table; also says when both sides disagree, which would make the comparison worthless. */
function measure(bench: Bench): number {
  const expression = compiled(bench);
  const exchange = newExchange();
  const run = () => expression.run({ host, types, budget: new Budget(), patterns }, exchange);
  const [got, expected] = [String(unbox(run())).replaceAll('\r', ''), String(bench.byHand())];
  if (got !== expected) throw new Error(`${bench.name}: ${got} is not ${expected}`);
  // Compiling comes last: nothing compiles while a gateway answers calls, and it would disturb what runs beside it.
  const costs = new Map([...interleaved({ run, byHand: bench.byHand }, 11, 60), ...interleaved({ compile: () => compiled(bench) }, 3, 30)]);
  const [ours, theirs, compiling] = ['run', 'byHand', 'compile'].map((name) => costs.get(name) ?? Number.NaN) as [number, number, number];
  const cells = [`${ours.toFixed(0)} ns`, `${theirs.toFixed(0)} ns`, (ours / theirs).toFixed(1), `${(compiling / 1000).toFixed(0)} µs`];
  process.stdout.write(`  ${bench.name.padEnd(20)}${cells.map((cell) => cell.padStart(12)).join('')}\n`);
  return ours / theirs;
}

const wanted = process.argv[2];
process.stdout.write(`expressions          ${['run', 'by hand', 'ratio', 'compile'].map((cell) => cell.padStart(12)).join('')}\n`);
const ratios = BENCHES.filter(({ name }) => wanted === undefined || name.includes(wanted)).map(measure);
process.stdout.write(`  median ratio ${median(ratios).toFixed(1)}\n`);
