import { describe, expect, it } from 'vitest';
import type { BoundExpression } from '../../../src/csharp/check/bound.ts';
import { bind, display } from './support.ts';

/** The expression of the first return, as nested calls: `(conversion boxing object …)`. */
function print(value: unknown): string {
  if (Array.isArray(value)) return value.map(print).join(' ');
  if (typeof value !== 'object' || value === null) return '';
  const node = value as BoundExpression;
  switch (node.kind) {
    case 'literal':
      return `${display(node.type)}:${typeof node.value === 'object' && node.value !== null ? node.value.decimal : String(node.value)}`;
    case 'conversion':
      return `(${node.conversion} ${display(node.type)} ${print(node.operand)})`;
    case 'binary':
      return `(${node.lifted ? 'lifted ' : ''}${display(node.operandType)} ${node.operator} ${print(node.left)} ${print(node.right)})`;
    case 'call':
      return `(call ${node.method.name} ${print(node.receiver)} ${node.args.map((each) => print(each.kind === 'value' ? each.value : each.place)).join(' ')})`;
    case 'concat':
      return `(concat ${print(node.parts)})`;
    case 'local':
      return node.local.name;
    case 'lambda':
      return `(${node.parameters.map((each) => each.name).join(' ')} => ${print(node.body)})`;
    case 'methodGroup':
      return `(group ${print(node.adapter)})`;
    case 'newArray':
      return `(array ${print(node.values)})`;
    case 'coalesce':
      return `(?? ${print(node.left)} ${print(node.converted)} ${print(node.right)})`;
    case 'conditionalAccess':
      return `(?. ${print(node.target)} ${print(node.whenNotNull)})`;
    case 'property':
      return `(.${node.property.name} ${print(node.receiver)})`;
    default:
      return node.kind;
  }
}

function returned(code: string): string {
  const statement = bind(code).program?.body.statements.at(-1);
  return statement?.kind === 'return' ? print(statement.value).replace(/ +/g, ' ').replace(/ \)/g, ')') : 'nothing';
}

describe('bound trees', () => {
  it.each([
    ['1 + 2 * 3', '(boxing object int:7)'],
    ['"a" + "b" + 1', '(reference object (concat string:ab int:1))'],
    ['1.10m * 2', '(boxing object decimal:2.20)'],
    ['int a = 1; return a + 2L;', '(boxing object (long + (numeric long a) long:2))'],
    ['int? a = 1; return a + 2;', '(boxing object (lifted int + a (nullableWrap int? int:2)))'],
    ['string s = null; return s ?? "x";', '(reference object (?? s receiver string:x))'],
    ['string s = null; return s?.Length;', '(boxing object (?. s (nullableWrap int? (.Length receiver))))'],
    ['string.Join(",", 1, "a")', '(reference object (call Join string:, (array (boxing object int:1) (reference object string:a))))'],
    [
      'new[] { 1 }.Select(x => x * 2L)',
      '(reference object (call Select (reference IEnumerable<int> (array int:1)) (x => (long * (numeric long x) long:2))))',
    ],
    ['const int k = 5; return k * 2;', '(boxing object int:10)'],
    ['(object)5', '(boxing object int:5)'],
  ])('%s', (code, expected) => {
    expect(returned(code)).toBe(expected);
  });
});
