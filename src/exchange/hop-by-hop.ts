/** Headers that belong to a connection and not to the message (RFC 9110, section 7.6.1), and the lists without them. */

import { sameName } from './headers.ts';

/** By length, since most names have none of these lengths: comparing text comes last. */
export function isHopByHop(name: string): boolean {
  switch (name.length) {
    case 2:
      return sameName(name, 'te');
    case 7:
      return sameName(name, 'trailer') || sameName(name, 'upgrade');
    case 10:
      return sameName(name, 'connection') || sameName(name, 'keep-alive');
    case 16:
      return sameName(name, 'proxy-connection');
    case 17:
      return sameName(name, 'transfer-encoding');
    case 18:
      return sameName(name, 'proxy-authenticate');
    case 19:
      return sameName(name, 'proxy-authorization');
    default:
      return false;
  }
}

/** A raw list without connection headers; the list itself when there are none. */
export function withoutHopByHop(raw: readonly string[]): readonly string[] {
  for (let at = 0; at < raw.length; at += 2) if (isHopByHop(raw[at] ?? '')) return copyWithout(raw);
  return raw;
}

function copyWithout(raw: readonly string[]): string[] {
  const kept: string[] = [];
  let named: ReadonlySet<string> | undefined;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (!isHopByHop(name)) kept.push(name, raw[at + 1] ?? '');
    else if (name.length === 10) named = namedBy(raw[at + 1] ?? '', named);
  }
  return named ? withoutNamed(kept, named) : kept;
}

/** Headers that a Connection header names, beside those named before; undefined for the usual ones, which name none. */
export function namedBy(connection: string, before?: ReadonlySet<string>): ReadonlySet<string> | undefined {
  if (sameName(connection, 'keep-alive') || sameName(connection, 'close')) return before;
  return new Set([...(before ?? []), ...connection.split(',').map((token) => token.trim().toLowerCase())]);
}

/**
 * Fields that mean nothing behind a body, or mean mischief there (RFC 9110, section 6.5.1): framing, routing, authentication,
 * controls, and what says how to read the content.
 */
const NO_TRAILERS: ReadonlySet<string> = new Set([
  'age',
  'authorization',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'cookie',
  'date',
  'expect',
  'expires',
  'forwarded',
  'host',
  'keep-alive',
  'location',
  'max-forwards',
  'pragma',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'range',
  'retry-after',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'vary',
  'www-authenticate',
  'x-forwarded-for',
]);

/** The fields behind a body that may go on; undefined when none is left. */
export function trailersToPass(raw: readonly string[] | undefined): readonly string[] | undefined {
  const kept = raw && withoutNamed(raw, NO_TRAILERS);
  return kept && kept.length > 0 ? kept : undefined;
}

/** Names of a `Trailer` header that may go on; undefined when none is left. */
export function trailerNamesToPass(announced: string | undefined): string | undefined {
  const names = announced?.split(',').map((name) => name.trim());
  return names?.filter((name) => name !== '' && !NO_TRAILERS.has(name.toLowerCase())).join(', ') || undefined;
}

/** A raw list without the headers named, in lower case. */
export function withoutNamed(raw: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let at = 0; at < raw.length; at += 2) if (!names.has((raw[at] ?? '').toLowerCase())) kept.push(raw[at] ?? '', raw[at + 1] ?? '');
  return kept;
}
