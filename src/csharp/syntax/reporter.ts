import type { Wording } from './faults.ts';

/** Takes a fault with its place, `[start, end)` in the text of the expression. */
export type Reporter = (wording: Wording, start: number, end: number) => void;
