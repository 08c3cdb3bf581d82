/** What of a request's line, Host and framing never becomes a call, because those behind the gateway may read it otherwise. */
import type { CallerRequest } from './caller.ts';

/**
 * The status that refuses what node:http lets through: targets with a fragment or user (RFC 9112, section 3.2), or for
 * another protocol; a zero byte in the path, as the service's server refuses it; a Host that is none (RFC 9112, section 3.2);
 * codings of the transfer that are not undone here (section 6.1).
 */
export function refusalOfTarget({ url = '/', headers }: CallerRequest): number | undefined {
  if (url.includes('#') || (url.includes('%00') && ZERO_IN_PATH.test(url))) return 400;
  if (!url.startsWith('/') && !ABSOLUTE.test(url)) return 400;
  if (headers.host !== undefined && NOT_IN_HOST.test(headers.host)) return 400;
  const coding = headers['transfer-encoding'];
  return coding === undefined || coding === 'chunked' ? undefined : refusalOfCoding(coding.toLowerCase());
}

/** Without chunks at the end nobody knows where the body ends. */
function refusalOfCoding(coding: string): number | undefined {
  if (coding === 'chunked') return undefined;
  return /(?:^|,)[ \t]*chunked$/.test(coding) ? 501 : 400;
}

const ZERO_IN_PATH = /^[^?]*%00/;

/** `http` and `https`, and an authority without a user. */
const ABSOLUTE = /^https?:\/\/[^/?@]+(?:[/?]|$)/i;

const NOT_IN_HOST = /[\s\0-\x20"#/<>?@\\^`{|}\x7f]/;
