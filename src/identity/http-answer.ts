/** Bodies of answers to the gateway's own questions, bounded. */

import { concatenated } from '../host/bytes.ts';
import type { IncomingResponse } from '../host/host.ts';

/** The whole body. Throws an Error when it is larger than so many bytes. */
export async function readAnswer(answer: IncomingResponse, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > limit) throw new Error(`the document is larger than ${Math.round(limit / 1024 / 1024)} MiB`);
    chunks.push(chunk);
  }
  return concatenated(chunks);
}
