/** Reads the native syntax of Terraform files (HCL 2): blocks, attributes, expressions, templates, heredocs. */
import type { MappedText } from '../../source/mapped-text.ts';
import type { SourceFile } from '../../source/source-file.ts';
import { MappedBuilder } from '../../xml/value.ts';
import { withoutBlanksAtEnd, withoutIndent } from './hcl-heredoc.ts';
import {
  type HclAttribute,
  type HclBlock,
  type HclBody,
  HclError,
  type HclExpression,
  type HclNode,
  type HclPart,
  SPLAT_ITEM,
} from './hcl-tree.ts';

const DEEPEST = 60;

/** A whole file. Throws HclError at the first thing that cannot be read. */
export function parseHcl(file: SourceFile): HclBody {
  return new HclParser(file, file.text.charCodeAt(0) === 0xfeff ? 1 : 0, file.text.length).body(false, 0);
}

/** A file as a template, as `templatefile` takes it. */
export function parseTemplate(file: SourceFile): HclPart[] {
  return new HclParser(file, 0, file.text.length).templateParts((parser) => parser.atEnd, false);
}

const BINARY: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!='], ['>=', '<=', '>', '<'], ['+', '-'], ['*', '/', '%']];

/** The chain of steps over another start. */
function replacedRoot(chain: HclExpression, root: HclExpression): HclExpression {
  return chain.kind === 'attribute' || chain.kind === 'index' ? { ...chain, of: replacedRoot(chain.of, root) } : root;
}

class HclParser {
  readonly #file: SourceFile;
  readonly #text: string;
  readonly #end: number;
  #at: number;
  /** Texts inside texts. */
  #nesting = 0;

  constructor(file: SourceFile, start: number, end: number) {
    this.#file = file;
    this.#text = file.text;
    this.#at = start;
    this.#end = end;
  }

  get atEnd(): boolean {
    return this.#at >= this.#end;
  }

  // ------------------------------------------------------------ bodies

  body(inBlock: boolean, depth: number): HclBody {
    if (depth > DEEPEST) this.#fail('blocks are nested too deeply');
    const attributes = new Map<string, HclAttribute>();
    const blocks: HclBlock[] = [];
    for (;;) {
      const next = this.#peek(true);
      if (next === '' && inBlock) this.#fail('`}` is missing');
      if (next === '' || (next === '}' && inBlock)) return { attributes, blocks };
      this.#item(attributes, blocks, depth);
    }
  }

  #item(attributes: Map<string, HclAttribute>, blocks: HclBlock[], depth: number): void {
    const start = this.#at;
    const name = this.#word();
    if (name === undefined) return this.#fail('a name is expected here');
    if (this.#peek(false) === '=' && this.#text.charAt(this.#at + 1) !== '=') {
      this.#at += 1;
      attributes.set(name, { name, start, value: this.expression(0) });
    } else blocks.push(this.#block(name, start, depth));
  }

  #block(type: string, start: number, depth: number): HclBlock {
    const labels: string[] = [];
    for (;;) {
      const next = this.#peek(false);
      if (next === '{') break;
      const label = next === '"' ? this.#plainString() : this.#word();
      if (label === undefined) return this.#fail('`{` or `=` is expected here');
      labels.push(label);
    }
    this.#at += 1;
    const body = this.body(true, depth + 1);
    this.#at += 1;
    return { type, labels, body, file: this.#file, start };
  }

  // ------------------------------------------------------------ expressions

  expression(depth: number): HclExpression {
    if (depth > DEEPEST) this.#fail('the expression is nested too deeply');
    const start = this.#skip(false);
    const test = this.#binary(0, depth);
    if (this.#peek(depth > 0) !== '?') return test;
    this.#at += 1;
    const then = this.#inner(depth);
    this.#expect(':');
    const otherwise = this.#inner(depth);
    return this.#node(start, { kind: 'conditional', test, then, otherwise });
  }

  /** Line breaks mean nothing inside brackets. */
  #inner(depth: number): HclExpression {
    this.#skip(true);
    return this.expression(depth + 1);
  }

  #binary(level: number, depth: number): HclExpression {
    const operators = BINARY[level];
    if (!operators) return this.#unary(depth);
    const start = this.#at;
    let left = this.#binary(level + 1, depth);
    for (;;) {
      this.#skip(depth > 0);
      const operator = operators.find((one) => this.#text.startsWith(one, this.#at));
      if (operator === undefined || (operator === '/' && this.#text.charAt(this.#at + 1) === '/')) return left;
      this.#at += operator.length;
      this.#skip(true);
      left = this.#node(start, { kind: 'binary', operator, left, right: this.#binary(level + 1, depth) });
    }
  }

  #unary(depth: number): HclExpression {
    const start = this.#skip(false);
    const operator = this.#text.charAt(this.#at);
    if (operator !== '!' && operator !== '-') return this.#postfix(depth);
    this.#at += 1;
    return this.#node(start, { kind: 'unary', operator, value: this.#unary(depth) });
  }

  #postfix(depth: number): HclExpression {
    const start = this.#at;
    let found = this.#primary(depth);
    for (;;) {
      const isSplat = this.#text.startsWith('.*', this.#at) || this.#text.startsWith('[*]', this.#at);
      const step = isSplat ? this.#splat(start, found, depth) : this.#step(start, found, depth);
      if (!step) return found;
      found = step;
    }
  }

  /** `.name`, `.0` or `[index]`. */
  #step(start: number, of: HclExpression, depth: number): HclExpression | undefined {
    const next = this.#text.charAt(this.#at);
    if (next === '.' && this.#text.charAt(this.#at + 1) !== '.') {
      this.#at += 1;
      return this.#node(start, { kind: 'attribute', of, name: this.#word() ?? this.#digits() });
    }
    if (next !== '[') return undefined;
    this.#at += 1;
    const index = this.#inner(depth);
    this.#expect(']');
    return this.#node(start, { kind: 'index', of, index });
  }

  /** What stands behind `[*]` is asked of every item, of `.*` only names. */
  #splat(start: number, of: HclExpression, depth: number): HclExpression {
    const namesOnly = this.#text.charAt(this.#at) === '.';
    this.#at += namesOnly ? 2 : 3;
    const item = this.#node(start, { kind: 'name', name: SPLAT_ITEM });
    let each = item;
    while (!this.#text.startsWith('.*', this.#at) && !this.#text.startsWith('[*]', this.#at)) {
      if (namesOnly && this.#text.charAt(this.#at) === '[') break;
      const step = this.#step(start, each, depth);
      if (!step) break;
      each = step;
    }
    return this.#node(start, { kind: 'splat', of, each, alone: replacedRoot(each, of) });
  }

  #digits(): string {
    const found = /\d+/y;
    found.lastIndex = this.#at;
    const digits = found.exec(this.#text)?.[0];
    if (digits === undefined) return this.#fail('a name is expected here');
    this.#at += digits.length;
    return digits;
  }

  #primary(depth: number): HclExpression {
    const start = this.#at;
    const next = this.#text.charAt(start);
    if (next === '"') return this.#node(start, { kind: 'template', parts: this.#quoted() });
    if (next === '<' && this.#text.charAt(start + 1) === '<') return this.#node(start, { kind: 'template', parts: this.#heredoc() });
    if (next === '[') return this.#list(start, depth);
    if (next === '{') return this.#object(start, depth);
    if (next === '(') {
      this.#at += 1;
      const inner = this.#inner(depth);
      this.#expect(')');
      return inner;
    }
    const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    number.lastIndex = start;
    const digits = number.exec(this.#text)?.[0];
    if (digits !== undefined) {
      this.#at += digits.length;
      return this.#node(start, { kind: 'literal', value: Number(digits) });
    }
    return this.#named(start, depth);
  }

  #named(start: number, depth: number): HclExpression {
    const name = this.#word();
    if (name === undefined) return this.#fail('a value is expected here');
    if (name === 'true' || name === 'false') return this.#node(start, { kind: 'literal', value: name === 'true' });
    if (name === 'null') return this.#node(start, { kind: 'literal', value: null });
    if (this.#text.charAt(this.#at) !== '(') return this.#node(start, { kind: 'name', name });
    this.#at += 1;
    const args = this.#items(')', () => this.expression(depth + 1));
    return this.#node(start, { kind: 'call', name, args });
  }

  #list(start: number, depth: number): HclExpression {
    this.#at += 1;
    if (this.#isFor()) return this.#for(start, ']', depth);
    return this.#node(start, { kind: 'list', items: this.#items(']', () => this.expression(depth + 1)) });
  }

  #object(start: number, depth: number): HclExpression {
    this.#at += 1;
    if (this.#isFor()) return this.#for(start, '}', depth);
    const items = this.#items('}', (): readonly [HclExpression, HclExpression] => {
      const key = this.expression(depth + 1);
      const separator = this.#peek(true);
      if (separator !== '=' && separator !== ':') this.#fail('`=` is expected here');
      this.#at += 1;
      return [key, this.#inner(depth)];
    });
    return this.#node(start, { kind: 'object', items });
  }

  /** Items with commas, or in objects line breaks, between them. */
  #items<T>(closer: string, item: () => T): T[] {
    const found: T[] = [];
    for (;;) {
      const next = this.#peek(true);
      if (next === '') return this.#fail(`\`${closer}\` is missing`);
      if (next === closer) {
        this.#at += 1;
        return found;
      }
      found.push(item());
      const after = this.#peek(true);
      if (after === ',') this.#at += 1;
      else if (this.#text.startsWith('...', this.#at)) this.#at += 3;
      else if (after !== closer && closer !== '}') this.#fail(`\`,\` or \`${closer}\` is expected here`);
    }
  }

  #isFor(): boolean {
    this.#skip(true);
    return /^for\s/.test(this.#text.slice(this.#at, this.#at + 4));
  }

  #for(start: number, closer: string, depth: number): HclExpression {
    this.#at += 3;
    const names = this.#loopNames();
    const of = this.#inner(depth);
    this.#expect(':');
    const value = this.#inner(depth);
    const isMap = closer === '}';
    if (isMap) {
      this.#expect('=');
      this.#expect('>');
    }
    const result = isMap ? this.#inner(depth) : value;
    this.#skip(true);
    if (this.#text.startsWith('...', this.#at)) this.#at += 3;
    const test = this.#peek(true) === 'i' && this.#nextWord() === 'if' ? this.#inner(depth) : undefined;
    this.#expect(closer);
    return this.#node(start, {
      kind: 'for',
      ...names,
      of,
      keyResult: isMap ? value : undefined,
      result,
      test,
    });
  }

  /** `item in`, or `key, item in`. */
  #loopNames(): { readonly key: string | undefined; readonly item: string } {
    const first = this.#nextWord();
    const hasKey = this.#peek(true) === ',';
    if (hasKey) this.#at += 1;
    const second = hasKey ? this.#nextWord() : undefined;
    if (this.#nextWord() !== 'in') this.#fail('`in` is expected here');
    return { key: hasKey ? first : undefined, item: second ?? first };
  }

  #nextWord(): string {
    this.#skip(true);
    return this.#word() ?? this.#fail('a name is expected here');
  }

  // ------------------------------------------------------------ templates

  #quoted(): HclPart[] {
    this.#at += 1;
    const parts = this.templateParts((parser) => parser.#text.charAt(parser.#at) === '"', true);
    this.#at += 1;
    return parts;
  }

  /** Up to what `isOver` sees; `escapes`: a backslash means something, and a line may not end. */
  templateParts(isOver: (parser: HclParser) => boolean, escapes: boolean): HclPart[] {
    const parts: HclPart[] = [];
    let builder = new MappedBuilder(this.#file);
    let isEmpty = true;
    const flush = (): void => {
      if (!isEmpty) parts.push(builder.finish(this.#at));
      builder = new MappedBuilder(this.#file);
      isEmpty = true;
    };
    while (!isOver(this)) {
      if (this.atEnd || (escapes && this.#text.charAt(this.#at) === '\n')) return this.#fail('the text is not closed with `"`');
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
    const two = this.#text.slice(this.#at, this.#at + 2);
    return two === '${' ? 'value' : two === '%{' ? 'directive' : undefined;
  }

  #stripBefore(parts: HclPart[]): void {
    const last = parts.at(-1);
    if (this.#text.charAt(this.#at + 2) === '~' && last && 'segments' in last) parts.splice(-1, 1, withoutBlanksAtEnd(last));
  }

  #interpolation(escapes: boolean): HclExpression {
    this.#open();
    const found = this.#inner(0);
    this.#close(escapes);
    return found;
  }

  /** `${` or `%{`. */
  #open(): void {
    this.#nesting += 1;
    if (this.#nesting > DEEPEST) this.#fail('texts are nested too deeply');
    this.#at += 2;
    if (this.#text.charAt(this.#at) === '~') this.#at += 1;
  }

  /** `~}` takes the blanks behind it with the end of its line, in a quoted text the blanks alone. */
  #close(escapes: boolean): void {
    const strips = this.#peek(true) === '~';
    if (strips) this.#at += 1;
    this.#expect('}');
    this.#nesting -= 1;
    if (!strips) return;
    const blanks = escapes ? /[ \t]*/y : /[ \t]*(?:\r?\n)?/y;
    blanks.lastIndex = this.#at;
    this.#at = Math.min(this.#end, this.#at + (blanks.exec(this.#text)?.[0].length ?? 0));
  }

  /** `%{ if … }…%{ else }…%{ endif }` or `%{ for … in … }…%{ endfor }`. */
  #directive(isOver: (parser: HclParser) => boolean, escapes: boolean): HclExpression {
    const start = this.#at;
    this.#open();
    const word = this.#nextWord();
    if (word !== 'if' && word !== 'for') return this.#fail(`\`%{ ${word} }\` has nothing before it that it belongs to`);
    return word === 'if' ? this.#when(start, isOver, escapes) : this.#each(start, isOver, escapes);
  }

  #when(start: number, isOver: (parser: HclParser) => boolean, escapes: boolean): HclExpression {
    const test = this.#inner(0);
    this.#close(escapes);
    const { parts: body, closer } = this.#directiveBody(['else', 'endif'], isOver, escapes);
    const otherwise = closer === 'else' ? this.#directiveBody(['endif'], isOver, escapes).parts : [];
    return this.#node(start, { kind: 'when', test, body, otherwise });
  }

  #each(start: number, isOver: (parser: HclParser) => boolean, escapes: boolean): HclExpression {
    const names = this.#loopNames();
    const of = this.#inner(0);
    this.#close(escapes);
    const body = this.#directiveBody(['endfor'], isOver, escapes).parts;
    return this.#node(start, { kind: 'each', ...names, of, body });
  }

  #directiveBody(
    closers: readonly string[],
    isOver: (parser: HclParser) => boolean,
    escapes: boolean,
  ): { readonly parts: HclPart[]; readonly closer: string } {
    this.#nesting += 1;
    if (this.#nesting > DEEPEST) this.#fail('texts are nested too deeply');
    const parts = this.templateParts((parser) => isOver(parser) || parser.#closerAt() !== undefined, escapes);
    const closer = this.#closerAt();
    if (closer === undefined || !closers.includes(closer)) return this.#fail(`\`%{ ${closers.at(-1)} }\` is missing`);
    this.#stripBefore(parts);
    this.#open();
    this.#nextWord();
    this.#close(escapes);
    this.#nesting -= 1;
    return { parts, closer };
  }

  #closerAt(): string | undefined {
    const closer = /%\{~?\s*(else|endif|endfor)\b/y;
    closer.lastIndex = this.#at;
    return closer.exec(this.#text)?.[1];
  }

  /** `$${` and `%%{` stand for `${` and `%{`. */
  #plainPart(builder: MappedBuilder, escapes: boolean): void {
    const three = this.#text.slice(this.#at, this.#at + 3);
    if (three === '$${' || three === '%%{') {
      builder.replaced(three.slice(1), this.#at, 3);
      this.#at += 3;
    } else if (escapes && this.#text.charAt(this.#at) === '\\') this.#escape(builder);
    else {
      const pattern = escapes ? /[^"\\$%\n]+|[\s\S]/y : /[^$%\n]+|[\s\S]/y;
      pattern.lastIndex = this.#at;
      const length = Math.min(pattern.exec(this.#text)?.[0].length ?? 1, this.#end - this.#at);
      builder.verbatim(this.#at, this.#at + length);
      this.#at += length;
    }
  }

  #escape(builder: MappedBuilder): void {
    const letter = this.#text.charAt(this.#at + 1);
    const digits = letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
    const simple: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
    const code = Number.parseInt(this.#text.slice(this.#at + 2, this.#at + 2 + digits), 16);
    const text = digits > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : simple[letter];
    if (text === undefined) this.#fail(`\`\\${letter}\` is no escape`);
    builder.replaced(text ?? '', this.#at, 2 + digits);
    this.#at += 2 + digits;
  }

  /** `<<EOT` as it stands, `<<-EOT` without the indentation that all lines share. */
  #heredoc(): HclPart[] {
    const opener = /<<(-?)([A-Za-z_][\w-]*)[ \t]*\r?\n/y;
    opener.lastIndex = this.#at;
    const match = opener.exec(this.#text);
    if (!match) return this.#fail('a heredoc starts with `<<EOT` at the end of its line');
    const start = this.#at + match[0].length;
    const closer = new RegExp(`^[ \\t]*${match[2]}[ \\t]*(?=\\r?$)`, 'gm');
    closer.lastIndex = start;
    const end = closer.exec(this.#text);
    if (!end || end.index >= this.#end) return this.#fail(`the heredoc is not closed with \`${match[2]}\``);
    const inner = new HclParser(this.#file, start, end.index);
    const parts = inner.templateParts((parser) => parser.atEnd, false);
    this.#at = end.index + end[0].length;
    return match[1] === '-' ? withoutIndent(parts, this.#text.slice(start, end.index)) : parts;
  }

  // ------------------------------------------------------------ words and blanks

  #node(start: number, node: HclNode): HclExpression {
    return { ...node, file: this.#file, start, end: this.#at };
  }

  #plainString(): string {
    return this.#quoted()
      .map((part) => ('text' in part ? (part as MappedText).text : this.#fail<string>('a label is a plain text')))
      .join('');
  }

  #word(): string | undefined {
    const pattern = /[A-Za-z_][\w-]*/y;
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #expect(character: string): void {
    if (this.#peek(true) !== character) this.#fail(`\`${character}\` is expected here`);
    this.#at += 1;
  }

  #peek(lines: boolean): string {
    this.#skip(lines);
    return this.#at < this.#end ? this.#text.charAt(this.#at) : '';
  }

  /** One after the other: a pattern that repeats runs out of stack at some million lines. */
  #skip(lines: boolean): number {
    const pattern = lines ? /\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//y : /[ \t]+|\/\*[\s\S]*?\*\//y;
    pattern.lastIndex = this.#at;
    for (; this.#at < this.#end && pattern.test(this.#text); this.#at = pattern.lastIndex);
    this.#at = Math.min(this.#at, this.#end);
    return this.#at;
  }

  #fail<T>(message: string): T {
    throw new HclError(message, this.#file, Math.min(this.#at, this.#end));
  }
}
