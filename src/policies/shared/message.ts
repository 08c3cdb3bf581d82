/** The message that a section works on: inbound and backend the request, outbound and on-error the response. */
import type { Body } from '../../exchange/body.ts';
import type { SectionName } from '../../exchange/events.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { Headers } from '../../exchange/headers.ts';

export interface Message {
  readonly headers: Headers;
  readonly body: Body;
}

export type MessageKind = 'request' | 'response';

export function messageKind(section: SectionName): MessageKind {
  return section === 'inbound' || section === 'backend' ? 'request' : 'response';
}

export function messageOf(exchange: Exchange, kind: MessageKind): Message {
  return kind === 'request' ? exchange.request : exchange.ensureResponse();
}

/** The message if there is one already: policies that change what is there make no response. */
export function presentMessage(exchange: Exchange, kind: MessageKind): Message | null {
  return kind === 'request' ? exchange.request : exchange.response;
}
