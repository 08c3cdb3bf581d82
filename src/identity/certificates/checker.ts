/** validate-client-certificate's rules in Azure's observed order: start, end, revocation, trust. */
import type { CertificateInfo, Host } from '../../host/host.ts';
import { CheckLog } from '../check-log.ts';
import type { TokenCheck } from '../token-validator.ts';
import { buildChain, type Chain } from './chain.ts';
import { Revocation, type RevocationStatus } from './revocation.ts';

export interface CertificateRules {
  readonly notBefore: boolean;
  readonly notAfter: boolean;
  readonly revocation: boolean;
  readonly trust: boolean;
}

export type CertificateFailureReason =
  | 'ClientCertificateNotFound'
  | 'ClientCertificateNotYetValid'
  | 'ClientCertificateExpired'
  | 'ClientCertificateRevoked'
  | 'ClientCertificateNotTrusted'
  | 'ClientCertificateIdentityNotMatched';

export interface CertificateVerdict {
  readonly reason: CertificateFailureReason | undefined;
  readonly checks: readonly TokenCheck[];
}

type CheckHost = Pick<Host, 'now' | 'crypto' | 'certificates' | 'send' | 'log'>;

/** A chain is built anew after so many milliseconds: its authorities may have expired. */
const CHAIN_AGE = 10_000;
/** Most certificates whose lack of a revocation source was told. */
const MOST_TOLD = 1000;

export class CertificateChecker {
  readonly #revocation = new Revocation();
  readonly #chains = new WeakMap<CertificateInfo, { readonly chain: Chain; readonly authorities: unknown; readonly until: number }>();
  readonly #told = new Set<string>();

  check(certificate: CertificateInfo, rules: CertificateRules, host: CheckHost): CertificateVerdict | Promise<CertificateVerdict> {
    const log = new CheckLog();
    const early = checkDates(certificate, rules, host.now(), log);
    if (early) return { reason: early, checks: log.checks };
    if (!rules.revocation && !rules.trust) return { reason: undefined, checks: log.checks };
    const chain = this.#chain(certificate, host);
    const revoked = rules.revocation ? this.#revoked(chain, host) : 'unlisted';
    const settle = (status: RevocationStatus) => this.#settle(status, chain, certificate, rules, log, host);
    return revoked instanceof Promise ? revoked.then(settle) : settle(revoked);
  }

  #settle(
    status: RevocationStatus,
    chain: Chain,
    certificate: CertificateInfo,
    rules: CertificateRules,
    log: CheckLog,
    host: CheckHost,
  ): CertificateVerdict {
    const refused = status === 'revoked' || status === 'unreachable';
    if (rules.revocation) log.add('certificate revocation', 'not revoked', STATUS_TEXTS[status], !refused);
    if (refused) return { reason: 'ClientCertificateRevoked', checks: log.checks };
    if (rules.trust) log.add('certificate chain', 'ends at a trusted authority', describeChain(chain), chain.trusted);
    if (rules.trust && !chain.trusted) return { reason: 'ClientCertificateNotTrusted', checks: log.checks };
    if (rules.revocation && status === 'unlisted') this.#tellUnlisted(certificate, host);
    return { reason: undefined, checks: log.checks };
  }

  /** All but the root, which nobody can revoke. */
  #revoked({ certificates, trusted }: Chain, host: CheckHost): RevocationStatus | Promise<RevocationStatus> {
    const asked = certificates.slice(0, -1).map((one, at) => this.#revocation.status(one, certificates[at + 1] ?? one, trusted, host));
    const settled = asked.filter((one): one is RevocationStatus => typeof one === 'string');
    if (trusted && asked.length === 0) return 'good';
    return settled.length === asked.length ? worst(settled) : Promise.all(asked).then(worst);
  }

  #chain(certificate: CertificateInfo, host: CheckHost): Chain {
    const { authorities } = host.certificates;
    const now = host.now();
    const found = this.#chains.get(certificate);
    if (found && found.authorities === authorities && now < found.until) return found.chain;
    const chain = buildChain(certificate, host);
    this.#chains.set(certificate, { chain, authorities, until: now + CHAIN_AGE });
    return chain;
  }

  /** Nobody can be asked: accepted, and said once for each certificate. */
  #tellUnlisted({ thumbprint, subject }: CertificateInfo, host: CheckHost): void {
    if (this.#told.has(thumbprint) || this.#told.size >= MOST_TOLD) return;
    this.#told.add(thumbprint);
    host.log('warn', 'validate-client-certificate: nothing says whether this certificate was revoked', { thumbprint, subject });
  }
}

function checkDates(
  { notBefore, notAfter }: CertificateInfo,
  rules: CertificateRules,
  now: number,
  log: CheckLog,
): CertificateFailureReason | undefined {
  if (rules.notBefore) log.add('certificate notBefore', `<= ${iso(now)}`, iso(notBefore), notBefore <= now);
  if (rules.notBefore && notBefore > now) return 'ClientCertificateNotYetValid';
  if (rules.notAfter) log.add('certificate notAfter', `>= ${iso(now)}`, iso(notAfter), notAfter >= now);
  if (rules.notAfter && notAfter < now) return 'ClientCertificateExpired';
  return undefined;
}

const STATUS_TEXTS: Readonly<Record<RevocationStatus, string>> = {
  good: 'not revoked',
  revoked: 'revoked',
  unlisted: 'nothing to ask',
  unreachable: 'no answer that counts',
};

/** One revoked certificate decides, then one whose state cannot be told. */
function worst(statuses: readonly RevocationStatus[]): RevocationStatus {
  const order: readonly RevocationStatus[] = ['revoked', 'unreachable', 'unlisted', 'good'];
  return statuses.length === 0 ? 'unlisted' : (order.find((one) => statuses.includes(one)) ?? 'unlisted');
}

function describeChain({ certificates, trusted }: Chain): string {
  const names = certificates.map(({ subject }) => subject).join(' < ');
  return trusted ? names : `${names} (no trusted authority)`;
}

function iso(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString() : 'unreadable';
}
