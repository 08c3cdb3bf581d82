/** A pattern as the parser reads it. */
import type { UnitTest } from './char-set.ts';

export type Anchor =
  | 'line start'
  | 'line end'
  | 'text start'
  | 'text end'
  | 'text end or last line end'
  | 'search start'
  | 'boundary'
  | 'no boundary'
  | 'ecma boundary'
  | 'no ecma boundary';

/** `backward` parts are matched from right to left: in lookbehinds and under RegexOptions.RightToLeft. */
export type PatternNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'fail' }
  /** `only` is the code unit when the test takes no other. */
  | { readonly kind: 'unit'; readonly test: UnitTest; readonly backward: boolean; readonly only?: number }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[]; readonly backward: boolean }
  | { readonly kind: 'choice'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'loop'; readonly item: PatternNode; readonly min: number; readonly max: number; readonly lazy: boolean }
  | { readonly kind: 'capture'; readonly item: PatternNode; readonly group: number; readonly backward: boolean; readonly pops: number }
  | { readonly kind: 'look'; readonly item: PatternNode; readonly negative: boolean }
  | { readonly kind: 'atomic'; readonly item: PatternNode }
  | { readonly kind: 'reference'; readonly group: number; readonly ignoreCase: boolean; readonly backward: boolean; readonly ecma: boolean }
  | { readonly kind: 'if group'; readonly group: number; readonly then: PatternNode; readonly otherwise: PatternNode }
  | { readonly kind: 'if match'; readonly condition: PatternNode; readonly then: PatternNode; readonly otherwise: PatternNode }
  | { readonly kind: 'anchor'; readonly at: Anchor };

/** No group: of captures that capture nothing themselves, or pop no other group. */
export const NO_GROUP = -1;
export const UNLIMITED = 2147483647;

/** A parsed pattern: its tree, and the groups by number and name. */
export interface Pattern {
  readonly root: PatternNode;
  /** Group numbers in ascending order; 0 is the match itself. */
  readonly numbers: readonly number[];
  /** Names in the order of numbers; a group without a name is called by its number. */
  readonly names: readonly string[];
  readonly rightToLeft: boolean;
}
