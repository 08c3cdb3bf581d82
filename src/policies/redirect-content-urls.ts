import type { Exchange } from '../exchange/exchange.ts';
import { joinPath } from '../exchange/url.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, type PolicyDefinition } from './definition.ts';
import { applyBody } from './shared/body-element.ts';
import { replaceBytes } from './shared/bytes.ts';
import { messageKind, presentMessage } from './shared/message.ts';
import type { Step } from './step.ts';

/**
 * `<redirect-content-urls>`: in a response, links to the backend become links to the gateway; in a request the other way
 * round. Headers stay as they are (reference page).
 */
export const redirectContentUrls: PolicyDefinition = {
  name: 'redirect-content-urls',
  summary: 'Swaps backend URLs and gateway URLs in the body.',
  page: 'redirect-content-urls-policy',
  sections: ['inbound', 'outbound'],
  scopes: ALL_SCOPES,
  cardinality: 'once-per-section',
  attributes: [],
  content: 'empty',
  compile: compileRedirectContentUrls,
};

function compileRedirectContentUrls(_element: PolicyElement, compiler: PolicyCompiler): Step {
  const kind = messageKind(compiler.section);
  compiler.reads({ [kind]: true });
  return (exchange) => {
    const message = presentMessage(exchange, kind);
    if (!message) return undefined;
    const backend = withoutSlash(exchange.request.base.origin + exchange.request.base.path);
    const gateway = gatewayUrl(exchange);
    const bytes = message.body.plain();
    const [from, to] = kind === 'response' ? [backend, gateway] : [gateway, backend];
    const replaced = replaceBytes(bytes, from, to, endsUrl);
    if (replaced !== bytes) applyBody(replaced, message, kind, exchange);
    return undefined;
  };
}

/** Where callers reach the API: the gateway's origin and the API's path. */
function gatewayUrl({ request, api }: Exchange): string {
  return withoutSlash(joinPath(request.originalUrl.origin, api?.path ?? ''));
}

function withoutSlash(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url;
}

/** Whether host or path segment end there: `https://b.test/a` is not part of `https://b.test/abc` or `https://b.test.evil`. */
function endsUrl(bytes: Uint8Array, at: number): boolean {
  const next = String.fromCharCode(bytes[at] ?? 0);
  if (/[.:@]/.test(next)) return !/[A-Za-z0-9]/.test(String.fromCharCode(bytes[at + 1] ?? 0));
  return !/[A-Za-z0-9_~%-]/.test(next);
}
