/** Checks path and query options of a request against the metadata (OData 4.01, URL conventions). Throws ODataFault. */
import { ExpressionChecker, noMember } from './expressions.ts';
import { type Metadata, memberOf, type TypeName, UNTYPED } from './model.ts';
import { ODataFault } from './scanner.ts';

/** What a path leads to; `undefined` where the options are not about instances (`$metadata`, `$batch`, actions without result). */
type Target = TypeName | undefined;

/** `path` is decoded and relative to the service root; the query string has its `?` or is empty. */
export function checkRequest(metadata: Metadata, path: string, queryString: string): void {
  const target = targetOf(metadata, path);
  const seen = new Set<string>();
  for (const [name, value] of new URLSearchParams(queryString)) {
    const option = optionName(name);
    if (option === undefined) continue;
    if (seen.has(option))
      throw new ODataFault(`Query option '${name}' was specified more than once, but it must be specified at most once.`);
    seen.add(option);
    checkOption(metadata, option, value, target);
  }
}

const OPTIONS: readonly string[] = [
  'filter',
  'select',
  'expand',
  'orderby',
  'top',
  'skip',
  'count',
  'search',
  'format',
  'apply',
  'compute',
  'skiptoken',
  'deltatoken',
  'id',
  'index',
  'levels',
  'schemaversion',
];

/** System query options start with `$`; from 4.01 on they may do without. Others are the service's own, `@x` are values. */
function optionName(name: string): string | undefined {
  const bare = name.toLowerCase().replace(/^\$/, '');
  if (OPTIONS.includes(bare)) return bare;
  if (name.startsWith('$')) throw new ODataFault(`The query parameter '${name}' is not supported.`);
  return undefined;
}

function checkOption(metadata: Metadata, option: string, value: string, target: Target): void {
  if (option === 'top' || option === 'skip' || option === 'index') return checkNumber(option, value);
  if (option === 'count' && value !== 'true' && value !== 'false')
    throw new ODataFault(`Invalid value '${value}' for $count query option found. Valid values are 'true' or 'false'.`);
  if (option !== 'filter' && option !== 'select' && option !== 'expand' && option !== 'orderby') return;
  if (!target) throw new ODataFault(`The query option '$${option}' cannot be applied to the requested resource.`);
  if (target.name === UNTYPED.name) return;
  const checker = new ExpressionChecker(metadata, value);
  if (option === 'filter') checker.filter(target.name);
  else if (option === 'orderby') checker.orderBy(target.name);
  else if (option === 'select') checker.select(target.name);
  else checker.expand(target.name);
}

function checkNumber(option: string, value: string): void {
  if (!/^\d+$/.test(value) && !(option === 'index' && /^-\d+$/.test(value)))
    throw new ODataFault(
      `Invalid value '${value}' for $${option} query option found. The $${option} query option requires a non-negative integer value.`,
    );
}

function targetOf(metadata: Metadata, path: string): Target {
  const segments = path.split('/').filter((segment) => segment !== '');
  const [first, ...rest] = segments;
  if (first === undefined || first === '$metadata' || first === '$batch' || first === '$entity' || first.startsWith('$crossjoin('))
    return undefined;
  const { name, brackets } = partsOf(first);
  const resource = metadata.resources.get(name);
  if (!resource) throw new ODataFault(`Resource not found for the segment '${name}'.`);
  if (resource.kind === 'call') return follow(metadata, resource.returns, rest);
  const start: TypeName = { name: resource.type, isCollection: resource.kind === 'set' };
  return follow(metadata, brackets === undefined ? start : keyed(metadata, start, brackets), rest);
}

function partsOf(segment: string): { readonly name: string; readonly brackets: string | undefined } {
  const match = /^([^(]*)\((.*)\)$/s.exec(segment);
  return match ? { name: match[1] ?? '', brackets: match[2] } : { name: segment, brackets: undefined };
}

/** One instance of a collection by its key; named keys must be those of the type. */
function keyed(metadata: Metadata, of: TypeName, key: string): TypeName {
  if (!of.isCollection) throw new ODataFault(`The resource of type '${of.name}' is no collection and takes no key.`);
  const declared = keysOf(metadata, of.name);
  for (const [, name] of key.matchAll(/(?:^|,)\s*([A-Za-z_]\w*)=/g)) {
    if (name !== undefined && declared.length > 0 && !declared.includes(name)) throw noMember(name, of.name);
  }
  if (key.trim() === '') throw new ODataFault(`The key of a resource of type '${of.name}' is empty.`);
  return { name: of.name, isCollection: false };
}

function keysOf(metadata: Metadata, type: string): readonly string[] {
  const seen = new Set<string>();
  for (let current = metadata.types.get(type); current && !seen.has(current.name); current = metadata.types.get(current.base ?? '')) {
    seen.add(current.name);
    if (current.keys.length > 0) return current.keys;
  }
  return [];
}

function follow(metadata: Metadata, start: Target, segments: readonly string[]): Target {
  let current = start;
  for (const segment of segments) {
    if (!current) throw new ODataFault(`The request URI is not valid. The segment '${segment}' stands behind one that gives nothing.`);
    current = step(metadata, current, segment);
  }
  return current;
}

function step(metadata: Metadata, current: TypeName, segment: string): Target {
  if (current.name === UNTYPED.name) return UNTYPED;
  if (segment === '$count' || segment === '$value') return undefined;
  if (segment === '$ref' || segment === '$each' || segment.startsWith('$filter(')) return current;
  const { name, brackets } = partsOf(segment);
  if (name.includes('.')) return cast(metadata, current, name, brackets);
  if (current.isCollection) return brackets === undefined ? keyed(metadata, current, segment) : notThere(name, current);
  const member = memberOf(metadata, current.name, name);
  if (!member) return notThere(name, current);
  return brackets === undefined ? member : keyed(metadata, member, brackets);
}

/** A derived type, or a function or action bound to what stands before it. */
function cast(metadata: Metadata, current: TypeName, name: string, brackets: string | undefined): Target {
  const call = metadata.calls.get(name);
  if (call) return call.returns;
  if (!metadata.types.has(name)) return notThere(name, current);
  const typed = { name, isCollection: current.isCollection };
  return brackets === undefined ? typed : keyed(metadata, typed, brackets);
}

function notThere(name: string, current: TypeName): never {
  throw new ODataFault(`The request URI is not valid. There is no '${name}' on type '${current.name}'.`);
}
