/** `portico run --console`: what the command has to do with the console, which loads only then. */
import cluster from 'node:cluster';
import type { Console } from '../gateway/console/console.ts';
import type { Gateway, GatewayOptions } from '../gateway/gateway.ts';
import { UsageError } from './output.ts';

export interface ConsoleChoice {
  /** True for the usual port; undefined leaves it to portico.yaml. */
  readonly console?: number | true | undefined;
  readonly watch: boolean;
}

/** The console of one gateway, when there is to be one. Workers listen on one port, and each answers for all. */
export class RunConsole {
  readonly #choice: ConsoleChoice;
  #console: Console | undefined;

  constructor(choice: ConsoleChoice) {
    this.#choice = choice;
  }

  readonly watcher: NonNullable<GatewayOptions['watcher']> = async (workspace) => {
    const { console: chosen = workspace.local.console, watch } = this.#choice;
    if (chosen === undefined) return undefined;
    const [{ Console }, { CONSOLE_TOKEN }, { CONSOLE_PORT }] = await Promise.all([
      import('../gateway/console/console.ts'),
      import('../gateway/console/guard.ts'),
      import('../workspace/local-settings.ts'),
    ]);
    const token = cluster.isWorker ? process.env[CONSOLE_TOKEN] : undefined;
    this.#console = new Console({ port: chosen === true ? CONSOLE_PORT : chosen, workspace, watches: watch, token });
    return this.#console;
  };

  /** Starts the page and gives the line to print; empty when there is no console. */
  async open(gateway: Gateway): Promise<string> {
    if (!this.#console) return '';
    try {
      await this.#console.open(gateway);
    } catch (error) {
      await gateway.stop();
      const { code } = error as { readonly code?: unknown };
      if (code === 'EADDRINUSE') throw new UsageError('the port of the console is in use; choose another with --console <port>');
      throw error;
    }
    return `console at ${this.#console.address}\n`;
  }

  async close(): Promise<void> {
    await this.#console?.close();
  }
}
