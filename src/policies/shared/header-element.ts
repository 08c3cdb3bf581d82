/** `set-header` as policy and as child of return-response and send-request: the same element, another message. */
import type { Exchange } from '../../exchange/exchange.ts';
import { type Headers, sameName } from '../../exchange/headers.ts';
import type { PolicyElement } from '../compiler.ts';
import { type ElementDeclaration, optional, required, UNBOUNDED, valueChild } from '../definition.ts';
import { invalidValue } from '../evaluation.ts';
import { combined, needed, type Reader, texts } from './inputs.ts';
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
  const nameInput = needed(element.text('name'), 'name');
  const valuesInput = texts(element.children('value').map((child) => needed(child.content(), 'value')));
  const name = combined([nameInput], (exchange) => headerName(nameInput.read(exchange)));
  const action = actionReader(element);
  const values = combined([valuesInput], (exchange) => checkedValues(valuesInput.read(exchange)));
  return combined([name, action, values], (exchange) => ({
    name: name.read(exchange),
    action: action.read(exchange),
    values: values.read(exchange),
  })).read;
}

/** `exists-action` may be an expression; what it gives must be one of the four. */
export function actionReader(element: PolicyElement): Reader<ExistsAction> {
  const input = element.text('exists-action');
  return combined([input], (exchange) => actionOf(input?.read(exchange) ?? 'override'));
}

function actionOf(text: string): ExistsAction {
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

/** What nearly every text consists of: one look instead of three. */
const FIELD_TEXT = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Throws PolicyError for a text that cannot stand in a header line or behind a status code, in .NET's words for both cases. */
export function checkFieldText(text: string): void {
  if (FIELD_TEXT.test(text)) return;
  if (/[\r\n]/.test(text)) throw invalidValue('Specified value has invalid CRLF characters.');
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text)) throw invalidValue('Specified value has invalid Control characters.');
  // A field line has bytes (RFC 9110, section 5.5): what lies beyond them could only be guessed at.
  throw invalidValue('Specified value has invalid non-ASCII characters.');
}

/** set-header page, limitations: these are the gateway's own; touching them is silently ignored. */
const PROTECTED = ['connection', 'content-length', 'keep-alive', 'transfer-encoding'] as const;

function isRefused(name: string, action: ExistsAction, kind: MessageKind): boolean {
  if (PROTECTED.some((known) => sameName(known, name))) return true;
  return action === 'delete' && sameName(name, kind === 'response' ? 'server' : 'x-forwarded-for');
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
