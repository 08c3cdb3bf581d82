/** Where a reader of Terraform files stands: words, blanks and comments. */
import type { SourceFile } from '../../source/source-file.ts';
import { HclError, type HclExpression, type HclNode } from './hcl-tree.ts';

export abstract class HclCursor {
  protected readonly file: SourceFile;
  protected readonly text: string;
  protected readonly end: number;
  protected at: number;

  constructor(file: SourceFile, start: number, end: number) {
    this.file = file;
    this.text = file.text;
    this.at = start;
    this.end = end;
  }

  get atEnd(): boolean {
    return this.at >= this.end;
  }

  protected node(start: number, node: HclNode): HclExpression {
    return { ...node, file: this.file, start, end: this.at };
  }

  protected word(): string | undefined {
    const pattern = /[A-Za-z_][\w-]*/y;
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  protected expect(character: string): void {
    if (this.peek(true) !== character) this.fail(`\`${character}\` is expected here`);
    this.at += 1;
  }

  protected peek(lines: boolean): string {
    this.skip(lines);
    return this.at < this.end ? this.text.charAt(this.at) : '';
  }

  /** One after the other: a pattern that repeats runs out of stack at some million lines. */
  protected skip(lines: boolean): number {
    const pattern = lines ? /\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//y : /[ \t]+|\/\*[\s\S]*?\*\//y;
    pattern.lastIndex = this.at;
    for (; this.at < this.end && pattern.test(this.text); this.at = pattern.lastIndex);
    this.at = Math.min(this.at, this.end);
    return this.at;
  }

  protected fail<T>(message: string): T {
    throw new HclError(message, this.file, Math.min(this.at, this.end));
  }

  /** `item in`, or `key, item in`. */
  protected loopNames(): { readonly key: string | undefined; readonly item: string } {
    const first = this.nextWord();
    const hasKey = this.peek(true) === ',';
    if (hasKey) this.at += 1;
    const second = hasKey ? this.nextWord() : undefined;
    if (this.nextWord() !== 'in') this.fail('`in` is expected here');
    return { key: hasKey ? first : undefined, item: second ?? first };
  }

  protected nextWord(): string {
    this.skip(true);
    return this.word() ?? this.fail('a name is expected here');
  }

  protected digits(): string {
    const found = /\d+/y;
    found.lastIndex = this.at;
    const digits = found.exec(this.text)?.[0];
    if (digits === undefined) return this.fail('a name is expected here');
    this.at += digits.length;
    return digits;
  }
}
