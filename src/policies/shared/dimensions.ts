/** `dimension` of emit-metric and the token metrics. */
import type { Exchange } from '../../exchange/exchange.ts';
import type { PolicyCompiler, PolicyElement } from '../compiler.ts';
import { type ChildDeclaration, optional, required } from '../definition.ts';
import { invalidValue } from '../evaluation.ts';
import * as faults from '../faults.ts';
import { needed } from './inputs.ts';

/** The schema takes ten, the pages five custom ones: a warning stands above five (policies-a, conflicts). */
const MOST_BY_PAGE = 5;

export const DIMENSION: ChildDeclaration = {
  name: 'dimension',
  min: 0,
  max: 10,
  content: 'empty',
  attributes: [required('name', 'string', 'Dimension.'), optional('value', 'string', 'Value; a default dimension needs none.')],
};

type Source = (exchange: Exchange) => string;

/** Dimensions that know their value; one that the call has not (the user of an anonymous call) is empty. */
const DEFAULTS: ReadonlyMap<string, Source> = new Map<string, Source>([
  ['API ID', ({ api }) => api?.id ?? ''],
  ['Operation ID', ({ operation }) => operation?.id ?? ''],
  ['Product ID', ({ product }) => product?.id ?? ''],
  ['User ID', ({ user }) => user?.id ?? ''],
  ['Subscription ID', ({ subscription }) => subscription?.id ?? ''],
  ['Location', ({ deployment }) => deployment.region],
  ['Gateway ID', ({ deployment }) => deployment.gatewayId],
]);

/** Every dimension that knows its value, with what it is for this call. */
export function defaultDimensions(exchange: Exchange): Record<string, string> {
  return Object.fromEntries([...DEFAULTS].map(([name, read]) => [name, read(exchange)]));
}

/** The token metrics know one more. */
const TOKEN_DEFAULTS: ReadonlyMap<string, Source> = new Map([...DEFAULTS, ['Backend ID', ({ backend }: Exchange) => backend?.id ?? '']]);

/** Computes what is written now and gives a function that adds what is known only later (the backend). */
export type DimensionReader = (exchange: Exchange) => () => Record<string, string>;

/** `most`: custom dimensions that the page promises. */
export function dimensionReader(
  element: PolicyElement,
  compiler: PolicyCompiler,
  kind: 'metric' | 'tokens',
  most: number = MOST_BY_PAGE,
): DimensionReader {
  // Behind the call a metric of one's own may name its backend, too (emit-metric's page since 2026).
  const defaults = kind === 'tokens' || compiler.section === 'outbound' ? TOKEN_DEFAULTS : DEFAULTS;
  const children = element.children('dimension');
  if (children.length === 0) compiler.report(faults.noDimension(element.name), element.xml.nameSpan);
  const custom = children.filter((child) => !defaults.has(child.text('name')?.constant ?? '')).length;
  if (custom > most) compiler.report(faults.manyDimensions(custom, most), element.xml.nameSpan);
  const readers = children.map((child) => oneReader(child, compiler, defaults));
  return (exchange) => {
    const found = readers.map((read) => read(exchange));
    return () => Object.fromEntries(found.map(([name, value]) => [name, typeof value === 'string' ? value : value(exchange)]));
  };
}

function oneReader(child: PolicyElement, compiler: PolicyCompiler, defaults: ReadonlyMap<string, Source>) {
  const name = needed(child.text('name'), 'name');
  const value = child.text('value');
  const literal = name.constant;
  if (!value && typeof literal === 'string' && !defaults.has(literal))
    compiler.report(faults.dimensionWithoutValue(literal, [...defaults.keys()]), child.xml.span);
  return (exchange: Exchange): readonly [string, string | Source] => {
    const text = name.read(exchange) ?? '';
    if (value) return [text, value.read(exchange) ?? ''];
    const known = defaults.get(text);
    if (!known) throw invalidValue(`Dimension '${text}' has no value.`);
    return [text, known];
  };
}
