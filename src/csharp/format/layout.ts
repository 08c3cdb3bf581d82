/** How deep each line of an expression is indented: brackets, switch sections, continued statements. */
import type { Token } from '../syntax/token.ts';
import type { Punctuation } from './spacing.ts';

interface Frame {
  /** Depth of the line on which the bracket was opened. */
  readonly depth: number;
  readonly kind: 'block' | 'switch' | 'initializer' | 'list';
}

/** Tokens with which a continued line may begin even behind a `}`. */
const CONTINUING: ReadonlySet<string> = new Set('. ? : ?? && || + - * / % == != < > <= >= = =>'.split(' '));

/** Follows the tokens of one expression; `depth` counts from the line on which `@(` or `@{` stands. */
export class Layout {
  readonly #punctuation: Punctuation;
  readonly #frames: Frame[];
  /** A `switch` was read whose `{` is still to come. */
  #switchPending = false;
  #before: Token | undefined;
  /** `case` or `default` was read whose `:` is still to come. */
  #labelPending = false;
  #afterLabel = false;

  constructor(kind: 'single' | 'multi', punctuation: Punctuation) {
    this.#punctuation = punctuation;
    this.#frames = [{ depth: 0, kind: kind === 'multi' ? 'block' : 'list' }];
  }

  /** Depth of a line that begins with `token`, or with a comment before it. */
  depthOf(token: Token | undefined, comment: boolean): number {
    const frame = this.#top();
    if (token !== undefined && !comment && isCloser(token)) return frame.depth;
    const inside = frame.depth + 1;
    if (frame.kind === 'switch') return isLabel(token) ? inside : inside + (token !== undefined && this.#continues(token) ? 2 : 1);
    return token !== undefined && this.#continues(token) ? inside + 1 : inside;
  }

  /** Steps over `token`, which stands on a line of depth `line`. */
  take(token: Token, line: number): void {
    if (isCloser(token) && this.#frames.length > 1) this.#frames.pop();
    if (token.kind === 'switch') this.#switchPending = true;
    if (token.kind === '(' || token.kind === '[') this.#frames.push({ depth: line, kind: 'list' });
    if (token.kind === '{') this.#open(token, line);
    this.#followLabel(token);
    this.#before = token;
  }

  #top(): Frame {
    return this.#frames[this.#frames.length - 1] ?? { depth: 0, kind: 'list' };
  }

  #open(token: Token, line: number): void {
    const kind = this.#switchPending ? 'switch' : this.#punctuation.blocks.has(token.start) ? 'block' : 'initializer';
    this.#switchPending = false;
    this.#frames.push({ depth: line, kind });
  }

  #followLabel(token: Token): void {
    if (this.#top().kind === 'switch' && isLabel(token) && this.#before?.kind !== 'goto') this.#labelPending = true;
    this.#afterLabel = this.#labelPending && token.kind === ':' && !this.#punctuation.blankBefore.has(token.start);
    if (this.#afterLabel) this.#labelPending = false;
  }

  #continues(token: Token): boolean {
    const { kind } = this.#top();
    const before = this.#before;
    if (kind === 'list' || before === undefined || this.#afterLabel || token.kind === '{') return false;
    if (before.kind === ';' || before.kind === '{') return false;
    if (before.kind === '}') return CONTINUING.has(token.kind);
    return !(kind === 'initializer' && before.kind === ',');
  }
}

function isCloser(token: Token): boolean {
  return token.kind === ')' || token.kind === ']' || token.kind === '}';
}

function isLabel(token: Token | undefined): boolean {
  return token !== undefined && (token.kind === 'case' || token.kind === 'default');
}
