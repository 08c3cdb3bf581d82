/** Values of events as the page shows them. */
import type { NetObject } from '../../csharp/runtime/values.ts';
import { GatewayResponse } from '../../exchange/message.ts';
import type { Masks } from '../masks.ts';

/** Longest text of one value. */
const LONGEST = 2000;

/** `null` stands for nothing there. */
export function shownValue(value: unknown, mask: (text: string) => string): string | null {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return null;
  return short(mask(Array.isArray(value) ? value.map(textOf).join(', ') : textOf(value)));
}

export function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** What is written to a place, masked by the kind of the place. */
export function maskFor(target: string, name: string, masks: Masks): (text: string) => string {
  if (target.endsWith('header')) return (text) => masks.header(name, text);
  if (target.endsWith('body')) return (text) => masks.body(text);
  if (target === 'url') return (text) => masks.url(text);
  return (text) => masks.parameter(name, text);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('value' in value && typeof value.value !== 'object') return String(value.value);
  if ('netToString' in value) return String((value as { netToString(): unknown }).netToString());
  return 'netType' in value ? typeOf(value as NetObject) : 'an object';
}

/** `Jwt`, `IResponse 200`: what it is, where it has no text. */
function typeOf(value: NetObject): string {
  const { netType } = value;
  const name =
    'header' in netType ? (/(?:class|struct|interface)\s+([\w.]+)/.exec(netType.header)?.[1] ?? 'object') : netType.definition.name;
  const status = value instanceof GatewayResponse ? ` ${value.status}` : '';
  return name.slice(name.lastIndexOf('.') + 1) + status;
}
