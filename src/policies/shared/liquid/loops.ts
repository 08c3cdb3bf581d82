/** `for`, `JSONArrayFor` (a loop that puts commas between its rounds) and `tablerow`. */
import { LiquidSyntaxError } from './errors.ts';
import { type Evaluate, readValue } from './expression.ts';
import type { Output } from './output.ts';
import type { Scope } from './scope.ts';
import type { Ending, Node, TemplateReader } from './template.ts';
import { integerOf, itemsOf, type LiquidValue, Members } from './values.ts';

interface Loop {
  readonly variable: string;
  readonly name: string;
  readonly collection: Evaluate;
  readonly reversed: boolean;
  readonly attributes: ReadonlyMap<string, string>;
}

const SYNTAX = /^(\w+)\s+in\s+(\([^)]*\)|(?:[^\s,|'"[\]]|\[[^\]]*\]|"[^"]*"|'[^']*')+)\s*(reversed)?([\s\S]*)$/;

function readLoop(tag: string, markup: string): Loop {
  const match = SYNTAX.exec(markup);
  if (!match) throw new LiquidSyntaxError(`\`${tag} ${markup}\` needs \`item in collection\``);
  const [, variable = '', collection = '', reversed, rest = ''] = match;
  const attributes = new Map(
    [...rest.matchAll(/(\w+)\s*:\s*("[^"]*"|'[^']*'|[^\s,]+)/g)].map(([, name = '', value = '']) => [name, value]),
  );
  return { variable, name: `${variable}-${collection}`, collection: readValue(collection), reversed: reversed !== undefined, attributes };
}

/** `for` and `JSONArrayFor` with their `else`. */
export function readFor(tag: 'for' | 'JSONArrayFor', markup: string, reader: TemplateReader): Node {
  const loop = readLoop(tag, markup);
  const block = reader.block(tag, [`end${tag}`, 'else']);
  const otherwise = block.end === 'else' ? reader.block(tag, [`end${tag}`]).body : undefined;
  const separator = tag === 'for' ? '' : ',';
  return (scope, output) => {
    const items = segment(loop, scope);
    if (items.length === 0) return otherwise?.(scope, output);
    scope.inside((frame) => rounds(loop, items, frame, () => block.body(scope, output), separator, scope, output));
    return undefined;
  };
}

function rounds(
  loop: Loop,
  items: readonly LiquidValue[],
  frame: Map<string, LiquidValue>,
  run: () => Ending,
  separator: string,
  scope: Scope,
  output: Output,
): void {
  for (const [at, item] of items.entries()) {
    scope.runtime.budget.step();
    if (at > 0 && separator !== '') output.write(separator);
    frame.set(loop.variable, item);
    frame.set('forloop', progress(loop.name, items.length, at));
    if (run() === 'break') return;
  }
}

function progress(name: string, length: number, at: number): LiquidValue {
  return Members.of(place(name, length, at));
}

/** A cell knows its column, too. */
function cellProgress(name: string, length: number, at: number, width: number): LiquidValue {
  const column = at % width;
  return Members.of({
    ...place(name, length, at),
    col: () => BigInt(column + 1),
    col0: () => BigInt(column),
    col_first: () => column === 0,
    col_last: () => column === width - 1,
  });
}

function place(name: string, length: number, at: number): Readonly<Record<string, () => LiquidValue>> {
  return {
    name: () => name,
    length: () => BigInt(length),
    index: () => BigInt(at + 1),
    index0: () => BigInt(at),
    rindex: () => BigInt(length - at),
    rindex0: () => BigInt(length - at - 1),
    first: () => at === 0,
    last: () => at === length - 1,
  };
}

/** The items that `offset`, `limit` and `reversed` leave; `offset:continue` goes on where the last such loop stopped. */
function segment(loop: Loop, scope: Scope): readonly LiquidValue[] {
  const items = itemsOf(loop.collection(scope));
  const from = offsetOf(loop, scope);
  const limit = loop.attributes.get('limit');
  const end = limit === undefined ? items.length : from + Math.max(0, integerOf(readValue(limit)(scope)));
  const chosen = items.slice(from, end);
  scope.registers.set(`for ${loop.name}`, BigInt(from + chosen.length));
  return loop.reversed ? [...chosen].reverse() : chosen;
}

function offsetOf(loop: Loop, scope: Scope): number {
  const offset = loop.attributes.get('offset');
  if (offset === undefined) return 0;
  if (offset === 'continue') return Number(scope.registers.get(`for ${loop.name}`) ?? 0n);
  return Math.max(0, integerOf(readValue(offset)(scope)));
}

/** Rows and cells of an HTML table; `cols` says how many cells a row has. */
export function readTableRow(markup: string, reader: TemplateReader): Node {
  const loop = readLoop('tablerow', markup);
  const { body } = reader.block('tablerow', ['endtablerow']);
  return (scope, output) => {
    const items = segment(loop, scope);
    const cols = loop.attributes.get('cols');
    const width = cols === undefined ? items.length : Math.max(1, integerOf(readValue(cols)(scope)));
    output.write('<tr class="row1">\n');
    scope.inside((frame) => cells(loop, items, width, frame, body, scope, output));
    output.write('</tr>\n');
    return undefined;
  };
}

function cells(
  loop: Loop,
  items: readonly LiquidValue[],
  width: number,
  frame: Map<string, LiquidValue>,
  body: Node,
  scope: Scope,
  output: Output,
): void {
  for (const [at, item] of items.entries()) {
    const column = at % width;
    if (at > 0 && column === 0) output.write(`</tr>\n<tr class="row${at / width + 1}">`);
    frame.set(loop.variable, item);
    frame.set('tablerowloop', cellProgress(loop.name, items.length, at, width));
    output.write(`<td class="col${column + 1}">`);
    body(scope, output);
    output.write('</td>');
  }
}
