import { exportsOf } from '../../host/package-exports.ts';

export type GraphqlLibrary = typeof import('graphql');

/** The reference implementation of GraphQL, loaded when it is first asked for. */
export async function loadGraphql(): Promise<GraphqlLibrary> {
  return exportsOf(await import('graphql'));
}
