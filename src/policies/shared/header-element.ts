/** `set-header` as policy and as child of return-response and send-request: the same element, another message. */
import type { Exchange } from '../../exchange/exchange.ts';
import type { Headers } from '../../exchange/headers.ts';
import type { Input, PolicyElement } from '../compiler.ts';
import { type ElementDeclaration, optional, required, UNBOUNDED, valueChild } from '../definition.ts';
import { invalidValue } from '../evaluation.ts';
import { needed, texts } from './inputs.ts';
import type { MessageKind } from './message.ts';

export const EXISTS_ACTIONS = ['override', 'skip', 'append', 'delete'] as const;
export type ExistsAction = (typeof EXISTS_ACTIONS)[number];

export const HEADER_ELEMENT: ElementDeclaration = {
  name: 'set-header',
  content: 'children',
  attributes: [
    required('name', 'string', 'Header name.'),
    optional('exists-action', 'enum', 'What happens when the header exists.', { values: EXISTS_ACTIONS, default: 'override' }),
  ],
  children: [valueChild('value', 0, UNBOUNDED)],
};

/** Whether the element has no value though its action, as far as it is known before a call, needs one. */
export function setsNothing(element: PolicyElement): boolean {
  const action = element.literal('exists-action');
  return element.children('value').length === 0 && action !== 'delete' && (action !== undefined || !element.has('exists-action'));
}

/** What a set-header element will do, its expressions evaluated. */
export interface HeaderChange {
  readonly name: string;
  readonly action: ExistsAction;
  readonly values: readonly string[];
}

/** Reads the element's values for a call. Throws PolicyError for texts that cannot stand in a header. */
export function headerReader(element: PolicyElement): (exchange: Exchange) => HeaderChange {
  const name = needed(element.text('name'), 'name');
  const action = element.text('exists-action');
  const values = texts(element.children('value').map((child) => needed(child.content(), 'value')));
  return (exchange) => ({
    name: headerName(name.read(exchange)),
    action: actionOf(action, exchange),
    values: checkedValues(values.read(exchange)),
  });
}

/** `exists-action` may be an expression; what it gives must be one of the four. */
export function actionOf(input: Input<string | null> | undefined, exchange: Exchange): ExistsAction {
  const text = input?.read(exchange) ?? 'override';
  const action = EXISTS_ACTIONS.find((known) => known === text);
  if (!action) throw invalidValue(`'${text}' is not a valid exists-action.`);
  return action;
}

/** RFC 9110, section 5.6.2: a token. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export function isHeaderName(text: string): boolean {
  return TOKEN.test(text);
}

function headerName(name: string | null): string {
  if (name === null || !isHeaderName(name)) throw invalidValue('Specified value has invalid HTTP Header characters.');
  return name;
}

function checkedValues(values: readonly string[]): readonly string[] {
  for (const value of values) checkFieldText(value);
  return values;
}

/** Throws PolicyError for a text that cannot stand in a header line or behind a status code, in .NET's words for both cases. */
export function checkFieldText(text: string): void {
  if (/[\r\n]/.test(text)) throw invalidValue('Specified value has invalid CRLF characters.');
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text)) throw invalidValue('Specified value has invalid Control characters.');
  // A field line has bytes (RFC 9110, section 5.5): what lies beyond them could only be guessed at.
  if (/[^\0-\xff]/.test(text)) throw invalidValue('Specified value has invalid non-ASCII characters.');
}

/** set-header page, limitations: these are the gateway's own; touching them is silently ignored. */
const PROTECTED: ReadonlySet<string> = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

function isRefused(name: string, action: ExistsAction, kind: MessageKind): boolean {
  const lower = name.toLowerCase();
  if (PROTECTED.has(lower)) return true;
  return action === 'delete' && ((kind === 'response' && lower === 'server') || (kind === 'request' && lower === 'x-forwarded-for'));
}

/** Applies a change and tells the listener. */
export function applyHeader(change: HeaderChange, headers: Headers, kind: MessageKind, exchange: Exchange): void {
  const { name, action } = change;
  if (isRefused(name, action, kind) || (action === 'skip' && headers.has(name))) return;
  const before = exchange.listener ? headers.joined(name) : undefined;
  const values = change.values.length === 0 ? [''] : change.values;
  if (action === 'delete') headers.remove(name);
  else if (action === 'append') headers.append(name, values);
  else headers.set(name, values);
  if (!exchange.listener) return;
  exchange.emit({ kind: 'value-written', step: exchange.current, target: `${kind}.header`, name, before, after: headers.joined(name) });
}
