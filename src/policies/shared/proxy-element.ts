/** `proxy` as policy and as child of send-request. */
import type { Exchange } from '../../exchange/exchange.ts';
import type { OutgoingProxy } from '../../host/host.ts';
import type { PolicyElement } from '../compiler.ts';
import { type ElementDeclaration, optional, required } from '../definition.ts';
import { invalidValue } from '../evaluation.ts';
import { needed } from './inputs.ts';

export const PROXY_ELEMENT: ElementDeclaration = {
  name: 'proxy',
  content: 'empty',
  attributes: [
    required('url', 'string', 'Address of the proxy: `http://host:port`.'),
    optional('username', 'string', 'User name for the proxy.'),
    optional('password', 'string', 'Password for the proxy.'),
  ],
};

/** Reads the proxy for a call. An address without a scheme is taken as one of plain HTTP, as published documents have it. */
export function proxyReader(element: PolicyElement): (exchange: Exchange) => OutgoingProxy {
  const url = needed(element.text('url'), 'url');
  const username = element.text('username');
  const password = element.text('password');
  return (exchange) => {
    const user = username?.read(exchange) ?? undefined;
    return {
      url: proxyUrl(url.read(exchange) ?? ''),
      ...(user === undefined ? {} : { username: user, password: password?.read(exchange) ?? '' }),
    };
  };
}

/** Between gateway and proxy only plain HTTP is spoken (reference page). */
function proxyUrl(text: string): string {
  const url = text.includes('://') ? text : `http://${text}`;
  if (!/^http:\/\/[^/?#\s]+\/?$/i.test(url)) throw invalidValue(`'${text}' is not the address of an HTTP proxy.`);
  return url.endsWith('/') ? url.slice(0, -1) : url;
}
