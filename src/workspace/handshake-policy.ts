/** What of an effective policy runs on a WebSocket handshake. */
import type { EffectivePolicy } from '../pipeline/document.ts';

/** Policies that a WebSocket handshake has no use for, left out where a wider scope brings them (gateway-model, section 14). */
const NOT_FOR_HANDSHAKES: ReadonlySet<string> = new Set([
  'mock-response',
  'cache-lookup',
  'cache-store',
  'cross-domain',
  'cors',
  'jsonp',
  'set-method',
  'set-body',
  'xml-to-json',
  'json-to-xml',
  'xsl-transform',
  'validate-content',
  'validate-parameters',
  'validate-headers',
  'validate-status-code',
]);

/** The policy without what is not for handshakes; what stands in the operation's own document stays. */
export function ofHandshake({ sections, ...policy }: EffectivePolicy): EffectivePolicy {
  const kept = (steps: EffectivePolicy['sections']['inbound']) =>
    steps.filter(({ info }) => info.scope === 'operation' || !NOT_FOR_HANDSHAKES.has(info.policy));
  const { inbound, backend, outbound, 'on-error': onError } = sections;
  return { ...policy, sections: { inbound: kept(inbound), backend: kept(backend), outbound: kept(outbound), 'on-error': kept(onError) } };
}
