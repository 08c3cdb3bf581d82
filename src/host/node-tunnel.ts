/** Connections to services, straight or through an HTTP proxy's tunnel (RFC 9110, section 9.3.6), for clients that bring their own TLS. */
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectSecure, type TLSSocket } from 'node:tls';
import { HostError, type OutgoingProxy } from './host.ts';
import { CONNECT_TIMEOUT, type TlsOptions } from './node-tls.ts';

/** Where a connection goes. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

/** Host (without brackets) and port of an origin; `ws` and `wss` count as `http` and `https`. */
export function placeOf(origin: string): Place {
  const url = new URL(origin.replace(/^ws/i, 'http'));
  const isSecure = url.protocol === 'https:';
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port), isSecure };
}

/** The value of Proxy-Authorization; undefined without a user name. */
export function proxyToken({ username, password }: OutgoingProxy): string | undefined {
  return username === undefined ? undefined : `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
}

/** Tells proxies and their users apart. */
export function proxyKey(proxy: OutgoingProxy | undefined): string {
  return proxy === undefined ? '' : `${proxy.url} ${proxy.username ?? ''} ${proxy.password ?? ''}`;
}

/** How a connection is opened. */
export interface ConnectOptions {
  readonly proxy?: OutgoingProxy | undefined;
  /** Needed when the place is secure. */
  readonly tls?: TlsOptions;
  readonly protocols?: string[];
}

/** A connection that stands, its handshake done. Rejects after ten seconds. */
export async function connectTo(place: Place, { proxy, tls, protocols }: ConnectOptions): Promise<Socket> {
  const socket = proxy ? await tunnelTo(place, proxy) : connectPlain({ host: place.host, port: place.port, noDelay: true });
  if (!proxy) await standing(socket, 'connect');
  if (!place.isSecure) return socket;
  const secure: TLSSocket = connectSecure({
    ...tls,
    socket,
    ...(isIP(place.host) ? {} : { servername: place.host }),
    // The name in the certificate is compared with this one, whatever the socket is connected to.
    host: place.host,
    ...(protocols ? { ALPNProtocols: protocols } : {}),
  });
  return standing(secure, 'secureConnect');
}

function standing<S extends Socket>(socket: S, event: 'connect' | 'secureConnect'): Promise<S> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(tooLong()), CONNECT_TIMEOUT);
    const failed = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const closed = (): void => failed(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    socket.once('error', failed);
    socket.once('close', closed);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.off('error', failed);
      socket.off('close', closed);
      resolve(socket);
    });
  });
}

function tooLong(): Error {
  return Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' });
}

/** A proxy's tunnel; anything but its agreement is no connection. */
function tunnelTo({ host, port }: Place, proxy: OutgoingProxy): Promise<Socket> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const token = proxyToken(proxy);
  const asked = (proxy.url.startsWith('https:') ? secureRequest : plainRequest)(proxy.url, {
    method: 'CONNECT',
    path: authority,
    agent: false,
    headers: { Host: authority, ...(token === undefined ? {} : { 'Proxy-Authorization': token }) },
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => asked.destroy(tooLong()), CONNECT_TIMEOUT);
    asked.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    asked.once('connect', ({ statusCode = 0 }, socket: Socket, early) => {
      clearTimeout(timer);
      // A service that speaks first (HTTP/2 does) may have done so already.
      if (early.length > 0) socket.unshift(early);
      if (statusCode >= 200 && statusCode < 300) return resolve(socket);
      socket.destroy();
      reject(new HostError('connect', `Unable to connect to the remote server (the proxy answered ${statusCode})`));
    });
    asked.end();
  });
}
