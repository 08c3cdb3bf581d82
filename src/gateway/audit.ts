/**
 * The audit: one JSON line for each decision about a caller (docs/audit.md). What goes in comes from `Decision`, which holds
 * claims and key ids, never a token, a key or a secret.
 */
import { createWriteStream } from 'node:fs';
import type { Decision } from '../exchange/decision.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { reasonOf } from '../source/system-error.ts';
import { LineWriter } from './access-log.ts';

export function auditLine(exchange: Exchange, decision: Decision, requestId: string): string {
  const { request, api, operation, product, subscription } = exchange;
  const { policy, policyId, outcome, reason, claims, keyId } = decision;
  return JSON.stringify({
    time: new Date(exchange.timestamp).toISOString(),
    level: outcome === 'refused' ? 'warn' : 'info',
    msg: 'audit',
    correlationId: requestId,
    callerIpAddress: request.ipAddress,
    method: request.originalMethod,
    apiId: api?.id,
    operationId: operation?.id,
    productId: product?.id,
    apimSubscriptionId: subscription?.id,
    policy,
    policyId: policyId ?? undefined,
    outcome,
    reason: reason ?? undefined,
    claims,
    keyId: keyId ?? undefined,
  });
}

export interface AuditLog {
  readonly writer: LineWriter;
  /** Writes what is left. */
  close(): Promise<void>;
}

/** The file cannot be opened. */
export class AuditError extends Error {}

/** Lines go to the end of a file, which only its owner may read, or to standard output. Rejects with AuditError. */
export async function openAudit(destination: string): Promise<AuditLog> {
  if (destination === 'stdout') {
    const writer = new LineWriter((text) => void process.stdout.write(text));
    return { writer, close: async () => writer.flush() };
  }
  const stream = createWriteStream(destination, { flags: 'a', mode: 0o600 });
  await new Promise<void>((resolve, reject) =>
    stream.once('open', () => resolve()).once('error', (error) => reject(new AuditError(reasonOf(error)))),
  );
  // A disk that fills up later must not stop the gateway; the loss is seen in what is missing.
  stream.on('error', (error) => process.stderr.write(`the audit file cannot be written: ${reasonOf(error)}\n`));
  const writer = new LineWriter((text) => void stream.write(text));
  return {
    writer,
    close: () => {
      writer.flush();
      return new Promise((resolve) => stream.end(() => resolve()));
    },
  };
}
