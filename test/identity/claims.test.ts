/** Required claims, by properties: what any and all mean, separators, arrays, JSON texts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckLog } from '../../src/identity/check-log.ts';
import { checkClaims } from '../../src/identity/checks.ts';

const word = fc.stringMatching(/^[a-c]{1,2}$/);
const words = fc.array(word, { maxLength: 5 });
const someWords = fc.array(word, { minLength: 1, maxLength: 5 });

function passes(claim: unknown, values: readonly string[], match: 'any' | 'all', separator: string | null = null): boolean {
  return checkClaims({ claim }, [{ name: 'claim', match, separator, values }], new CheckLog()) === undefined;
}

describe('required claims', () => {
  it('any: one value of an array is enough; all: every one', () => {
    fc.assert(
      fc.property(someWords, someWords, (claim, values) => {
        expect(passes(claim, values, 'any')).toBe(values.some((value) => claim.includes(value)));
        expect(passes(claim, values, 'all')).toBe(values.every((value) => claim.includes(value)));
      }),
    );
  });

  it('a separated text is the array of its parts', () => {
    fc.assert(
      fc.property(
        someWords,
        someWords,
        fc.constantFrom('any' as const, 'all' as const),
        fc.constantFrom(' ', ',', '; '),
        (claim, values, match, separator) => {
          expect(passes(claim.join(separator), values, match, separator)).toBe(passes(claim, values, match));
        },
      ),
    );
  });

  it('without a separator a text is one value; a separator does not cut arrays', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 2, maxLength: 4 }), word, (claim, value) => {
        expect(passes(claim.join(' '), [value], 'any')).toBe(false);
        expect(passes([claim.join(' ')], [value], 'any', ' ')).toBe(false);
      }),
    );
  });

  it('no values ask for presence alone, of whatever but null', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('any' as const, 'all' as const), (claim, match) => {
        expect(passes(claim, [], match)).toBe(claim !== null);
      }),
    );
  });

  it('numbers, booleans and objects count as their JSON text, alone and inside arrays', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.boolean(), fc.dictionary(word, fc.integer())), (claim) => {
        expect(passes(claim, [JSON.stringify(claim)], 'all')).toBe(true);
        expect(passes(['x', claim], [JSON.stringify(claim)], 'any')).toBe(true);
        expect(passes(claim, [`${JSON.stringify(claim)} `], 'any')).toBe(false);
      }),
    );
  });

  it('more values never help all and never hurt any', () => {
    fc.assert(
      fc.property(words, someWords, word, (claim, values, more) => {
        if (!passes(claim, values, 'all')) expect(passes(claim, [...values, more], 'all')).toBe(false);
        if (passes(claim, values, 'any')) expect(passes(claim, [...values, more], 'any')).toBe(true);
      }),
    );
  });

  it('members of the prototype are no claims', () => {
    for (const name of ['toString', '__proto__', 'constructor', 'hasOwnProperty'])
      expect(checkClaims({}, [{ name, match: 'all', separator: null, values: [] }], new CheckLog())?.reason).toBe('TokenClaimNotFound');
  });
});
