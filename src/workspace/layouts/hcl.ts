/** Reads the native syntax of Terraform files (HCL 2): blocks, attributes, expressions. */
import type { SourceFile } from '../../source/source-file.ts';
import { DEEPEST, HclTemplates } from './hcl-templates.ts';
import { type HclAttribute, type HclBlock, type HclBody, type HclExpression, type HclPart, SPLAT_ITEM } from './hcl-tree.ts';

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

class HclParser extends HclTemplates {
  protected within(start: number, end: number): HclParser {
    return new HclParser(this.file, start, end);
  }

  // ------------------------------------------------------------ bodies

  body(inBlock: boolean, depth: number): HclBody {
    if (depth > DEEPEST) this.fail('blocks are nested too deeply');
    const attributes = new Map<string, HclAttribute>();
    const blocks: HclBlock[] = [];
    for (;;) {
      const next = this.peek(true);
      if (next === '' && inBlock) this.fail('`}` is missing');
      if (next === '' || (next === '}' && inBlock)) return { attributes, blocks };
      this.#item(attributes, blocks, depth);
    }
  }

  #item(attributes: Map<string, HclAttribute>, blocks: HclBlock[], depth: number): void {
    const start = this.at;
    const name = this.word();
    if (name === undefined) return this.fail('a name is expected here');
    if (this.peek(false) === '=' && this.text.charAt(this.at + 1) !== '=') {
      this.at += 1;
      attributes.set(name, { name, start, value: this.expression(0) });
    } else blocks.push(this.#block(name, start, depth));
  }

  #block(type: string, start: number, depth: number): HclBlock {
    const labels: string[] = [];
    for (;;) {
      const next = this.peek(false);
      if (next === '{') break;
      const label = next === '"' ? this.plainString() : this.word();
      if (label === undefined) return this.fail('`{` or `=` is expected here');
      labels.push(label);
    }
    this.at += 1;
    const body = this.body(true, depth + 1);
    this.at += 1;
    return { type, labels, body, file: this.file, start };
  }

  // ------------------------------------------------------------ expressions

  expression(depth: number): HclExpression {
    if (depth > DEEPEST) this.fail('the expression is nested too deeply');
    const start = this.skip(false);
    const test = this.#binary(0, depth);
    if (this.peek(depth > 0) !== '?') return test;
    this.at += 1;
    const then = this.inner(depth);
    this.expect(':');
    const otherwise = this.inner(depth);
    return this.node(start, { kind: 'conditional', test, then, otherwise });
  }

  #binary(level: number, depth: number): HclExpression {
    const operators = BINARY[level];
    if (!operators) return this.#unary(depth);
    const start = this.at;
    let left = this.#binary(level + 1, depth);
    for (;;) {
      this.skip(depth > 0);
      const operator = operators.find((one) => this.text.startsWith(one, this.at));
      if (operator === undefined || (operator === '/' && this.text.charAt(this.at + 1) === '/')) return left;
      this.at += operator.length;
      this.skip(true);
      left = this.node(start, { kind: 'binary', operator, left, right: this.#binary(level + 1, depth) });
    }
  }

  #unary(depth: number): HclExpression {
    const start = this.skip(false);
    const operator = this.text.charAt(this.at);
    if (operator !== '!' && operator !== '-') return this.#postfix(depth);
    this.at += 1;
    return this.node(start, { kind: 'unary', operator, value: this.#unary(depth) });
  }

  #postfix(depth: number): HclExpression {
    const start = this.at;
    let found = this.#primary(depth);
    for (;;) {
      const isSplat = this.text.startsWith('.*', this.at) || this.text.startsWith('[*]', this.at);
      const step = isSplat ? this.#splat(start, found, depth) : this.#step(start, found, depth);
      if (!step) return found;
      found = step;
    }
  }

  /** `.name`, `.0` or `[index]`. */
  #step(start: number, of: HclExpression, depth: number): HclExpression | undefined {
    const next = this.text.charAt(this.at);
    if (next === '.' && this.text.charAt(this.at + 1) !== '.') {
      this.at += 1;
      return this.node(start, { kind: 'attribute', of, name: this.word() ?? this.digits() });
    }
    if (next !== '[') return undefined;
    this.at += 1;
    const index = this.inner(depth);
    this.expect(']');
    return this.node(start, { kind: 'index', of, index });
  }

  /** What stands behind `[*]` is asked of every item, of `.*` only names. */
  #splat(start: number, of: HclExpression, depth: number): HclExpression {
    const namesOnly = this.text.charAt(this.at) === '.';
    this.at += namesOnly ? 2 : 3;
    const item = this.node(start, { kind: 'name', name: SPLAT_ITEM });
    let each = item;
    while (!this.text.startsWith('.*', this.at) && !this.text.startsWith('[*]', this.at)) {
      if (namesOnly && this.text.charAt(this.at) === '[') break;
      const step = this.#step(start, each, depth);
      if (!step) break;
      each = step;
    }
    return this.node(start, { kind: 'splat', of, each, alone: replacedRoot(each, of) });
  }

  #primary(depth: number): HclExpression {
    const start = this.at;
    const next = this.text.charAt(start);
    if (next === '"') return this.node(start, { kind: 'template', parts: this.quoted() });
    if (next === '<' && this.text.charAt(start + 1) === '<') return this.node(start, { kind: 'template', parts: this.heredoc() });
    if (next === '[') return this.#list(start, depth);
    if (next === '{') return this.#object(start, depth);
    if (next === '(') {
      this.at += 1;
      const inner = this.inner(depth);
      this.expect(')');
      return inner;
    }
    const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    number.lastIndex = start;
    const digits = number.exec(this.text)?.[0];
    if (digits !== undefined) {
      this.at += digits.length;
      return this.node(start, { kind: 'literal', value: Number(digits) });
    }
    return this.#named(start, depth);
  }

  #named(start: number, depth: number): HclExpression {
    const name = this.word();
    if (name === undefined) return this.fail('a value is expected here');
    if (name === 'true' || name === 'false') return this.node(start, { kind: 'literal', value: name === 'true' });
    if (name === 'null') return this.node(start, { kind: 'literal', value: null });
    if (this.text.charAt(this.at) !== '(') return this.node(start, { kind: 'name', name });
    this.at += 1;
    const args = this.#items(')', () => this.expression(depth + 1));
    return this.node(start, { kind: 'call', name, args });
  }

  #list(start: number, depth: number): HclExpression {
    this.at += 1;
    if (this.#isFor()) return this.#for(start, ']', depth);
    return this.node(start, { kind: 'list', items: this.#items(']', () => this.expression(depth + 1)) });
  }

  #object(start: number, depth: number): HclExpression {
    this.at += 1;
    if (this.#isFor()) return this.#for(start, '}', depth);
    const items = this.#items('}', (): readonly [HclExpression, HclExpression] => {
      const key = this.expression(depth + 1);
      const separator = this.peek(true);
      if (separator !== '=' && separator !== ':') this.fail('`=` is expected here');
      this.at += 1;
      return [key, this.inner(depth)];
    });
    return this.node(start, { kind: 'object', items });
  }

  /** Items with commas, or in objects line breaks, between them. */
  #items<T>(closer: string, item: () => T): T[] {
    const found: T[] = [];
    for (;;) {
      const next = this.peek(true);
      if (next === '') return this.fail(`\`${closer}\` is missing`);
      if (next === closer) {
        this.at += 1;
        return found;
      }
      found.push(item());
      const after = this.peek(true);
      if (after === ',') this.at += 1;
      else if (this.text.startsWith('...', this.at)) this.at += 3;
      else if (after !== closer && closer !== '}') this.fail(`\`,\` or \`${closer}\` is expected here`);
    }
  }

  #isFor(): boolean {
    this.skip(true);
    return /^for\s/.test(this.text.slice(this.at, this.at + 4));
  }

  #for(start: number, closer: string, depth: number): HclExpression {
    this.at += 3;
    const names = this.loopNames();
    const of = this.inner(depth);
    this.expect(':');
    const value = this.inner(depth);
    const isMap = closer === '}';
    if (isMap) {
      this.expect('=');
      this.expect('>');
    }
    const result = isMap ? this.inner(depth) : value;
    this.skip(true);
    if (this.text.startsWith('...', this.at)) this.at += 3;
    const test = this.peek(true) === 'i' && this.nextWord() === 'if' ? this.inner(depth) : undefined;
    this.expect(closer);
    return this.node(start, {
      kind: 'for',
      ...names,
      of,
      keyResult: isMap ? value : undefined,
      result,
      test,
    });
  }
}
