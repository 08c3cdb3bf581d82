/** The reference implementation of GraphQL, loaded when it is first asked for. */

export type GraphqlLibrary = typeof import('graphql');

/** In the built bundle the exports of a CommonJS package sit under `default`. */
export async function loadGraphql(): Promise<GraphqlLibrary> {
  const library = (await import('graphql')) as GraphqlLibrary & { readonly default?: GraphqlLibrary };
  return library.default ?? library;
}
