/** Liquid templates of set-body: read when the document is loaded, written for each call. */
import { Budget } from '../../../csharp/runtime/budget.ts';
import { NetException } from '../../../csharp/runtime/exception.ts';
import { parseText } from '../../../dotnet/json/index.ts';
import { parseWithoutDtd } from '../../../dotnet/xml/parse.ts';
import type { Exchange } from '../../../exchange/exchange.ts';
import { queryParts, queryValues } from '../../../exchange/query.ts';
import { isJsonType, isXmlType } from '../media-type.ts';
import type { Message } from '../message.ts';
import { contextValue, jsonValue } from './bind.ts';
import { type LiquidPlace, LiquidSyntaxError } from './errors.ts';
import { Output } from './output.ts';
import { Scope } from './scope.ts';
import { type Node, readTemplate } from './template.ts';
import type { LiquidValue } from './values.ts';
import { type NilForm, xmlValue } from './xml.ts';

export interface LiquidOptions {
  readonly nil: NilForm;
  /** Whether texts that look like dates are dates. */
  readonly dates: boolean;
}

/** A template that runs; `message` is what `body` is bound from, null for none. */
export type Liquid = (exchange: Exchange, message: Message | null) => string;

/** What is wrong with a template, and where if that is known. */
export interface LiquidProblem {
  readonly problem: string;
  readonly place: LiquidPlace | undefined;
}

/** Reads a template. */
export function liquidTemplate(text: string, options: LiquidOptions): Liquid | LiquidProblem {
  try {
    const node = readTemplate(text);
    return (exchange, message) => render(node, options, exchange, message);
  } catch (error) {
    if (error instanceof LiquidSyntaxError) return { problem: error.message, place: error.place };
    throw error;
  }
}

const QUERY = { values: queryValues, names: (query: string) => [...new Set(queryParts(query).map(({ name }) => name))] };

function render(node: Node, options: LiquidOptions, exchange: Exchange, message: Message | null): string {
  const budget = new Budget();
  const roots = new Map<string, LiquidValue>();
  const scope = new Scope({ host: exchange.host, types: exchange.types, budget }, (name) => {
    if (name !== 'body' && name !== 'context') return undefined;
    const bound = roots.get(name) ?? (name === 'body' ? bodyValue(message, options, budget) : contextValue(exchange, QUERY));
    roots.set(name, bound);
    return bound;
  });
  const output = new Output(budget);
  node(scope, output);
  return output.toString();
}

/** By Content-Type; another type, or a body that cannot be read, has no members. */
function bodyValue(message: Message | null, { nil, dates }: LiquidOptions, budget: Budget): LiquidValue {
  const contentType = message?.headers.first('Content-Type') ?? '';
  try {
    if (message && isJsonType(contentType)) return jsonValue(parseText(message.body.text(), 'JToken', { dates }, budget));
    if (message && isXmlType(contentType)) return xmlValue(parseWithoutDtd(message.body.text(), false, budget), nil);
  } catch (error) {
    if (!(error instanceof NetException)) throw error;
  }
  return null;
}
