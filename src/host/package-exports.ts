/** The members of a CommonJS package that was imported when needed: in the built bundle they sit under `default` only. */
export function exportsOf<T extends object>(loaded: T): T {
  return (loaded as { readonly default?: T }).default ?? loaded;
}
