/** The types behind the C# at a place. */
import { bindProgram } from '../csharp/check/binder.ts';
import type { BoundExpression, BoundProgram, LocalSymbol } from '../csharp/check/bound.ts';
import type { ExpressionEngine } from '../csharp/compile.ts';
import { parseExpression } from '../csharp/syntax/parser.ts';
import { createSemantics } from '../csharp/types/create-semantics.ts';

/** The text as far as it can be bound; wrong parts are left out of the tree. */
export function bindCode(text: string, form: 'single' | 'multi', engine: ExpressionEngine): BoundProgram | undefined {
  const semantics = engine.semantics ?? createSemantics(engine.types);
  return bindProgram(parseExpression(text, form), { ...engine, semantics }, engine.types.type('object')).partial;
}

/** Every bound expression, outer before inner. */
export function boundExpressions(program: BoundProgram): BoundExpression[] {
  const found: BoundExpression[] = [];
  const seen = new Set<object>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (isType(value)) return;
    if (isBound(value)) found.push(value);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(program);
  return found;
}

/** Every local, used or not. */
export function localsIn(program: BoundProgram): LocalSymbol[] {
  const found: LocalSymbol[] = [];
  const seen = new Set<object>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value) || isType(value)) return;
    seen.add(value);
    if (isLocal(value)) found.push(value);
    else for (const inner of Object.values(value)) visit(inner);
  };
  visit(program);
  return found;
}

function isLocal(value: object): value is LocalSymbol {
  return 'declaredAt' in value && 'captured' in value;
}

/** Types refer to the whole library: nothing to look for there. */
function isType(value: object): boolean {
  return (
    'definition' in value ||
    'typeParameters' in value ||
    'owner' in value ||
    ('kind' in value && (value.kind === 'array' || value.kind === 'special') && !('span' in value))
  );
}

function isBound(value: object): value is BoundExpression {
  return 'kind' in value && 'span' in value && 'type' in value;
}

/** The innermost expression around an offset; of a value and its conversions the value. */
export function expressionAt(program: BoundProgram, offset: number): BoundExpression | undefined {
  const around = boundExpressions(program).filter(({ span }) => span.start <= offset && offset <= span.end);
  const least = Math.min(...around.map(({ span }) => span.end - span.start));
  return around.findLast(({ span }) => span.end - span.start === least);
}

/** The widest expression that ends at an offset and starts at or behind another; of a value and its conversions the value. */
export function expressionBetween(program: BoundProgram, start: number, end: number): BoundExpression | undefined {
  const ending = boundExpressions(program).filter(({ span }) => span.end === end && span.start >= start);
  const first = Math.min(...ending.map(({ span }) => span.start));
  return ending.findLast(({ span }) => span.start === first);
}
