/** Routes and effective policies, as `portico routes` and `portico explain` have them. */
import { authenticationMap } from '../../lint/authentication-map.ts';
import type { CompiledStep } from '../../policies/step.ts';
import type { Engine } from '../../workspace/engine.ts';
import type { Workspace, WorkspaceApi, WorkspaceOperation } from '../../workspace/model.ts';
import { type RouteRow, routesOf } from '../../workspace/routes.ts';

/** Most routes in one answer; the page filters what it has. */
const MOST_ROUTES = 5000;

export interface CheckedRoute extends RouteRow {
  /** What is asked of callers: `subscription key`, names of policies. */
  readonly checks: readonly {
    readonly check: string;
    readonly proof: boolean;
    readonly conditional: boolean;
    readonly place: string | null;
  }[];
  readonly authenticated: boolean;
}

export function checkedRoutes(workspace: Workspace): { readonly routes: readonly CheckedRoute[]; readonly total: number } {
  const checks = new Map(authenticationMap(workspace).map((entry) => [`${entry.api}\n${entry.operation}`, entry]));
  const rows = routesOf(workspace);
  const routes = rows.slice(0, MOST_ROUTES).map((route) => {
    const found = checks.get(`${route.api}\n${route.operation}`);
    return {
      ...route,
      checks: (found?.checks ?? []).map((check) => ({ ...check, place: check.place ?? null })),
      authenticated: found?.authenticated ?? false,
    };
  });
  return { routes, total: rows.length };
}

export interface PolicyLine {
  readonly text: string;
  readonly line: number;
}

export interface EffectiveStep {
  readonly policy: string;
  readonly scope: string;
  readonly path: string;
  readonly file: string;
  readonly line: number;
  /** As written, without the indentation of its first line. */
  readonly lines: readonly PolicyLine[];
}

export interface Effective {
  readonly api: string;
  readonly operation: string;
  readonly products: readonly string[];
  readonly sections: Readonly<Record<string, readonly EffectiveStep[]>>;
}

/** Undefined when there is no such operation, or the product does not hold its API. */
export function effectivePolicy(engine: Engine, apiId: string, operationId: string, productId: string): Effective | undefined {
  const found = operationNamed(engine.workspace, apiId, operationId);
  if (!found) return undefined;
  const { api, operation } = found;
  const products = engine.workspace.products.filter(({ apiIds, space }) => apiIds.has(api.info.id) && space === api.space);
  if (productId !== '' && !products.some(({ info }) => info.id === productId)) return undefined;
  const { sections } = engine.policyFor(api, operation, productId);
  return {
    api: api.info.id,
    operation: operation.info.id,
    products: products.map(({ info }) => info.id),
    sections: Object.fromEntries(Object.entries(sections).map(([name, steps]) => [name, (steps as readonly CompiledStep[]).map(stepOf)])),
  };
}

function operationNamed(
  { apis }: Workspace,
  apiId: string,
  operationId: string,
): { readonly api: WorkspaceApi; readonly operation: WorkspaceOperation } | undefined {
  for (const api of apis.filter(({ info }) => info.id === apiId)) {
    const operation = api.operations.find(({ info }) => info.id === operationId);
    if (operation) return { api, operation };
  }
  return undefined;
}

function stepOf({ info }: CompiledStep): EffectiveStep {
  const { policy, scope, path, file, span } = info;
  return { policy, scope, path, file: file.name, line: file.positionAt(span.start).line, lines: file.linesOf(span) };
}
