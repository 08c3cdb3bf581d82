import { invalidOperation } from '../../csharp/runtime/exception.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';

/** Walks a string one code unit at a time. */
export class CharEnumeratorValue implements NetObject {
  readonly #text: string;
  #index = -1;

  constructor(text: string) {
    this.#text = text;
  }

  get netType(): TypeDeclaration {
    return charEnumeratorType;
  }

  get current(): number {
    if (this.#index < 0) throw invalidOperation('Enumeration has not started. Call MoveNext.');
    if (this.#index >= this.#text.length) throw invalidOperation('Enumeration already finished.');
    return this.#text.charCodeAt(this.#index);
  }

  moveNext(): boolean {
    if (this.#index < this.#text.length) this.#index += 1;
    return this.#index < this.#text.length;
  }

  reset(): void {
    this.#index = -1;
  }

  dispose(): void {
    this.#index = this.#text.length;
  }

  *[Symbol.iterator](): Generator<unknown> {
    while (this.moveNext()) yield this.current;
  }

  clone(): CharEnumeratorValue {
    const copy = new CharEnumeratorValue(this.#text);
    copy.#index = this.#index;
    return copy;
  }
}

/** System.CharEnumerator. */
export const charEnumeratorType = declareType('class System.CharEnumerator : IEnumerator<char>, IDisposable', 'implied', {
  'char Current { get; }': (enumerator: CharEnumeratorValue) => enumerator.current,
  'bool MoveNext()': (enumerator: CharEnumeratorValue) => enumerator.moveNext(),
  'void Reset()': (enumerator: CharEnumeratorValue) => enumerator.reset(),
  'object Clone()': (enumerator: CharEnumeratorValue) => enumerator.clone(),
  'void Dispose()': (enumerator: CharEnumeratorValue) => enumerator.dispose(),
});
