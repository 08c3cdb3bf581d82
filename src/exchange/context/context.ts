import { declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { type NetGuid, parseGuid } from '../../dotnet/numbers/guid.ts';
import { dateTimeFromTicks, dateTimeFromUnix } from '../../dotnet/time/date-time.ts';
import { KIND } from '../../dotnet/time/ticks.ts';
import { NetTimeSpan } from '../../dotnet/time/time-span.ts';
import type { Exchange } from '../exchange.ts';
import { VariablesView } from './dictionaries.ts';

/** `context`: the exchange itself. Its members have no setters (CS0200). */
export const CONTEXT_TYPE: TypeDeclaration = declareType('interface IProxyRequestContext', 'all', {
  'IContextApi Api { get; }': (exchange: Exchange) => exchange.api,
  'IDeployment Deployment { get; }': (exchange: Exchange) => exchange.deployment,
  'TimeSpan Elapsed { get; }': (exchange: Exchange) => new NetTimeSpan(BigInt(Math.round(exchange.elapsed * 10_000))),
  'IGraphQL GraphQL { get; }': (exchange: Exchange) => exchange.graphql,
  'ILastError LastError { get; }': (exchange: Exchange) => exchange.lastError,
  'IOperation Operation { get; }': (exchange: Exchange) => exchange.operation,
  'IProduct Product { get; }': (exchange: Exchange) => exchange.product,
  'IRequest Request { get; }': (exchange: Exchange) => exchange.request,
  'Guid RequestId { get; }': requestId,
  'IResponse Response { get; }': (exchange: Exchange) => exchange.response,
  'ISubscription Subscription { get; }': (exchange: Exchange) => exchange.subscription,
  'DateTime Timestamp { get; }': (exchange: Exchange) =>
    exchange.timestampTicks === undefined ? dateTimeFromUnix(exchange.timestamp) : dateTimeFromTicks(exchange.timestampTicks, KIND.utc),
  'void Trace(string message)': (exchange: Exchange, message: string | null) => trace(exchange, message ?? ''),
  'bool Tracing { get; }': (exchange: Exchange) => exchange.tracing,
  'IUser User { get; }': (exchange: Exchange) => exchange.user,
  'IReadOnlyDictionary<string, object> Variables { get; }': (exchange: Exchange) => {
    exchange.variablesView ??= new VariablesView(exchange.types, exchange.variables);
    return exchange.variablesView;
  },
  'IWorkspace Workspace { get; }': (exchange: Exchange) => exchange.workspace,
});

function requestId(exchange: Exchange): NetGuid {
  return parseGuid(exchange.requestId);
}

function trace(exchange: Exchange, message: string): void {
  exchange.host.log('debug', exchange.mask(message), { source: 'context.Trace' });
  if (exchange.listener) exchange.emit({ kind: 'message', step: exchange.current, source: 'context.Trace', severity: 'verbose', message });
}
