/** Somebody who watches whole calls: what comes in, what goes out to services, what goes back (`run --record`). */
import type { Forwarder } from '../exchange/exchange.ts';
import type { Host } from '../host/host.ts';
import type { Engine } from '../workspace/engine.ts';

/** Each part of a gateway is replaced by one that tells of its calls. */
export interface GatewayRecorder {
  host<T extends Host>(host: T): T;
  forwarder(forwarder: Forwarder): Forwarder;
  engine(engine: Engine): Engine;
  /** No call comes any more. */
  stop?(): Promise<void>;
}
