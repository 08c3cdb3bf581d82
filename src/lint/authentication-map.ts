/** Which checks of the caller run for which operation. */
import type { Workspace } from '../workspace/model.ts';
import type { PolicySite } from './model.ts';
import { operationsOf } from './operations.ts';
import { around, lintDocumentOf } from './sites.ts';

/** Policies that refuse callers who do not prove who they are. */
const PROOFS: ReadonlySet<string> = new Set(['validate-jwt', 'validate-azure-ad-token', 'validate-client-certificate']);
/** Policies that refuse some callers, without knowing who they are. */
const FILTERS: ReadonlySet<string> = new Set(['ip-filter', 'check-header']);

export interface AuthenticationCheck {
  /** `subscription key`, or the name of the policy. */
  readonly check: string;
  /** It identifies the caller; false for filters by address or header. */
  readonly proof: boolean;
  /** It stands in a branch, so that some calls pass without it. */
  readonly conditional: boolean;
  /** `file:line`; undefined for the key. */
  readonly place: string | undefined;
}

export interface AuthenticationEntry {
  readonly api: string;
  readonly operation: string;
  readonly method: string;
  readonly template: string;
  readonly checks: readonly AuthenticationCheck[];
  /** At least one check identifies every caller. */
  readonly authenticated: boolean;
}

/** One entry an operation, in the order of the directory. */
export function authenticationMap(workspace: Workspace): AuthenticationEntry[] {
  const documents = new Map<object, ReturnType<typeof lintDocumentOf>>();
  const operations = operationsOf(workspace, (document, scope) => {
    const known = documents.get(document) ?? lintDocumentOf(document, scope);
    documents.set(document, known);
    return known;
  });
  return operations.map(({ api, operation, policies }) => {
    const key = { check: 'subscription key', proof: true, conditional: false, place: undefined };
    const found = policies.filter(
      ({ name, section }) => section !== 'outbound' && section !== 'on-error' && (PROOFS.has(name) || FILTERS.has(name)),
    );
    const checks = [...(api.subscriptionRequired ? [key] : []), ...found.map(checkOf)];
    return {
      api: api.info.id,
      operation: operation.info.id,
      method: operation.info.method,
      template: `${api.info.path === '' ? '' : `/${api.info.path}`}${operation.info.urlTemplate}`,
      checks,
      authenticated: checks.some(({ proof, conditional }) => proof && !conditional),
    };
  });
}

function checkOf(policy: PolicySite): AuthenticationCheck {
  const { file } = policy.document;
  return {
    check: policy.name,
    proof: PROOFS.has(policy.name),
    conditional: around(policy).length > 0,
    place: `${file.name}:${file.positionAt(policy.element.span.start).line}`,
  };
}
