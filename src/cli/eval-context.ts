/** The request that `portico eval` evaluates against, from its options. */
import type { TypeTable } from '../csharp/types/table.ts';
import { Body } from '../exchange/body.ts';
import { Exchange } from '../exchange/exchange.ts';
import { Headers } from '../exchange/headers.ts';
import { GatewayRequest } from '../exchange/message.ts';
import { Url } from '../exchange/url.ts';
import { exchangeOf, frozenHost, readFixtures } from './eval-fixtures.ts';

export interface ContextOptions {
  readonly method?: string;
  readonly url?: string;
  readonly header?: readonly string[];
  readonly body?: string;
  readonly variable?: readonly string[];
  readonly fixtures?: string;
  readonly fixture?: string;
}

/** A recorded context when one is named, else a request made of the options. Throws on options that make no sense. */
export function exchangeFromOptions(options: ContextOptions, types: TypeTable): Exchange {
  const exchange = options.fixture === undefined ? plainExchange(options, types) : recorded(options, options.fixture, types);
  for (const pair of options.variable ?? []) exchange.variables.set(...nameAndValue(pair, '='));
  return exchange;
}

function recorded(options: ContextOptions, name: string, types: TypeTable): Exchange {
  const fixture = options.fixtures === undefined ? undefined : readFixtures(options.fixtures).get(name);
  if (!fixture) throw new Error(`no fixture \`${name}\`: name the file with --fixtures FILE`);
  return exchangeOf(fixture, types);
}

function plainExchange(options: ContextOptions, types: TypeTable): Exchange {
  const url = Url.parse(options.url ?? 'https://localhost/');
  if (!url) throw new Error(`\`${options.url}\` is no absolute URL`);
  const request = new GatewayRequest({
    method: options.method ?? 'GET',
    originalUrl: url,
    headers: new Headers((options.header ?? []).flatMap((line) => nameAndValue(line, ':'))),
    body: options.body === undefined ? new Body() : Body.text(options.body),
    ipAddress: '127.0.0.1',
  });
  return new Exchange({ host: frozenHost(Date.now()), types, request });
}

function nameAndValue(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  if (at <= 0) throw new Error(`\`${text}\` is not written \`name${separator}value\``);
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
