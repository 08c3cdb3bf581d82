import { expect, test } from 'vitest';
import { slotOf } from '../../src/stores/redis-slot.ts';

/** As `CLUSTER KEYSLOT` of redis-server 7 gives them. */
test.each([
  ['', 0],
  ['123456789', 12_739],
  ['foo', 12_182],
  ['{user1000}.following', 3443],
  ['{user1000}.followers', 3443],
  ['foo{}{bar}', 8363],
  ['foo{{bar}}zap', 4015],
  ['foo{bar}{zap}', 5061],
  ['Grüße 🎉', 9722],
])('the slot of %j is %i', (key, slot) => {
  expect(slotOf(key)).toBe(slot);
});
