import type { Exchange } from '../exchange/exchange.ts';
import type { CacheAnswer } from '../host/host.ts';
import type { Input, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, optional, type PolicyDefinition, required } from './definition.ts';
import { CACHING_TYPE, type CachingType, cachingType, lookUpValue, NO_INTERNAL_CACHE, storeValue, valueKey } from './shared/caching.ts';
import { needed } from './shared/inputs.ts';
import { setVariable } from './shared/variables.ts';
import { runSteps, type Step, type StepList, type StepResult } from './step.ts';

/** `<cache-value>`: reads a value through the cache; the policies inside compute it when it is missing or old. */
export const cacheValue: PolicyDefinition = {
  name: 'cache-value',
  summary: 'Reads a value through the cache and refreshes it early.',
  page: 'api-management-policies',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  differences: NO_INTERNAL_CACHE,
  cardinality: 'any',
  attributes: [
    required('key', 'string', 'Cache key.'),
    required('variable-name', 'string', 'Variable that receives the value; the policies inside set it.', { expressions: false }),
    optional('expires-after', 'integer', 'Seconds that the value is kept.', { default: '28800', late: true }),
    optional('refresh-after', 'integer', 'Seconds after which the policies run again; 0 means always.', {
      default: 'expires-after',
      late: true,
    }),
    optional('default-value', 'any', 'Value when nothing else gives one.', { late: true }),
    CACHING_TYPE,
  ],
  content: 'children',
  children: [{ name: 'value', min: 1, max: 1, content: 'policies', attributes: [] }],
  compile: compileCacheValue,
};

/** Eight hours. */
const DEFAULT_EXPIRY = 28_800;

interface Plan {
  readonly variable: string;
  readonly kind: CachingType;
  readonly steps: StepList;
  readonly expiresAfter: Input<number> | undefined;
  readonly refreshAfter: Input<number> | undefined;
  /** Keys that are being computed, so that only one caller does it at a time. */
  readonly running: Map<string, Promise<unknown>>;
}

function compileCacheValue(element: PolicyElement): Step {
  const key = needed(element.text('key'), 'key');
  const fallback = element.object('default-value');
  const plan: Plan = {
    variable: element.literal('variable-name') ?? '',
    kind: cachingType(element.literal('caching-type')),
    steps: element.children('value')[0]?.steps() ?? [],
    expiresAfter: element.number('expires-after'),
    refreshAfter: element.number('refresh-after'),
    running: new Map(),
  };
  return async (exchange) => {
    const name = valueKey(key.read(exchange));
    const ending = await readThrough(plan, name, exchange);
    if (ending === undefined && !exchange.variables.has(plan.variable) && fallback)
      setVariable(exchange, plan.variable, fallback.read(exchange));
    return ending;
  };
}

/** A second entry that lives as long as the value is fresh: so any store will do. */
function freshKey(key: string): string {
  return `${key}#fresh`;
}

async function readThrough(plan: Plan, key: string, exchange: Exchange): Promise<StepResult> {
  const stored = await lookUpValue(exchange, plan.kind, key);
  const isFresh = stored.hit && (await exchange.host.cache.get(plan.kind, freshKey(key))).hit;
  const other = plan.running.get(key);
  if (isFresh || (stored.hit && other)) return take(plan, stored, exchange);
  if (!other) return compute(plan, key, stored, exchange);
  await other.catch(() => undefined);
  const made = await lookUpValue(exchange, plan.kind, key);
  return made.hit ? take(plan, made, exchange) : compute(plan, key, made, exchange);
}

function take({ variable }: Plan, { value }: CacheAnswer, exchange: Exchange): undefined {
  setVariable(exchange, variable, value);
}

async function compute(plan: Plan, key: string, old: CacheAnswer, exchange: Exchange): Promise<StepResult> {
  const work = runInside(plan, key, old, exchange);
  plan.running.set(key, work);
  try {
    return await work;
  } finally {
    if (plan.running.get(key) === work) plan.running.delete(key);
  }
}

async function runInside(plan: Plan, key: string, old: CacheAnswer, exchange: Exchange): Promise<StepResult> {
  const { variables } = exchange;
  const [had, before] = [variables.has(plan.variable), variables.get(plan.variable)];
  variables.remove(plan.variable);
  const ending = await runSteps(plan.steps, exchange);
  const value = variables.get(plan.variable) ?? null;
  if (value !== null) await store(plan, key, value, exchange);
  else if (old.hit) take(plan, old, exchange);
  else if (had && !variables.has(plan.variable)) variables.set(plan.variable, before);
  return ending;
}

/** Both lifetimes are computed behind the policies, which may have learnt them. */
async function store({ kind, expiresAfter, refreshAfter }: Plan, key: string, value: unknown, exchange: Exchange): Promise<void> {
  const expiry = expiresAfter?.read(exchange) ?? DEFAULT_EXPIRY;
  const refresh = Math.min(refreshAfter?.read(exchange) ?? expiry, expiry);
  if (expiry <= 0) return;
  await storeValue(exchange, kind, key, value, expiry);
  if (refresh > 0) await exchange.host.cache.set(kind, freshKey(key), true, refresh);
  else await exchange.host.cache.remove(kind, freshKey(key));
}
