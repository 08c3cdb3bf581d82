/** The token validator of a gateway over its reloads. */
import type { Host } from '../host/host.ts';
import { Discovery } from '../identity/discovery.ts';
import type {
  IdentitySnapshot,
  TokenAccepted,
  TokenOutcome,
  TokenRequirements,
  TokenRules,
  TokenValidator,
} from '../identity/token-validator.ts';
import { createTokenValidator } from '../identity/validator.ts';
import type { IdentitySettings } from '../workspace/model.ts';
import { withStandIns } from './demo/stand-ins.ts';

const NOTHING_YET: IdentitySnapshot = { providers: [], tokenCache: { size: 0, limit: 0, hits: 0, misses: 0 } };

/**
 * Compiled policies may outlive a reload: they hold on to this one, which asks the validator of the state in service. Keys
 * survive a reload, so that one while a provider is down refuses nobody; accepted tokens are judged again.
 */
export class CurrentTokens implements TokenValidator {
  readonly #host: Host;
  readonly #discovery: Discovery;
  #validator: TokenValidator;

  constructor(host: Host, providers: () => IdentitySettings['providers']) {
    this.#host = host;
    this.#discovery = new Discovery(withStandIns(host, providers));
    this.#validator = createTokenValidator({ host, discovery: this.#discovery });
  }

  /** Forgets what was accepted. `cache`: most accepted tokens that are remembered. */
  renew(cache: number): void {
    this.#validator = createTokenValidator({ host: this.#host, discovery: this.#discovery, cache });
  }

  known(token: string, rules: TokenRules): TokenAccepted | undefined {
    return this.#validator.known?.(token, rules);
  }

  validate(requirements: TokenRequirements): TokenOutcome | Promise<TokenOutcome> {
    return this.#validator.validate(requirements);
  }

  snapshot(): IdentitySnapshot {
    return this.#validator.snapshot?.() ?? NOTHING_YET;
  }
}
