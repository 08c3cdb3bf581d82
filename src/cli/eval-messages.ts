/** Requests and responses of fixtures: their headers, bodies and status lines. */
import { Body } from '../exchange/body.ts';
import { Headers } from '../exchange/headers.ts';
import { GatewayResponse } from '../exchange/message.ts';

/** Values by name. */
export type FixtureHeaders = Readonly<Record<string, readonly string[]>>;
/** Text, or bytes as Base64; null for none. */
export type FixtureBody = { readonly text?: string; readonly base64?: string } | null;

/** A response as a fixture tells it. */
export interface FixtureResponse {
  readonly statusCode: number;
  readonly statusReason: string;
  readonly headers: FixtureHeaders;
  readonly body: FixtureBody;
}

/** The response that expressions see. */
export function responseOf(fixture: FixtureResponse): GatewayResponse {
  return new GatewayResponse(fixture.statusCode, fixture.statusReason, headersOf(fixture.headers), bodyOf(fixture.body));
}

/** As they stand in a message. */
export function headersOf(headers: FixtureHeaders): Headers {
  return new Headers(Object.entries(headers).flatMap(([name, values]) => values.flatMap((value) => [name, value])));
}

/** A buffered body. */
export function bodyOf(body: FixtureBody): Body {
  if (body === null) return new Body();
  return body.base64 === undefined ? Body.text(body.text ?? '') : new Body(new Uint8Array(Buffer.from(body.base64, 'base64')));
}
