/**
 * Points on which the published material is silent or contradicts itself, each decided once. Live behaviour may teach us
 * otherwise: change the line, and nothing else. Those that are switches of a run stand in `exchange/settings.ts`.
 */
export const DECISIONS = {
  /** A section that is missing inherits like one that holds only `<base />`; an empty one cuts inheritance. Seen in production documents that consist of `inbound` alone. */
  missingSectionInherits: true,
  /** `return-response` in inbound or backend skips everything left, outbound included (reference page, "No further policy runs"). */
  respondSkipsOutbound: true,
  /** An error after the backend answered throws the backend's response away, headers included. */
  errorReplacesResponse: true,
  /** Headers that inbound policies promised (cors, rate limits) are put on error answers too. */
  errorKeepsPromisedHeaders: true,
  /** They are put on answers of return-response and mock-response, too. */
  respondKeepsPromisedHeaders: true,
  /** Counters that look at the response are settled after errors as well. */
  deferredRunsAfterErrors: true,
  /** Without forward-request the response is an empty 200. */
  emptyResponseStatus: 200,
} as const;
