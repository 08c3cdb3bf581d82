/** Recorded request contexts (fixtures) as exchanges, for `portico eval --batch`. */
import { readFileSync } from 'node:fs';
import type { TypeTable } from '../csharp/types/table.ts';
import type {
  ApiInfo,
  DeploymentInfo,
  OperationInfo,
  ProductInfo,
  SubscriptionInfo,
  UserInfo,
  WorkspaceInfo,
} from '../exchange/entities.ts';
import { Exchange } from '../exchange/exchange.ts';
import { GatewayRequest } from '../exchange/message.ts';
import type { LastError } from '../exchange/policy-error.ts';
import { Url } from '../exchange/url.ts';
import { createFrozenHost, type FrozenHost } from '../host/frozen.ts';
import { nodeCrypto } from '../host/node-crypto.ts';
import { reasonOf } from '../source/system-error.ts';
import { MemoryCache } from '../stores/cache.ts';
import { MemoryCounters } from '../stores/counters.ts';
import { bodyOf, type FixtureBody, type FixtureHeaders, type FixtureResponse, headersOf, responseOf } from './eval-messages.ts';
import { type FixtureValue, ValueReader } from './eval-values.ts';

interface FixtureUrl {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly queryString: string;
}
interface FixtureRequest {
  readonly method: string;
  readonly ipAddress: string;
  readonly url: FixtureUrl;
  readonly originalUrl: FixtureUrl;
  readonly headers: FixtureHeaders;
  readonly matchedParameters: Readonly<Record<string, string>>;
  readonly body: FixtureBody;
}
type FixtureApi = Omit<ApiInfo, 'serviceUrl'> & { readonly serviceUrl: FixtureUrl | null };

/** One request context as the file has it. */
export interface Fixture {
  readonly requestId: string;
  /** ISO 8601 with up to seven decimals. */
  readonly timestamp: string;
  /** What `context.Elapsed` says: `00:00:01.5000000`. */
  readonly elapsed: string;
  readonly tracing: boolean;
  readonly api: FixtureApi | null;
  readonly operation: OperationInfo | null;
  readonly product: (Omit<ProductInfo, 'apis'> & { readonly apis: readonly FixtureApi[] }) | null;
  readonly subscription: SubscriptionInfo | null;
  readonly user: UserInfo | null;
  readonly deployment: DeploymentInfo;
  readonly workspace: WorkspaceInfo | null;
  readonly lastError: LastError | null;
  readonly graphql: { readonly arguments: unknown; readonly parent: unknown } | null;
  readonly request: FixtureRequest;
  readonly response: FixtureResponse | null;
  readonly variables: Readonly<Record<string, FixtureValue>>;
}

/** Reads a file of fixtures; whole numbers too large for JavaScript stay text. */
export function readFixtures(path: string): ReadonlyMap<string, Fixture> {
  const parsed = jsonIn(path) as { readonly fixtures?: unknown } | null;
  if (typeof parsed?.fixtures !== 'object' || parsed.fixtures === null)
    throw new Error(`\`${path}\` holds no fixtures: write { "fixtures": { "name": { … } } }`);
  return new Map(Object.entries(parsed.fixtures as Record<string, Fixture>));
}

function jsonIn(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/("value":\s*)(-?\d{16,})/g, '$1"$2"');
  } catch (error) {
    throw new Error(`\`${path}\` cannot be read: ${reasonOf(error)}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`\`${path}\` is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A fresh exchange of a fixture; its clock stands at the fixture's time plus what has elapsed. */
export function exchangeOf(fixture: Fixture, types: TypeTable): Exchange {
  const started = Date.parse(fixture.timestamp);
  const host = frozenHost(started);
  const values = new ValueReader(types, host);
  const exchange = new Exchange({
    host,
    types,
    request: requestOf(fixture.request),
    response: fixture.response && responseOf(fixture.response),
    api: fixture.api && apiOf(fixture.api),
    operation: fixture.operation,
    product: fixture.product && { ...fixture.product, apis: fixture.product.apis.map(apiOf) },
    subscription: fixture.subscription,
    user: fixture.user,
    deployment: fixture.deployment,
    workspace: fixture.workspace,
    graphql: fixture.graphql && { arguments: values.json(fixture.graphql.arguments), parent: values.json(fixture.graphql.parent) },
    requestId: fixture.requestId,
    timestamp: started,
    timestampTicks: ticksOf(fixture.timestamp, started),
    tracing: fixture.tracing,
    lastError: fixture.lastError,
  });
  for (const [name, value] of Object.entries(fixture.variables)) exchange.variables.set(name, values.read(value));
  host.advance(durationOf(fixture.elapsed));
  return exchange;
}

/** A host without network whose clock moves only when told. */
export function frozenHost(now: number): FrozenHost {
  return createFrozenHost({
    now,
    crypto: nodeCrypto(),
    cache: (clock) => new MemoryCache(clock),
    counters: (clock) => new MemoryCounters(clock),
  });
}

function requestOf(fixture: FixtureRequest): GatewayRequest {
  const { url } = fixture;
  return new GatewayRequest({
    method: fixture.method,
    originalUrl: urlOf(fixture.originalUrl),
    base: new Url(url.scheme, url.host, url.port, '', ''),
    path: url.path,
    queryString: url.queryString,
    headers: headersOf(fixture.headers),
    body: bodyOf(fixture.body),
    ipAddress: fixture.ipAddress,
    matchedParameters: new Map(Object.entries(fixture.matchedParameters)),
  });
}

function urlOf(url: FixtureUrl): Url {
  return new Url(url.scheme, url.host, url.port, url.path, url.queryString);
}

function apiOf(api: FixtureApi): ApiInfo {
  return { ...api, serviceUrl: api.serviceUrl && urlOf(api.serviceUrl) };
}

/** 100 ns units since year 1, from the text's own decimals. */
function ticksOf(text: string, milliseconds: number): bigint {
  const decimals = /\.(\d+)/.exec(text)?.[1] ?? '';
  const seconds = BigInt(Math.floor(milliseconds / 1000));
  return (seconds + 62135596800n) * 10_000_000n + BigInt(decimals.padEnd(7, '0').slice(0, 7));
}

/** Milliseconds of `hh:mm:ss.fffffff`. */
function durationOf(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
}
