/** Loads undici when it is first needed. */

type Undici = typeof import('undici');

/** A bundled CommonJS package comes with its members under `default`, an unbundled one has them by name, too. */
export async function loadUndici(): Promise<Undici> {
  const loaded: Undici & { readonly default?: Undici } = await import('undici');
  return loaded.default ?? loaded;
}
