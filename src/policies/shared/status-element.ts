/** `set-status` as policy and as child of return-response. */
import type { Exchange } from '../../exchange/exchange.ts';
import { type GatewayResponse, reasonPhrase } from '../../exchange/message.ts';
import type { PolicyElement } from '../compiler.ts';
import { type ElementDeclaration, optional } from '../definition.ts';
import { invalidValue } from '../evaluation.ts';
import { checkFieldText } from './header-element.ts';

export const STATUS_ELEMENT: ElementDeclaration = {
  name: 'set-status',
  content: 'empty',
  attributes: [
    optional('code', 'integer', 'Status code.', { min: 100, max: 999 }),
    optional('reason', 'string', 'Reason phrase.', { default: 'standard phrase of the code' }),
  ],
};

export interface StatusChange {
  readonly code: number | undefined;
  readonly reason: string | undefined;
}

export function statusReader(element: PolicyElement): (exchange: Exchange) => StatusChange {
  const code = element.number('code');
  const reason = element.text('reason');
  return (exchange) => ({
    code: code && checkedCode(code.read(exchange)),
    reason: checkedReason(reason?.read(exchange) ?? undefined),
  });
}

function checkedReason(reason: string | undefined): string | undefined {
  if (reason !== undefined) checkFieldText(reason);
  return reason;
}

/** Statuses below 200 announce an answer (RFC 9110, section 15.2): a caller would wait for it for ever. */
function checkedCode(code: number): number {
  if (!Number.isInteger(code) || code < 200 || code > 999) throw invalidValue(`'${code}' is not a valid status code.`);
  return code;
}

export function applyStatus(change: StatusChange, response: GatewayResponse, exchange: Exchange): void {
  const before = `${response.status} ${response.reason}`;
  const code = change.code ?? response.status;
  response.reason = change.reason ?? (code === response.status ? response.reason : reasonPhrase(code));
  response.status = code;
  if (!exchange.listener) return;
  exchange.emit({
    kind: 'value-written',
    step: exchange.current,
    target: 'status',
    name: '',
    before,
    after: `${response.status} ${response.reason}`,
  });
}
