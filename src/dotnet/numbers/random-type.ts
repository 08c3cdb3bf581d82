/** System.Random: Knuth's subtractive generator for a seed, the host's randomness without one. */
import { argumentNull, argumentOutOfRange } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { arrayTypeOf, makeArray, type NetObject } from '../../csharp/runtime/values.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';

const LARGEST = 2147483647;

/** A source of numbers 0 <= x < 1 and of integers below 2^31 - 1. */
interface Source {
  sample(): number;
  next(): number;
}

/** .NET's generator for `new Random(seed)`: the same seed gives the same numbers as there. */
class SeededSource implements Source {
  readonly #seeds = new Int32Array(56);
  #at = 0;
  #behind = 21;

  constructor(seed: number) {
    let mj = 161803398 - (seed === -2147483648 ? LARGEST : Math.abs(seed));
    let mk = 1;
    this.#seeds[55] = mj;
    for (let i = 1, ii = 0; i < 55; i += 1) {
      ii = (ii + 21) % 55;
      this.#seeds[ii] = mk;
      mk = mj - mk;
      if (mk < 0) mk += LARGEST;
      mj = this.#seeds[ii] ?? 0;
    }
    for (let round = 0; round < 4; round += 1) this.#stir();
  }

  #stir(): void {
    for (let i = 1; i < 56; i += 1) {
      const other = i + 30 >= 55 ? i + 30 - 55 : i + 30;
      let value = ((this.#seeds[i] ?? 0) - (this.#seeds[1 + other] ?? 0)) | 0;
      if (value < 0) value += LARGEST;
      this.#seeds[i] = value;
    }
  }

  next(): number {
    this.#at = this.#at >= 55 ? 1 : this.#at + 1;
    this.#behind = this.#behind >= 55 ? 1 : this.#behind + 1;
    let value = ((this.#seeds[this.#at] ?? 0) - (this.#seeds[this.#behind] ?? 0)) | 0;
    if (value === LARGEST) value -= 1;
    if (value < 0) value += LARGEST;
    this.#seeds[this.#at] = value;
    return value;
  }

  sample(): number {
    return this.next() * (1 / LARGEST);
  }

  /** For ranges beyond 2^31: two numbers make one. */
  wideSample(): number {
    const value = this.next();
    const signed = this.next() % 2 === 0 ? -value : value;
    return (signed + (LARGEST - 1)) / (2 * LARGEST - 1);
  }
}

class HostSource implements Source {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  sample(): number {
    return this.#random();
  }

  next(): number {
    return Math.floor(this.#random() * LARGEST);
  }
}

class NetRandom implements NetObject {
  readonly source: Source;

  constructor(source: Source) {
    this.source = source;
  }

  get netType(): TypeDeclaration {
    return randomType;
  }
}

function below(random: NetRandom, max: number): number {
  if (max < 0) throw argumentOutOfRange('maxValue', "'maxValue' must be greater than zero.");
  return Math.floor(random.source.sample() * max);
}

function between(random: NetRandom, min: number, max: number): number {
  if (min > max) throw argumentOutOfRange('minValue', "'minValue' cannot be greater than maxValue.");
  const range = max - min;
  const wide = range > LARGEST && random.source instanceof SeededSource;
  return Math.floor((wide ? random.source.wideSample() : random.source.sample()) * range) + min;
}

/** 64 random bits below `max`. */
function wideBelow(random: NetRandom, min: bigint, max: bigint): bigint {
  if (min > max) throw argumentOutOfRange('minValue', "'minValue' cannot be greater than maxValue.");
  if (max === min) return min;
  const bits = (BigInt(random.source.next()) << 62n) | (BigInt(random.source.next()) << 31n) | BigInt(random.source.next());
  return min + (bits % (max - min));
}

function fill(random: NetRandom, buffer: Uint8Array | null): void {
  if (buffer === null) throw argumentNull('buffer');
  for (let at = 0; at < buffer.length; at += 1) buffer[at] = random.source.next() & 255;
}

function shuffle(random: NetRandom, values: unknown[] | null): void {
  if (values === null) throw argumentNull('values');
  for (let at = 0; at < values.length - 1; at += 1) {
    const other = between(random, at, values.length);
    [values[at], values[other]] = [values[other], values[at]];
  }
}

function items(runtime: Runtime, random: NetRandom, choices: readonly unknown[] | null, length: number): unknown[] {
  if (choices === null) throw argumentNull('choices');
  if (length < 0) throw argumentOutOfRange('length', 'Non-negative number required.');
  runtime.budget.allocate(length * 8);
  const picked = Array.from({ length }, () => choices[below(random, choices.length)]);
  const type = arrayTypeOf(choices);
  return type ? makeArray(type, picked) : picked;
}

export const randomType: TypeDeclaration = declareType('class System.Random', 'all', {
  'Random()': special((runtime) => new NetRandom(new HostSource(() => runtime.host.random()))),
  'Random(int Seed)': (seed: number) => new NetRandom(new SeededSource(seed)),
  'static Random Shared { get; }': special((runtime) => new NetRandom(new HostSource(() => runtime.host.random()))),
  'int Next()': (random: NetRandom) => random.source.next(),
  'int Next(int maxValue)': below,
  'int Next(int minValue, int maxValue)': between,
  'double NextDouble()': (random: NetRandom) => random.source.sample(),
  'float NextSingle()': (random: NetRandom) => Math.fround(random.source.sample() * (1 - 2 ** -25)),
  'long NextInt64()': (random: NetRandom) => wideBelow(random, 0n, (1n << 63n) - 1n),
  'long NextInt64(long maxValue)': (random: NetRandom, max: bigint) => {
    if (max < 0n) throw argumentOutOfRange('maxValue', "'maxValue' must be greater than zero.");
    return wideBelow(random, 0n, max);
  },
  'long NextInt64(long minValue, long maxValue)': wideBelow,
  'void NextBytes(byte[] buffer)': fill,
  'void Shuffle<T>(T[] values)': shuffle,
  'T[] GetItems<T>(T[] choices, int length)': special(
    (runtime, _types, random: NetRandom, choices: readonly unknown[] | null, length: number) => items(runtime, random, choices, length),
  ),
});
