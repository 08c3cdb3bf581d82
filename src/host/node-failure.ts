/** Why a call brought no answer, from the errors of undici and of node's own clients. */
import { HostError } from './host.ts';

/** System error codes that mean no connection came about. */
const NO_CONNECTION: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
]);

/** Codes that say no more than the sentence does, which is the one that Azure's gateway logs. */
const CONNECTION_CLOSED: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** What a failure of the connection means to the caller of `send`. */
export function toHostError(error: unknown): HostError {
  if (error instanceof HostError) return error;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const reason = typeof code === 'string' && NO_CONNECTION.has(code) ? 'connect' : 'closed';
  const text = reason === 'connect' ? 'Unable to connect to the remote server' : 'Underlying transport connection was unexpectedly closed.';
  const says = typeof message === 'string' && !(typeof code === 'string' && CONNECTION_CLOSED.has(code));
  return new HostError(reason, says ? `${text} (${String(code ?? message)})` : text, error);
}
