import { describe, expect, test } from 'vitest';
import { Headers } from '../../src/exchange/headers.ts';

const RAW = ['Host', 'a', 'Accept', 'x', 'X-B', '1', 'accept', 'y'];

describe('reading', () => {
  test.each([
    ['ACCEPT', ['x', 'y'], 'x,y'],
    ['x-b', ['1'], '1'],
    ['missing', [], undefined],
  ])('%s', (name, all, joined) => {
    const headers = new Headers(RAW);
    expect(headers.all(name)).toEqual(all);
    expect(headers.joined(name)).toBe(joined);
    expect(headers.has(name)).toBe(joined !== undefined);
  });

  test('names are told once, as first written', () => {
    expect(new Headers(RAW).names()).toEqual(['Host', 'Accept', 'X-B']);
  });
});

describe('writing', () => {
  test('leaves the given list alone', () => {
    const raw = [...RAW];
    new Headers(raw).set('host', ['b']);
    expect(raw).toEqual(RAW);
  });

  test('set keeps the first place and takes all repeats away', () => {
    const headers = new Headers(RAW);
    headers.set('Accept', ['z']);
    expect(headers.raw).toEqual(['Host', 'a', 'Accept', 'z', 'X-B', '1']);
  });

  test('what the caller sent in several lines stays so, what a policy wrote is joined', () => {
    const headers = new Headers(RAW);
    headers.append('X-B', ['2']);
    expect(headers.toWire()).toEqual(['Host', 'a', 'Accept', 'x', 'X-B', '1,2', 'accept', 'y']);
  });

  test.each(['Set-Cookie', 'WWW-Authenticate', 'Warning'])('%s goes out line by line', (name) => {
    const headers = new Headers();
    headers.set(name, ['1', '2']);
    expect(headers.toWire()).toEqual([name, '1', name, '2']);
  });

  test('a copy is independent', () => {
    const headers = new Headers(RAW);
    const copy = headers.copy();
    copy.remove('host');
    expect(headers.has('host')).toBe(true);
    expect(copy.has('host')).toBe(false);
  });
});
