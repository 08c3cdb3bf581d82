/** Schemas that the API definition has for a message's body, by content type. */
import type { OperationInfo, SchemaSource } from '../../exchange/entities.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { mediaType } from './media-type.ts';
import type { MessageKind } from './message.ts';

export interface Definitions {
  /** The operation came with an API definition. */
  readonly isKnown: boolean;
  /** By type in lower case without parameters; undefined for a type without a schema. */
  readonly byType: ReadonlyMap<string, SchemaSource | undefined>;
  /** What a schema without a name is called. */
  nameOf(type: string): string;
}

/** Of a request, or of the documented response with the status at hand. */
export function definitionsFor({ operation, response }: Exchange, kind: MessageKind): Definitions {
  const status = response?.status ?? 200;
  const representations =
    kind === 'request' ? operation?.requests : operation?.responses?.find((one) => one.status === status)?.representations;
  return {
    isKnown: operation?.parameters !== undefined,
    byType: new Map((representations ?? []).map(({ contentType, schema }) => [mediaType(contentType), schema])),
    nameOf: (type) => (kind === 'request' ? `${base(operation)}Request` : `${base(operation)}${status}${words(type)}Response`),
  };
}

/** `/orders/{id}` and POST: `OrdersIdPost`, much as the service's import names schemas that have no name. */
function base(operation: OperationInfo | null): string {
  return words(operation?.urlTemplate ?? '') + words((operation?.method ?? '').toLowerCase());
}

function words(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
