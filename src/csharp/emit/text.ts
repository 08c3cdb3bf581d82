/** String concatenation and interpolation. */
import type { BoundConcat, BoundExpression, BoundInterpolated } from '../check/bound.ts';
import type { Budget } from '../runtime/budget.ts';
import { formatAs } from '../runtime/format.ts';
import { textOf, toText } from '../runtime/text.ts';
import { isPrimitiveValue, isString, nullableElement, primitiveOf } from '../runtime/type-facts.ts';
import { emit } from './expression.ts';
import type { Frame } from './frame.ts';
import { emitText } from './literal.ts';

const fromCharCode = String.fromCharCode;

export function emitConcat(e: BoundConcat, frame: Frame): string {
  return joined(
    e.parts.map((part) => emitPart(part, frame)),
    frame,
  );
}

export function emitInterpolated(e: BoundInterpolated, frame: Frame): string {
  const parts = e.parts.map((part) => (typeof part === 'string' ? emitText(part) : emitHole(part, frame)));
  return joined(parts, frame);
}

/** Code inside loops and functions may grow a text without end, so it counts what it makes. */
function joined(parts: readonly string[], frame: Frame): string {
  const shown = parts.filter((part) => part !== '""');
  const code = shown.length === 0 ? '""' : shown[0]?.startsWith('"') ? `(${shown.join('+')})` : `(""+${shown.join('+')})`;
  if (!frame.repeats) return code;
  return `${frame.program.constant(counted)}(b,${code})`;
}

function counted(budget: Budget, text: string): string {
  budget.allocate(text.length);
  return text;
}

type Hole = Exclude<BoundInterpolated['parts'][number], string>;

function emitHole(hole: Hole, frame: Frame): string {
  const { program } = frame;
  const code =
    hole.format === undefined
      ? emitPart(hole.value, frame)
      : `${program.constant(formatAs)}(${emit(hole.value, frame)},${program.constant(hole.value.type)},${emitText(hole.format)})`;
  return hole.alignment === undefined ? code : `${program.constant(aligned)}(r.budget,""+${code},${hole.alignment})`;
}

/** Right-aligned in a positive width, left-aligned in a negative one. */
function aligned(budget: Budget, text: string, width: number): string {
  budget.allocate(Math.abs(width));
  return width < 0 ? text.padEnd(-width) : text.padStart(width);
}

/** Code that `+` turns into the value's text. */
function emitPart(part: BoundExpression, frame: Frame): string {
  const { program } = frame;
  if (part.kind === 'literal' && part.value === null) return '""';
  if (part.kind === 'conversion' && part.conversion === 'boxing') return emitPart(part.operand, frame);
  const code = emit(part, frame);
  if (isString(part.type)) return isKnownText(part) ? code : `(${code}??"")`;
  return emitValue(code, part, program);
}

function emitValue(code: string, part: BoundExpression, program: Frame['program']): string {
  const { type } = part;
  switch (primitiveOf(type)) {
    case 'bool':
      return `(${code}?"True":"False")`;
    case 'char':
      return `${program.constant(fromCharCode)}(${code})`;
    case 'double':
    case 'float':
      return `${program.constant(textOf)}(${code},${program.constant(type)})`;
    case undefined:
      return isPrimitiveValue(nullableElement(type) ?? type)
        ? `${program.constant(textOf)}(${code},${program.constant(type)})`
        : `${program.constant(toText)}(${code})`;
    default:
      return code;
  }
}

function isKnownText(part: BoundExpression): boolean {
  return part.kind === 'literal' || part.kind === 'concat' || part.kind === 'interpolated';
}
