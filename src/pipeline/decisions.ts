/**
 * Points on which the published material is silent or contradicts itself, each decided once. Live behaviour may teach us
 * otherwise: change the line, and nothing else. Those that are switches of a run stand in `exchange/settings.ts`.
 */
export const DECISIONS = {
  /** A section that is missing inherits like one that holds only `<base />`; an empty one cuts inheritance. Seen in production documents that consist of `inbound` alone. */
  missingSectionInherits: true,
  /** `return-response` in inbound or backend skips everything left, outbound included (reference page, "No further policy runs"). */
  respondSkipsOutbound: true,
} as const;
