/** What `Add` and the constructors make of their arguments, and what values look like as XML text. */
import { argument, argumentNull } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { Boxed, isNetObject } from '../../csharp/runtime/values.ts';
import { objectItems } from '../collections/elements.ts';
import { formatOf, netTypeName, toText } from '../core/protocol.ts';
import { AttributeValue, type ContainerValue, ElementValue, NodeValue, XmlObject } from './nodes.ts';

/** Adds content in front of `before`, or at the end: nodes, attributes, sequences of them, anything else as text. */
export function addContent(runtime: Runtime, parent: ContainerValue, content: unknown, before: NodeValue | null = null): void {
  runtime.budget.step();
  if (content === null || content === undefined) return;
  if (typeof content === 'string') parent.insertText(content, before);
  else if (content instanceof NodeValue) parent.insert(content, before);
  else if (content instanceof AttributeValue) addAttribute(parent, content);
  else if (isSequence(content)) for (const item of objectItems(runtime.types, content)) addContent(runtime, parent, item, before);
  else parent.insertText(xmlText(content), before);
}

function addAttribute(parent: ContainerValue, attribute: AttributeValue): void {
  if (!(parent instanceof ElementValue)) throw argument('An attribute cannot be added to content.');
  parent.addAttribute(attribute);
}

function isSequence(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/** The text of a value as XmlConvert writes it; ArgumentException for nodes. */
export function xmlText(value: unknown): string {
  if (value === null || value === undefined) throw argumentNull('value');
  if (typeof value === 'string') return value;
  if (value instanceof XmlObject) throw argument('An XObject cannot be used as a value.');
  if (value instanceof Boxed) return boxedText(value);
  if (!isNetObject(value)) return toText(value);
  switch (netTypeName(value.netType)) {
    case 'System.DateTime':
      return formatOf(value, 'yyyy-MM-ddTHH:mm:ss.FFFFFFFK');
    case 'System.DateTimeOffset':
      return formatOf(value, 'yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz').replace(/\+00:00$/, 'Z');
    case 'System.TimeSpan':
      return durationText(formatOf(value, 'c'));
    default:
      return toText(value);
  }
}

function boxedText(value: Boxed): string {
  if (typeof value.value === 'boolean') return String(value.value);
  if (value.value === Number.POSITIVE_INFINITY) return 'INF';
  return value.value === Number.NEGATIVE_INFINITY ? '-INF' : toText(value);
}

/** `[-][d.]hh:mm:ss[.fffffff]` as an XML Schema duration. */
function durationText(text: string): string {
  const match = /^(-?)(?:(\d+)\.)?(\d+):(\d+):(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) return text;
  const [, sign = '', days, hours = '0', minutes = '0', seconds = '0', fraction] = match;
  const date = days === undefined ? '' : `${Number(days)}D`;
  const part = (digits: string, unit: string) => (Number(digits) === 0 ? '' : `${Number(digits)}${unit}`);
  const tail = fraction === undefined ? '' : `.${fraction.replace(/0+$/, '')}`;
  const second = Number(seconds) === 0 && tail === '' ? '' : `${Number(seconds)}${tail}S`;
  const time = part(hours, 'H') + part(minutes, 'M') + second;
  return `${sign}P${date}${time === '' ? (date === '' ? 'T0S' : '') : `T${time}`}`;
}

/** An XML Schema duration as TimeSpan.Parse reads it; undefined for what is none. Years count 365 days, months 30. */
export function durationToTimeSpan(text: string): string | undefined {
  const match = /^(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,7})\d*)?S)?)?$/.exec(text.trim());
  if (match === null || /P$|T$/.test(text.trim())) return undefined;
  const [sign = '', years = '0', months = '0', days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match
    .slice(1)
    .map((part) => part ?? undefined);
  const whole =
    ((Number(years) * 365 + Number(months) * 30 + Number(days)) * 24 + Number(hours)) * 3600 + Number(minutes) * 60 + Number(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = `${two(Math.floor(whole / 3600) % 24)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return `${sign}${Math.floor(whole / 86400)}.${clock}.${fraction.padEnd(7, '0')}`;
}
