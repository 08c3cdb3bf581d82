/** Texts of Terraform files: quoted ones and heredocs with what is interpolated in them, and directives. */
import type { MappedText } from '../../source/mapped-text.ts';
import { MappedBuilder } from '../../xml/value.ts';
import { HclCursor } from './hcl-cursor.ts';
import { withoutBlanksAtEnd, withoutIndent } from './hcl-heredoc.ts';
import type { HclExpression, HclPart } from './hcl-tree.ts';

/** Blocks in blocks, brackets in brackets, texts in texts. */
export const DEEPEST = 60;

export abstract class HclTemplates extends HclCursor {
  /** Texts inside texts. */
  #nesting = 0;

  /** One at this place; those inside of it are one deeper. */
  abstract expression(depth: number): HclExpression;

  /** A reader of a part of the same file. */
  protected abstract within(start: number, end: number): HclTemplates;

  /** Line breaks mean nothing inside brackets. */
  protected inner(depth: number): HclExpression {
    this.skip(true);
    return this.expression(depth + 1);
  }

  protected quoted(): HclPart[] {
    this.at += 1;
    const parts = this.templateParts((parser) => parser.text.charAt(parser.at) === '"', true);
    this.at += 1;
    return parts;
  }

  /** Up to what `isOver` sees; `escapes`: a backslash means something, and a line may not end. */
  templateParts(isOver: (parser: HclTemplates) => boolean, escapes: boolean): HclPart[] {
    const parts: HclPart[] = [];
    let builder = new MappedBuilder(this.file);
    let isEmpty = true;
    const flush = (): void => {
      if (!isEmpty) parts.push(builder.finish(this.at));
      builder = new MappedBuilder(this.file);
      isEmpty = true;
    };
    while (!isOver(this)) {
      if (this.atEnd || (escapes && this.text.charAt(this.at) === '\n')) return this.fail('the text is not closed with `"`');
      const kind = this.#sequenceAt();
      if (kind !== undefined) {
        flush();
        this.#stripBefore(parts);
        parts.push(kind === 'value' ? this.#interpolation(escapes) : this.#directive(isOver, escapes));
      } else {
        this.#plainPart(builder, escapes);
        isEmpty = false;
      }
    }
    flush();
    return parts;
  }

  #sequenceAt(): 'value' | 'directive' | undefined {
    const two = this.text.slice(this.at, this.at + 2);
    return two === '${' ? 'value' : two === '%{' ? 'directive' : undefined;
  }

  #stripBefore(parts: HclPart[]): void {
    const last = parts.at(-1);
    if (this.text.charAt(this.at + 2) === '~' && last && 'segments' in last) parts.splice(-1, 1, withoutBlanksAtEnd(last));
  }

  #interpolation(escapes: boolean): HclExpression {
    this.#open();
    const found = this.inner(0);
    this.#close(escapes);
    return found;
  }

  /** `${` or `%{`. */
  #open(): void {
    this.#nesting += 1;
    if (this.#nesting > DEEPEST) this.fail('texts are nested too deeply');
    this.at += 2;
    if (this.text.charAt(this.at) === '~') this.at += 1;
  }

  /** `~}` takes the blanks behind it with the end of its line, in a quoted text the blanks alone. */
  #close(escapes: boolean): void {
    const strips = this.peek(true) === '~';
    if (strips) this.at += 1;
    this.expect('}');
    this.#nesting -= 1;
    if (!strips) return;
    const blanks = escapes ? /[ \t]*/y : /[ \t]*(?:\r?\n)?/y;
    blanks.lastIndex = this.at;
    this.at = Math.min(this.end, this.at + (blanks.exec(this.text)?.[0].length ?? 0));
  }

  /** `%{ if … }…%{ else }…%{ endif }` or `%{ for … in … }…%{ endfor }`. */
  #directive(isOver: (parser: HclTemplates) => boolean, escapes: boolean): HclExpression {
    const start = this.at;
    this.#open();
    const word = this.nextWord();
    if (word !== 'if' && word !== 'for') return this.fail(`\`%{ ${word} }\` has nothing before it that it belongs to`);
    return word === 'if' ? this.#when(start, isOver, escapes) : this.#each(start, isOver, escapes);
  }

  #when(start: number, isOver: (parser: HclTemplates) => boolean, escapes: boolean): HclExpression {
    const test = this.inner(0);
    this.#close(escapes);
    const { parts: body, closer } = this.#directiveBody(['else', 'endif'], isOver, escapes);
    const otherwise = closer === 'else' ? this.#directiveBody(['endif'], isOver, escapes).parts : [];
    return this.node(start, { kind: 'when', test, body, otherwise });
  }

  #each(start: number, isOver: (parser: HclTemplates) => boolean, escapes: boolean): HclExpression {
    const names = this.loopNames();
    const of = this.inner(0);
    this.#close(escapes);
    const body = this.#directiveBody(['endfor'], isOver, escapes).parts;
    return this.node(start, { kind: 'each', ...names, of, body });
  }

  #directiveBody(
    closers: readonly string[],
    isOver: (parser: HclTemplates) => boolean,
    escapes: boolean,
  ): { readonly parts: HclPart[]; readonly closer: string } {
    this.#nesting += 1;
    if (this.#nesting > DEEPEST) this.fail('texts are nested too deeply');
    const parts = this.templateParts((parser) => isOver(parser) || parser.#closerAt() !== undefined, escapes);
    const closer = this.#closerAt();
    if (closer === undefined || !closers.includes(closer)) return this.fail(`\`%{ ${closers.at(-1)} }\` is missing`);
    this.#stripBefore(parts);
    this.#open();
    this.nextWord();
    this.#close(escapes);
    this.#nesting -= 1;
    return { parts, closer };
  }

  #closerAt(): string | undefined {
    const closer = /%\{~?\s*(else|endif|endfor)\b/y;
    closer.lastIndex = this.at;
    return closer.exec(this.text)?.[1];
  }

  /** `$${` and `%%{` stand for `${` and `%{`. */
  #plainPart(builder: MappedBuilder, escapes: boolean): void {
    const three = this.text.slice(this.at, this.at + 3);
    if (three === '$${' || three === '%%{') {
      builder.replaced(three.slice(1), this.at, 3);
      this.at += 3;
    } else if (escapes && this.text.charAt(this.at) === '\\') this.#escape(builder);
    else {
      const pattern = escapes ? /[^"\\$%\n]+|[\s\S]/y : /[^$%\n]+|[\s\S]/y;
      pattern.lastIndex = this.at;
      const length = Math.min(pattern.exec(this.text)?.[0].length ?? 1, this.end - this.at);
      builder.verbatim(this.at, this.at + length);
      this.at += length;
    }
  }

  #escape(builder: MappedBuilder): void {
    const letter = this.text.charAt(this.at + 1);
    const digits = letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
    const simple: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
    const code = Number.parseInt(this.text.slice(this.at + 2, this.at + 2 + digits), 16);
    const text = digits > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : simple[letter];
    if (text === undefined) this.fail(`\`\\${letter}\` is no escape`);
    builder.replaced(text ?? '', this.at, 2 + digits);
    this.at += 2 + digits;
  }

  /** `<<EOT` as it stands, `<<-EOT` without the indentation that all lines share. */
  protected heredoc(): HclPart[] {
    const opener = /<<(-?)([A-Za-z_][\w-]*)[ \t]*\r?\n/y;
    opener.lastIndex = this.at;
    const match = opener.exec(this.text);
    if (!match) return this.fail('a heredoc starts with `<<EOT` at the end of its line');
    const start = this.at + match[0].length;
    const closer = new RegExp(`^[ \\t]*${match[2]}[ \\t]*(?=\\r?$)`, 'gm');
    closer.lastIndex = start;
    const end = closer.exec(this.text);
    if (!end || end.index >= this.end) return this.fail(`the heredoc is not closed with \`${match[2]}\``);
    const inner = this.within(start, end.index);
    inner.#nesting = this.#nesting;
    const parts = inner.templateParts((parser) => parser.atEnd, false);
    this.at = end.index + end[0].length;
    return match[1] === '-' ? withoutIndent(parts, this.text.slice(start, end.index)) : parts;
  }

  protected plainString(): string {
    return this.quoted()
      .map((part) => ('text' in part ? (part as MappedText).text : this.fail<string>('a label is a plain text')))
      .join('');
  }
}
