/** Built-in operators on primitive representations. Operands arrive as code; each is used once. */
import type { BuiltInOperator } from '../check/bound.ts';
import {
  checkedBig,
  checkedNumber,
  divideInt,
  divideLong,
  divideUint,
  isBigKind,
  isIntegral,
  multiplyChecked,
  remainderInt,
  remainderLong,
  remainderUint,
  shiftLeftLong,
  shiftLeftUlong,
  shiftRightLong,
} from '../runtime/numeric.ts';
import type { PrimitiveKind } from '../runtime/type-facts.ts';
import { EmitFault, type Program } from './program.ts';

const COMPARISONS: Readonly<Partial<Record<BuiltInOperator, string>>> = {
  '==': '===',
  '!=': '!==',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
};

const int64 = BigInt.asIntN;
const uint64 = BigInt.asUintN;

/** The JavaScript operator of a comparison, undefined for arithmetic. */
export function comparison(operator: BuiltInOperator): string | undefined {
  return COMPARISONS[operator];
}

/** A binary operator whose operands have the promoted kind (int, uint, long, ulong, float, double, bool). */
export function emitArithmetic(
  program: Program,
  operator: BuiltInOperator,
  kind: PrimitiveKind,
  left: string,
  right: string,
  checked: boolean,
): string {
  const compare = comparison(operator);
  if (compare) return `(${left}${compare}${right})`;
  if (kind === 'bool') return emitBoolean(operator, left, right);
  if (kind === 'double') return `(${left}${operator}${right})`;
  if (kind === 'float') return `${program.constant(Math.fround)}(${left}${operator}${right})`;
  if (checked && isIntegral(kind) && '+-*'.includes(operator)) return emitChecked(program, operator, kind, left, right);
  return isBigKind(kind) ? emitBig(program, operator, kind, left, right) : emitInt(program, operator, kind, left, right);
}

/** Both operands are always evaluated. */
function emitBoolean(operator: BuiltInOperator, left: string, right: string): string {
  if (operator === '^') return `(${left}!==${right})`;
  return `((${left}${operator}${right})===1)`;
}

function emitChecked(program: Program, operator: BuiltInOperator, kind: PrimitiveKind, left: string, right: string): string {
  if (isBigKind(kind)) return `${program.constant(checkedBig)}(${left}${operator}${right},"${kind}")`;
  if (operator === '*') return `${program.constant(multiplyChecked)}(${left},${right},"${kind}")`;
  return `${program.constant(checkedNumber)}(${left}${operator}${right},"${kind}")`;
}

function emitInt(program: Program, operator: BuiltInOperator, kind: PrimitiveKind, left: string, right: string): string {
  const unsigned = kind === 'uint';
  const wrap = unsigned ? '>>>0' : '|0';
  switch (operator) {
    case '+':
    case '-':
      return `(${left}${operator}${right}${wrap})`;
    case '*':
      return unsigned ? `(${program.constant(Math.imul)}(${left},${right})>>>0)` : `${program.constant(Math.imul)}(${left},${right})`;
    case '/':
      return `${program.constant(unsigned ? divideUint : divideInt)}(${left},${right})`;
    case '%':
      return `${program.constant(unsigned ? remainderUint : remainderInt)}(${left},${right})`;
    case '>>':
      return unsigned ? `(${left}>>>${right})` : `(${left}>>${right})`;
    case '<<':
    case '&':
    case '|':
    case '^':
      return unsigned ? `((${left}${operator}${right})>>>0)` : `(${left}${operator}${right})`;
    default:
      throw new EmitFault(`no integer operator ${operator}`);
  }
}

function emitBig(program: Program, operator: BuiltInOperator, kind: PrimitiveKind, left: string, right: string): string {
  const unsigned = kind === 'ulong';
  switch (operator) {
    case '+':
    case '-':
    case '*':
      return `${program.constant(unsigned ? uint64 : int64)}(64,${left}${operator}${right})`;
    case '/':
      return `${program.constant(divideLong)}(${left},${right})`;
    case '%':
      return `${program.constant(remainderLong)}(${left},${right})`;
    case '<<':
      return `${program.constant(unsigned ? shiftLeftUlong : shiftLeftLong)}(${left},${right})`;
    case '>>':
      return `${program.constant(shiftRightLong)}(${left},${right})`;
    case '&':
    case '|':
    case '^':
      return `(${left}${operator}${right})`;
    default:
      throw new EmitFault(`no 64 bit operator ${operator}`);
  }
}

/** `+ - ! ~` on the promoted kind. */
export function emitUnaryOperator(
  program: Program,
  operator: '+' | '-' | '!' | '~',
  kind: PrimitiveKind,
  operand: string,
  checked: boolean,
): string {
  if (operator === '!') return `(!${operand})`;
  if (operator === '+') return operand;
  if (operator === '-') return emitNegation(program, kind, operand, checked);
  if (kind === 'ulong') return `${program.constant(uint64)}(64,~${operand})`;
  return kind === 'uint' ? `(~${operand}>>>0)` : `(~${operand})`;
}

function emitNegation(program: Program, kind: PrimitiveKind, operand: string, checked: boolean): string {
  if (!isIntegral(kind)) return `(-${operand})`;
  if (isBigKind(kind))
    return checked ? `${program.constant(checkedBig)}(-${operand},"${kind}")` : `${program.constant(int64)}(64,-${operand})`;
  return checked ? `${program.constant(checkedNumber)}(-${operand},"${kind}")` : `(-${operand}|0)`;
}
