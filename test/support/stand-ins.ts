/** Stand-in providers on test hosts: their answers played, and rules that their tokens meet. */
import type { FrozenHost } from '../../src/host/frozen.ts';
import { HostError, type IncomingResponse } from '../../src/host/host.ts';
import { findPack } from '../../src/identity/providers/packs.ts';
import { type StandInOptions, StandInProvider } from '../../src/identity/providers/stand-in.ts';
import type { TokenRules } from '../../src/identity/token-validator.ts';
import { testHost } from './hosts.ts';

export const NOW = Date.UTC(2026, 0, 1);

export function standIn(name: string, options: Omit<StandInOptions, 'pack'> = {}): StandInProvider {
  const pack = findPack(name);
  if (!pack) throw new Error(`no pack ${name}`);
  return new StandInProvider({ pack, ...options });
}

/** A host on which these providers answer; `current` may be exchanged between calls. */
export function hostWith(current: { providers: readonly StandInProvider[] }): FrozenHost {
  const host: FrozenHost = testHost({
    now: NOW,
    send: async (request): Promise<IncomingResponse> => {
      const answer = current.providers.map((one) => one.answer(request.origin + request.path)).find((one) => one !== undefined);
      if (!answer || answer.down) throw new HostError('connect', `nothing answers ${request.origin}${request.path}`);
      if (answer.delay > request.timeoutMilliseconds) throw new HostError('timeout', 'too slow');
      async function* body() {
        yield new TextEncoder().encode(answer?.body);
      }
      return { status: answer.status, reason: '', headers: ['Content-Type', answer.type], body: body() };
    },
  });
  return host;
}

/** Rules that take keys and issuer from one provider, and ask for nothing else. */
export function rulesFor(provider: StandInProvider, changes: Partial<TokenRules> = {}): TokenRules {
  return {
    requireExpirationTime: true,
    requireSignedTokens: true,
    clockSkewSeconds: 0,
    openIdConfigs: [provider.discoveryUrl],
    signingKeys: [],
    decryptionKeys: [],
    audiences: [],
    issuers: [],
    requiredClaims: [],
    ...changes,
  };
}
