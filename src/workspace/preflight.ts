/**
 * CORS preflights (policies-a, cors): answered before the key check by the cors policies that stand directly in inbound of the
 * method asked about, even without an OPTIONS operation; one of the API's own switches this off.
 */
import type { EffectivePolicy } from '../pipeline/document.ts';
import type { Match, Routable, Router } from './router.ts';

export interface Preflight {
  /** The operation that the caller means to call. */
  readonly match: Match;
  /** What answers: cors policies and nothing else. */
  readonly policy: EffectivePolicy;
}

/** Undefined: the request is none, or no cors policy is there to answer it. `policyOf`: what runs for this caller. */
export function preflightOf(request: Routable, router: Router, policyOf: (match: Match) => EffectivePolicy): Preflight | undefined {
  const asked = request.header('Access-Control-Request-Method');
  if (request.method !== 'OPTIONS' || asked === undefined || request.header('Origin') === undefined) return undefined;
  const match = router.matchMethod(request, asked.toUpperCase());
  const policy = match && policyOf(match);
  const inbound = policy?.sections.inbound.filter(({ info }) => info.policy === 'cors') ?? [];
  if (!match || !policy || inbound.length === 0) return undefined;
  return { match, policy: { ...policy, sections: { inbound, backend: [], outbound: [], 'on-error': [] } } };
}
