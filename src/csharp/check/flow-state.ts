/** What is known at one point of a program: can it be reached, and which variables have a value for certain there. */
export class FlowState {
  reachable: boolean;
  /** The stretch of unreachable code that this point belongs to has been reported. */
  reported: boolean;
  private words: Uint32Array;

  private constructor(reachable: boolean, reported: boolean, words: Uint32Array) {
    this.reachable = reachable;
    this.reported = reported;
    this.words = words;
  }

  /** Reachable, nothing assigned. */
  static start(): FlowState {
    return new FlowState(true, false, new Uint32Array(1));
  }

  static unreachable(): FlowState {
    return new FlowState(false, false, new Uint32Array(1));
  }

  clone(): FlowState {
    return new FlowState(this.reachable, this.reported, this.words.slice());
  }

  /** In code that cannot run every variable counts as assigned (ECMA-334, 9.4.1). */
  isAssigned(slot: number): boolean {
    return !this.reachable || ((this.words[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0;
  }

  assign(slot: number): void {
    this.room(slot >>> 5);
    this.words[slot >>> 5] = (this.words[slot >>> 5] ?? 0) | (1 << (slot & 31));
  }

  unassign(slot: number): void {
    this.room(slot >>> 5);
    this.words[slot >>> 5] = (this.words[slot >>> 5] ?? 0) & ~(1 << (slot & 31));
  }

  /** Where two ways meet: reachable by either, assigned only on both. True when that changed anything here. */
  join(other: FlowState): boolean {
    if (!other.reachable) {
      this.reported &&= other.reported;
      return false;
    }
    if (!this.reachable) {
      this.reachable = true;
      this.reported = false;
      this.words = other.words.slice();
      return true;
    }
    let changed = false;
    for (let i = 0; i < this.words.length; i++) {
      const both = (this.words[i] ?? 0) & (other.words[i] ?? 0);
      changed ||= both >>> 0 !== (this.words[i] ?? 0);
      this.words[i] = both;
    }
    return changed;
  }

  /** What a finally block assigned holds behind it as well. */
  addAssigned(other: FlowState): void {
    this.room(other.words.length - 1);
    other.words.forEach((word, i) => {
      this.words[i] = (this.words[i] ?? 0) | word;
    });
  }

  private room(index: number): void {
    if (index < this.words.length) return;
    const larger = new Uint32Array(Math.max(index + 1, this.words.length * 2));
    larger.set(this.words);
    this.words = larger;
  }
}
