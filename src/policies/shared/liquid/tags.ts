/** Tags: assignments, branches, counters; loops stand in loops.ts. */
import { sameValue } from './compare.ts';
import { LiquidSyntaxError, liquidError } from './errors.ts';
import { readCondition, readOutput, readValue, readValues } from './expression.ts';
import { readFor, readTableRow } from './loops.ts';
import type { Output } from './output.ts';
import type { Scope } from './scope.ts';
import type { Node, TemplateReader } from './template.ts';
import { isTrue, type LiquidValue, textOf } from './values.ts';

type ReadTag = (markup: string, reader: TemplateReader) => Node;

const TAGS: ReadonlyMap<string, ReadTag> = new Map<string, ReadTag>([
  ['assign', readAssign],
  ['capture', readCapture],
  ['if', (markup, reader) => readIf('if', markup, reader)],
  ['unless', (markup, reader) => readIf('unless', markup, reader)],
  ['case', readCase],
  ['for', (markup, reader) => readFor('for', markup, reader)],
  ['JSONArrayFor', (markup, reader) => readFor('JSONArrayFor', markup, reader)],
  ['tablerow', readTableRow],
  ['break', () => () => 'break'],
  ['continue', () => () => 'continue'],
  ['cycle', readCycle],
  ['increment', (markup) => counter(markup, 1n)],
  ['decrement', (markup) => counter(markup, -1n)],
  ['ifchanged', readIfChanged],
  ['param', readParam],
  ['comment', (_markup, reader) => commentNode(reader.raw('comment'))],
  ['raw', (_markup, reader) => textNode(reader.raw('raw'))],
  ['literal', (_markup, reader) => textNode(reader.raw('literal'))],
  ['include', () => withoutFiles],
  ['extends', () => withoutFiles],
  ['block', (_markup, reader) => withoutFilesAfter(reader.raw('block'))],
]);

/** The node of a tag; blocks read on to their end. Throws LiquidSyntaxError for an unknown one. */
export function readTag(name: string, markup: string, reader: TemplateReader): Node {
  const read = TAGS.get(name);
  if (!read) throw new LiquidSyntaxError(`\`${name}\` is not a Liquid tag here`);
  return read(markup, reader);
}

function textNode(text: string): Node {
  return (_scope, output) => {
    output.write(text);
    return undefined;
  };
}

function commentNode(_text: string): Node {
  return () => undefined;
}

/** Templates of the service have no files behind them. */
function withoutFiles(): never {
  throw liquidError('This liquid context does not allow includes');
}

function withoutFilesAfter(_text: string): Node {
  return withoutFiles;
}

function readAssign(markup: string): Node {
  const match = /^([\w.[\]-]+)\s*=\s*([\s\S]+)$/.exec(markup);
  if (!match) throw new LiquidSyntaxError(`\`assign ${markup}\` needs \`name = value\``);
  const [, name = '', value = ''] = match;
  const read = readOutput(/^[+-]?\d[\d,]*$/.test(value.trim()) ? value.replaceAll(',', '') : value);
  return (scope) => {
    scope.assign(name, read(scope));
    return undefined;
  };
}

function readCapture(markup: string, reader: TemplateReader): Node {
  const name = /^(["']?)([\w-]+)\1$/.exec(markup.trim())?.[2];
  if (name === undefined) throw new LiquidSyntaxError(`\`capture ${markup}\` needs a name`);
  const { body } = reader.block('capture', ['endcapture']);
  return (scope, output) => {
    const text = output.captured(() => body(scope, output));
    scope.assign(name, text);
    return undefined;
  };
}

/** `param culture='de-DE'`: the language that Currency goes by when it is given none. */
function readParam(markup: string): Node {
  const match = /^culture\s*=\s*([\s\S]+)$/i.exec(markup);
  if (!match) throw new LiquidSyntaxError(`\`param ${markup}\` needs \`culture = 'name'\`, the only parameter here`);
  const read = readValue((match[1] ?? '').trim());
  return (scope) => {
    scope.runtime.culture = textOf(read(scope));
    return undefined;
  };
}

interface Branch {
  readonly test: (scope: Scope) => boolean;
  readonly body: Node;
}

function readIf(name: 'if' | 'unless', markup: string, reader: TemplateReader): Node {
  const condition = readCondition(markup);
  const branches: Branch[] = [];
  let test = name === 'if' ? condition : (scope: Scope) => !condition(scope);
  for (;;) {
    const block = reader.block(name, [`end${name}`, 'elsif', 'else']);
    branches.push({ test, body: block.body });
    if (block.end === `end${name}`) return firstOf(branches);
    test = block.end === 'elsif' ? readCondition(block.markup) : () => true;
  }
}

function firstOf(branches: readonly Branch[]): Node {
  return (scope, output) => branches.find(({ test }) => test(scope))?.body(scope, output);
}

function readCase(markup: string, reader: TemplateReader): Node {
  const subject = readValue(markup);
  const branches: Branch[] = [];
  let block = reader.block('case', ['endcase', 'when', 'else']);
  while (block.end !== 'endcase') {
    const { end } = block;
    const values = end === 'when' ? readValues(block.markup, /^(?:,|or)$/) : [];
    block = reader.block('case', ['endcase', 'when', 'else']);
    const test = (scope: Scope) => {
      const value = subject(scope);
      return values.some((read) => sameValue(value, read(scope)));
    };
    branches.push({ test: end === 'when' ? test : () => true, body: block.body });
  }
  return firstOf(branches);
}

/** `cycle 'a', 'b'` or `cycle name: 'a', 'b'`: the next of the values each time. */
function readCycle(markup: string): Node {
  const match = /^(?:("[^"]*"|'[^']*'|[\w.-]+)\s*:\s*)?([\s\S]+)$/.exec(markup);
  const values = readValues(match?.[2] ?? '', /^,$/);
  const name = match?.[1] === undefined ? undefined : readValue(match[1]);
  return (scope, output) => {
    const key = `cycle ${name ? textOf(name(scope)) : markup}`;
    const at = Number(scope.registers.get(key) ?? 0n);
    output.write(textOf(values[at]?.(scope) ?? null));
    scope.registers.set(key, BigInt((at + 1) % values.length));
    return undefined;
  };
}

/** `increment` writes the old count, `decrement` the new one. */
function counter(markup: string, by: bigint): Node {
  const name = markup.trim();
  return (scope, output) => {
    const before = scope.registers.get(`counter ${name}`);
    const count = typeof before === 'bigint' ? before : 0n;
    scope.registers.set(`counter ${name}`, count + by);
    scope.assign(name, count + by);
    output.write(String(by > 0n ? count : count + by));
    return undefined;
  };
}

function readIfChanged(_markup: string, reader: TemplateReader): Node {
  const { body } = reader.block('ifchanged', ['endifchanged']);
  return (scope: Scope, output: Output) => {
    const text = output.captured(() => body(scope, output));
    const before: LiquidValue | undefined = scope.registers.get('ifchanged');
    if (before === undefined || !isTrue(before) || before !== text) output.write(text);
    scope.registers.set('ifchanged', text);
    return undefined;
  };
}
