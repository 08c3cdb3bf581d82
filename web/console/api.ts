/** Asking the gateway. The token of the page's address goes into a header. */

import type { WorkersBackend } from '../../src/gateway/backend-health.ts';
import type { CallDetail, CallSummary } from '../../src/gateway/console/call-rows.ts';
import type { DocumentRow, DocumentText, SaveOutcome } from '../../src/gateway/console/documents.ts';
import type { CheckedRoute, Effective } from '../../src/gateway/console/policies.ts';
import type { ProblemRow } from '../../src/gateway/console/problems.ts';
import type { WorkerCaches, WorkerCounter, WorkerEntry } from '../../src/gateway/console/rows.ts';

export type {
  CallDetail,
  CallSummary,
  CheckedRoute,
  DocumentRow,
  DocumentText,
  Effective,
  ProblemRow,
  SaveOutcome,
  WorkerCaches,
  WorkerCounter,
  WorkerEntry,
  WorkersBackend,
};

export interface GatewayState {
  readonly address: string;
  readonly secureAddress: string | null;
  readonly directory: string;
  readonly started: number;
  readonly watches: boolean;
  /** The gateway has several workers. */
  readonly isOneOfMany: boolean;
  readonly apis: number;
  readonly operations: number;
  readonly products: number;
  readonly load: { readonly at: number; readonly taken: boolean; readonly problems: readonly ProblemRow[] };
}

export interface Completion {
  readonly label: string;
  readonly kind: string;
  readonly detail?: string;
  readonly documentation?: string;
  readonly snippet?: string;
}

export type TrialOutcome =
  | { readonly kind: 'ran'; readonly call: CallDetail }
  | { readonly kind: 'problems'; readonly problems: readonly ProblemRow[] }
  | { readonly kind: 'failed'; readonly reason: string };

const TOKEN = new URLSearchParams(location.search).get('token') ?? '';

export async function get<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
  return answered(await fetch(`/debug/api/${path}?${new URLSearchParams(query)}`, { headers: { Authorization: `Bearer ${TOKEN}` } }));
}

export async function post<T>(path: string, body: object): Promise<T> {
  return answered(
    await fetch(`/debug/api/${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
}

async function answered<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as T;
  throw new Error(sentence(text) ?? `the gateway answered ${response.status}`);
}

function sentence(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { readonly error?: string }).error;
  } catch {
    return text.trim() || undefined;
  }
}

export interface Events {
  readonly calls: (rows: readonly CallSummary[]) => void;
  readonly loaded: (load: { readonly taken: boolean; readonly errors: number }) => void;
  readonly connected: (isConnected: boolean) => void;
}

/** Hears of calls and loads until the result is called. */
export function listen(events: Events): () => void {
  const source = new EventSource(`/debug/api/events?token=${encodeURIComponent(TOKEN)}`);
  source.addEventListener('open', () => events.connected(true));
  source.addEventListener('error', () => events.connected(false));
  source.addEventListener('calls', (event) => events.calls(JSON.parse(event.data as string) as CallSummary[]));
  source.addEventListener('loaded', (event) => events.loaded(JSON.parse(event.data as string) as { taken: boolean; errors: number }));
  return () => source.close();
}
