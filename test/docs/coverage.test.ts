import { describe, expect, it } from 'vitest';
import { coverage } from '../../tools/docs/coverage.ts';

const types = coverage();

describe('coverage of the published list', () => {
  it.each(types.filter(({ gaps }) => gaps.length > 0))('every gap of $name has a reason', ({ gaps }) => {
    expect(gaps.filter(({ reason }) => reason === undefined).map(({ member }) => member)).toEqual([]);
  });

  it('knows the whole list', () => {
    expect(types.filter(({ section }) => section === 'listed')).toHaveLength(139);
    expect(types.filter(({ implemented }) => implemented === 0).map(({ name }) => name)).toEqual([
      'System.Runtime.CompilerServices.ITuple',
    ]);
  });

  it('sees overloads, operators, settable members and the values of enums', () => {
    const of = (name: string) => types.find((type) => type.name === name);
    expect(of('Newtonsoft.Json.JsonConvert')).toMatchObject({ allowed: 16, implemented: 16 });
    expect(of('System.DayOfWeek')).toMatchObject({ allowed: 7, implemented: 7 });
    expect(of('System.Linq.Enumerable')?.gaps).toEqual([]);
  });
});
