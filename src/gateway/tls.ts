import { createSecureContext, createServer, type SecureContext, type Server, type TLSSocket } from 'node:tls';
import type { CertificateInfo, Host } from '../host/host.ts';
import type { TlsIdentity, TlsSettings } from '../workspace/model.ts';
import type { Http2Front } from './http2.ts';
import { listen } from './listen.ts';
import { PeerCertificates } from './peer-certificates.ts';

export interface TlsListenerOptions {
  readonly settings: TlsSettings;
  readonly host: Pick<Host, 'crypto' | 'log'>;
  /** Milliseconds that a handshake may take. */
  readonly handshakeTimeout: number;
  readonly http1: (socket: TLSSocket) => void;
  /** Absent when HTTP/2 is switched off. */
  readonly http2: Http2Front | undefined;
}

export class TlsListener {
  readonly #options: TlsListenerOptions;
  readonly #server: Server;
  readonly #peers: PeerCertificates;
  #settings: TlsSettings;
  #contexts: ReadonlyMap<string, SecureContext>;

  constructor(options: TlsListenerOptions) {
    const { settings, host, http2 } = options;
    this.#options = options;
    this.#settings = settings;
    this.#contexts = contextsOf(settings);
    this.#peers = new PeerCertificates(host.crypto);
    this.#server = createServer({
      ...contextOptions(settings.identity, settings),
      requestCert: settings.clientCertificate !== 'none',
      // Chains are judged by validate-client-certificate, which says what is wrong with them.
      rejectUnauthorized: false,
      ALPNProtocols: http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
      SNICallback: (name, done) => done(null, this.#contextFor(name)),
      handshakeTimeout: options.handshakeTimeout,
      noDelay: true,
    });
    this.#server.on('secureConnection', (socket) => this.#connected(socket));
    this.#server.on('tlsClientError', (error) => host.log('debug', 'a TLS handshake failed', { reason: error.message }));
  }

  /** Starts listening and gives the port. */
  listen(port: number, host: string): Promise<number> {
    return listen(this.#server, port, host);
  }

  /** The certificate that the caller at the other end showed; null when there is none. */
  certificateOf(socket: object): CertificateInfo | null {
    return this.#peers.of(socket);
  }

  /** New certificates for new connections; ports, protocols and modes stay what they were at the start. */
  renew(settings: TlsSettings): void {
    this.#settings = settings;
    this.#contexts = contextsOf(settings);
    this.#server.setSecureContext(contextOptions(settings.identity, settings));
  }

  /** No new connections; HTTP/2 sessions end with their running streams. Resolves when all are closed. */
  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#options.http2?.close();
    return closed;
  }

  /** Breaks off what is still open. */
  destroy(): void {
    this.#options.http2?.destroy();
  }

  #connected(socket: TLSSocket): void {
    const { host, http1, http2 } = this.#options;
    const shown = this.#settings.clientCertificate === 'none' ? null : this.#peers.read(socket);
    if (this.#settings.clientCertificate === 'require' && shown === null) {
      host.log('info', 'a connection without client certificate was closed', { callerIpAddress: socket.remoteAddress });
      socket.destroy();
      return;
    }
    if (socket.alpnProtocol === 'h2' && http2) http2.accept(socket);
    else http1(socket);
  }

  /** The whole name, then its wildcard of one label; undefined takes the default certificate. */
  #contextFor(name: string): SecureContext | undefined {
    const host = name.toLowerCase();
    return this.#contexts.get(host) ?? this.#contexts.get(`*${host.slice(host.indexOf('.'))}`);
  }
}

function contextsOf(settings: TlsSettings): ReadonlyMap<string, SecureContext> {
  return new Map(Array.from(settings.sni, ([host, identity]) => [host, createSecureContext(contextOptions(identity, settings))]));
}

/** The authorities' names go out with the request for a certificate, so that clients choose a fitting one. */
function contextOptions({ certificate, key }: TlsIdentity, { authorities, minVersion, maxVersion }: TlsSettings) {
  return { cert: certificate, key, minVersion, maxVersion, ...(authorities.length > 0 ? { ca: [...authorities] } : {}) };
}
