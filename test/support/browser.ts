/** Starting a browser: on a busy machine a start now and then never ends, so one that takes too long is begun anew. */

import { existsSync } from 'node:fs';

export const CHROMIUM = '/usr/bin/chromium';

/** Why tests that need a browser are skipped; undefined: there is one. */
export const NO_BROWSER = existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is not installed`;

/** Runs in a container, asks nobody for anything. */
export const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Milliseconds for one start; a usual one takes below three seconds. */
const START_TIMEOUT = 20_000;

/** Hooks that start a browser need time for both tries. */
export const BROWSER_HOOK_TIMEOUT = 90_000;

export async function launched<T>(launch: (options: { readonly timeout: number }) => Promise<T>): Promise<T> {
  return launch({ timeout: START_TIMEOUT }).catch(() => launch({ timeout: START_TIMEOUT }));
}
