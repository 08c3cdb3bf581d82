/**
 * HTTP headers as one flat list (name, value, name, value …) in wire order. A case-insensitive scan over the list is many
 * times cheaper than a map for the dozen headers a message has, and keeps order, case and repeats.
 */
export class Headers {
  #raw: readonly string[];
  #owned: string[] | undefined;
  #written: string[] | undefined;

  /** Takes the list as it came from the wire; it is copied at the first change. */
  constructor(raw: readonly string[] = []) {
    this.#raw = raw;
  }

  /** The list: name, value, name, value … */
  get raw(): readonly string[] {
    return this.#raw;
  }

  has(name: string): boolean {
    return indexOfName(this.#raw, name, 0) >= 0;
  }

  /** The first value, or undefined. */
  first(name: string): string | undefined {
    const at = indexOfName(this.#raw, name, 0);
    return at < 0 ? undefined : this.#raw[at + 1];
  }

  /** All values in order; empty when the header is missing. */
  all(name: string): string[] {
    const values: string[] = [];
    for (let at = indexOfName(this.#raw, name, 0); at >= 0; at = indexOfName(this.#raw, name, at + 2)) values.push(this.#raw[at + 1] ?? '');
    return values;
  }

  /** All values joined with `,` as APIM's GetValueOrDefault does; undefined when the header is missing. */
  joined(name: string): string | undefined {
    const first = indexOfName(this.#raw, name, 0);
    if (first < 0) return undefined;
    if (indexOfName(this.#raw, name, first + 2) < 0) return this.#raw[first + 1];
    return this.all(name).join(',');
  }

  /** Different names in order of first appearance, as first written. */
  names(): string[] {
    const names: string[] = [];
    for (let at = 0; at < this.#raw.length; at += 2) {
      const name = this.#raw[at] ?? '';
      if (indexOfName(this.#raw, name, 0) === at) names.push(name);
    }
    return names;
  }

  /** Replaces all values; the first old place is kept, a new header goes to the end. */
  set(name: string, values: readonly string[]): void {
    const raw = this.#change(name);
    const place = indexOfName(raw, name, 0);
    const [only] = values;
    if (values.length === 1 && only !== undefined && place < 0) {
      raw.push(name, only);
      return;
    }
    removeName(raw, name);
    const added = values.flatMap((value) => [name, value]);
    raw.splice(place < 0 ? raw.length : place, 0, ...added);
  }

  /** Adds values behind the existing ones. */
  append(name: string, values: readonly string[]): void {
    this.set(name, [...this.all(name), ...values]);
  }

  remove(name: string): void {
    if (this.has(name)) removeName(this.#change(name), name);
  }

  /** A policy set, added or removed it. */
  isWritten(name: string): boolean {
    return this.#written?.some((written) => sameName(written, name)) ?? false;
  }

  /** An independent copy. */
  copy(): Headers {
    const copy = new Headers(this.#raw.slice());
    copy.#written = this.#written?.slice();
    return copy;
  }

  /**
   * The list as it goes out: several values of a header that a policy wrote are joined with a comma into one line, but for
   * the headers that set-header's page lists as going out line by line.
   */
  toWire(): readonly string[] {
    let wire = this.#raw;
    for (const name of this.#written ?? []) {
      const values = this.all(name);
      if (values.length > 1 && !SEPARATE_LINES.has(name.toLowerCase())) wire = joinedInPlace(wire, name, values.join(','));
    }
    return wire;
  }

  #change(name: string): string[] {
    if (!this.#owned) {
      this.#owned = this.#raw.slice();
      this.#raw = this.#owned;
    }
    this.#written ??= [];
    if (!this.isWritten(name)) this.#written.push(name);
    return this.#owned;
  }
}

/** set-header reference page, "Limitations": these are sent as one line a value. */
const SEPARATE_LINES: ReadonlySet<string> = new Set([
  'user-agent',
  'www-authenticate',
  'proxy-authenticate',
  'cookie',
  'set-cookie',
  'warning',
  'date',
  'expires',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'retry-after',
]);

function joinedInPlace(raw: readonly string[], name: string, value: string): string[] {
  const place = indexOfName(raw, name, 0);
  const rest = raw.slice();
  removeName(rest, name);
  rest.splice(place, 0, name, value);
  return rest;
}

function removeName(raw: string[], name: string): void {
  for (let at = raw.length - 2; at >= 0; at -= 2) if (sameName(raw[at] ?? '', name)) raw.splice(at, 2);
}

/** Index of the name at or behind `from` (even), or -1. */
function indexOfName(raw: readonly string[], name: string, from: number): number {
  for (let at = from; at < raw.length; at += 2) if (sameName(raw[at] ?? '', name)) return at;
  return -1;
}

/** Header names are ASCII tokens (RFC 9110, 5.1) that ignore case; length and first letter settle most comparisons. */
export function sameName(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  return a === b || ((a.charCodeAt(0) | 32) === (b.charCodeAt(0) | 32) && a.toLowerCase() === b.toLowerCase());
}
