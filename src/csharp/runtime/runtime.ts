import type { Host } from '../../host/host.ts';
import type { TypeTable } from '../types/table.ts';
import type { Budget } from './budget.ts';

/** What an expression has at hand while it runs: the outside world, the types, the settings and its budget. */
export interface Runtime {
  readonly host: Host;
  readonly types: TypeTable;
  readonly budget: Budget;
  /** Compiled regular expressions by options and pattern, kept as long as the engine; the user bounds it. None: no caching. */
  readonly patterns?: Map<string, unknown>;
}
