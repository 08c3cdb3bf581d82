/**
 * Whether a certificate was revoked: by the lists beside the configuration, by its OCSP responder, by the lists that it
 * names. Answers are kept until the next one is due. Only certificates with a trusted issuer lead to calls: anybody can
 * write a URL into a certificate of his own.
 */
import type { CertificateInfo, Host } from '../../host/host.ts';
import { errorText } from '../../source/error-text.ts';
import { readAnswer } from '../http-answer.ts';
import { partsOf } from './chain.ts';
import { ocspRequest, readOcspAnswer } from './ocsp.ts';
import { type RevocationList, readRevocationList } from './revocation-list.ts';

/** `unlisted`: nothing says where to ask. `unreachable`: what it names gives no answer that counts. */
export type RevocationStatus = 'good' | 'revoked' | 'unlisted' | 'unreachable';

type RevocationHost = Pick<Host, 'now' | 'crypto' | 'certificates' | 'send' | 'log'>;

interface Kept<T> {
  readonly value: Promise<T | undefined>;
  until: number;
}

/** Answers are asked for again after so many milliseconds at the earliest and at the latest; failures after the former. */
const SHORTEST = 60_000;
const LONGEST = 3_600_000;
/** Most answers that are kept; the oldest goes first. */
const MOST_ANSWERS = 1000;
const LARGEST_LIST = 10 * 1024 * 1024;
const TIMEOUT = 5_000;

export class Revocation {
  readonly #answers = new Map<string, Kept<unknown>>();
  /** Read once for each set of files. */
  readonly #files = new WeakMap<readonly Uint8Array[], readonly RevocationList[]>();

  /** `online`: the issuer is trusted, so that addresses in the certificate may be asked. */
  status(
    certificate: CertificateInfo,
    issuer: CertificateInfo,
    online: boolean,
    host: RevocationHost,
  ): RevocationStatus | Promise<RevocationStatus> {
    const parts = partsOf(certificate);
    if (!parts) return 'unreachable';
    const listed = this.#local(host).filter((list) => speaksFor(list, parts.issuer, issuer, host));
    if (listed.some(({ revoked }) => revoked.has(parts.serial))) return 'revoked';
    if (listed.some(({ nextUpdate }) => nextUpdate >= host.now())) return 'good';
    const asks = online && parts.responderUrls.length + parts.listUrls.length > 0;
    if (!asks) return listed.length > 0 ? 'unreachable' : 'unlisted';
    return this.#ask(certificate, issuer, parts, host);
  }

  async #ask(
    certificate: CertificateInfo,
    issuer: CertificateInfo,
    parts: NonNullable<ReturnType<typeof partsOf>>,
    host: RevocationHost,
  ): Promise<RevocationStatus> {
    for (const url of parts.responderUrls.slice(0, 2)) {
      const answer = await this.#kept(`${url} ${certificate.thumbprint}`, host, () => askResponder(url, certificate, issuer, host));
      if (answer && answer.status !== 'unknown') return answer.status;
    }
    for (const url of parts.listUrls.slice(0, 4)) {
      const list = await this.#kept(url, host, () => fetchList(url, host));
      if (list && speaksFor(list, parts.issuer, issuer, host) && list.nextUpdate >= host.now())
        return list.revoked.has(parts.serial) ? 'revoked' : 'good';
    }
    return 'unreachable';
  }

  /** One question at a time under each key; failures are remembered for a while, too. */
  #kept<T extends { readonly nextUpdate: number | undefined }>(
    key: string,
    host: RevocationHost,
    load: () => Promise<T>,
  ): Promise<T | undefined> {
    const found = this.#answers.get(key) as Kept<T> | undefined;
    if (found && host.now() < found.until) return found.value;
    this.#answers.delete(key);
    const oldest = this.#answers.size >= MOST_ANSWERS ? this.#answers.keys().next().value : undefined;
    if (oldest !== undefined) this.#answers.delete(oldest);
    const value = load().then(
      (answer) => {
        kept.until = Math.min(Math.max(answer.nextUpdate ?? 0, host.now() + SHORTEST), host.now() + LONGEST);
        return answer;
      },
      (error: unknown) => {
        host.log('warn', 'revocation could not be asked for', {
          source: key,
          reason: errorText(error),
        });
        return undefined;
      },
    );
    const kept: Kept<T> = { value, until: host.now() + SHORTEST };
    this.#answers.set(key, kept);
    return value;
  }

  #local(host: RevocationHost): readonly RevocationList[] {
    const { revocationLists } = host.certificates;
    if (!revocationLists) return [];
    let lists = this.#files.get(revocationLists);
    if (!lists) {
      lists = revocationLists.map(readRevocationList);
      this.#files.set(revocationLists, lists);
    }
    return lists;
  }
}

function speaksFor(list: RevocationList, issuerName: string, issuer: CertificateInfo, host: RevocationHost): boolean {
  return list.issuer === issuerName && list.isSignedBy(issuer, host.crypto);
}

async function fetchList(url: string, host: RevocationHost): Promise<RevocationList> {
  return readRevocationList(await exchange(url, 'GET', null, host));
}

async function askResponder(url: string, certificate: CertificateInfo, issuer: CertificateInfo, host: RevocationHost) {
  const [parts, issuerParts] = [partsOf(certificate), partsOf(issuer)];
  if (!parts || !issuerParts) throw new Error('the certificate is not readable');
  const { crypto } = host;
  const answer = await exchange(url, 'POST', ocspRequest(parts, issuerParts, crypto), host);
  return readOcspAnswer(answer, { certificate: parts, issuer, crypto, now: host.now() });
}

async function exchange(url: string, method: 'GET' | 'POST', body: Uint8Array | null, host: RevocationHost): Promise<Uint8Array> {
  if (!URL.canParse(url)) throw new Error('it is not a URL');
  const { origin, pathname, search, host: authority } = new URL(url);
  const type = body ? ['Content-Type', 'application/ocsp-request', 'Content-Length', String(body.length)] : [];
  const answer = await host.send({
    method,
    origin,
    path: pathname + search,
    headers: ['Host', authority, ...type],
    body,
    timeoutMilliseconds: TIMEOUT,
    followRedirects: method === 'GET',
  });
  const bytes = await readAnswer(answer, LARGEST_LIST);
  if (answer.status !== 200) throw new Error(`it answered ${answer.status}`);
  return bytes;
}
