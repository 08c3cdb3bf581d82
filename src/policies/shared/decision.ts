/** What policies that judge callers tell: their checks to listeners, their decision to the audit. */
import type { Decision } from '../../exchange/decision.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { TokenCheck } from '../../identity/token-validator.ts';

export function tellChecks(checks: readonly TokenCheck[], exchange: Exchange): void {
  if (!exchange.listener) return;
  for (const check of checks) exchange.emit({ kind: 'token-checked', step: exchange.current, ...check });
}

/** Adds the decision of the step that runs. */
export function addDecision(exchange: Exchange, decision: Pick<Decision, 'outcome' | 'reason' | 'claims' | 'keyId'>): void {
  const { current } = exchange;
  const whole = { policy: current?.policy ?? '', policyId: current?.policyId ?? null, ...decision };
  if (exchange.decisions) exchange.decisions.push(whole);
  else exchange.decisions = [whole];
}
