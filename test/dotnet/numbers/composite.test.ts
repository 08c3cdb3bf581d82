import { describe, expect, it } from 'vitest';
import { Boxed } from '../../../src/csharp/runtime/values.ts';
import { formatComposite, formatHole } from '../../../src/dotnet/numbers/composite.ts';
import { decimalFromText } from '../../../src/dotnet/numbers/decimal.ts';
import { createRuntime, outcome } from '../declared.ts';

const runtime = createRuntime();
const int = (value: number): Boxed => new Boxed(runtime.types.type('System.Int32'), value);

describe('formatComposite', () => {
  it.each([
    ['{0}-{1}', [int(1), 'b'], '1-b'],
    ['{0,5}|{1,-5}|', [int(42), 'ab'], '   42|ab   |'],
    ['{0:D4} {0 , 6 :X}', [int(255)], '0255     FF'],
    ['{{{0}}}', [int(1)], '{1}'],
    ['{0:N2}', [decimalFromText('1234.5')], '1,234.50'],
    ['[{0,3}]', [null], '[   ]'],
    ['{0:zzz}', ['text'], 'text'],
    ['plain', [], 'plain'],
    [
      '{0}{1}',
      [int(1)],
      'FormatException: Index (zero based) must be greater than or equal to zero and less than the size of the argument list.',
    ],
    [
      '{0',
      [int(1)],
      'FormatException: Input string was not in a correct format. Failure to parse near offset 2. Format item ends prematurely.',
    ],
    ['}', [], 'FormatException: Input string was not in a correct format. Failure to parse near offset 1. Format item ends prematurely.'],
    [
      '} ',
      [],
      'FormatException: Input string was not in a correct format. Failure to parse near offset 1. Unexpected closing brace without a corresponding opening brace.',
    ],
    ['{a}', [], 'FormatException: Input string was not in a correct format. Failure to parse near offset 1. Expected an ASCII digit.'],
    [
      '{0:{}',
      [int(1)],
      'FormatException: Input string was not in a correct format. Failure to parse near offset 3. Format item ends prematurely.',
    ],
  ])('%s', (format, args, text) => {
    expect(outcome(() => formatComposite(format, args, runtime))).toBe(text);
  });

  it('counts padding against the budget', () => {
    const many = '{0,900000}'.repeat(100);
    expect(() => formatComposite(many, [int(1)], createRuntime())).toThrow(/memory/);
  });
});

describe('formatHole', () => {
  it('pads and formats', () => {
    expect(formatHole(int(7), -4, 'D2', runtime)).toBe('07  ');
    expect(formatHole(null, 3, null, runtime)).toBe('   ');
  });
});
