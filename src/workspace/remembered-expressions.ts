/** Expressions compiled once a text: documents share many, a reload brings nearly all of them again, and so do mutants. */
import type { CompiledExpression, CompileExpression, ExpressionEngine } from '../csharp/compile.ts';
import type { Expressions } from './expressions.ts';

/** What is known by the text and by all that decides what it means. */
export interface KnownExpressions {
  get(key: string): CompiledExpression | undefined;
  set(key: string, expression: CompiledExpression): unknown;
}

/** The same expressions, each text compiled once. Default: all are kept as long as the result. */
export function remembering({ engine, compile }: Expressions, known: KnownExpressions = new Map()): Expressions {
  const remembered: CompileExpression = (code, kind, one, returnType) => {
    const key = `${kind} ${returnType ?? ''} ${allowedIn(one)} ${code.text}`;
    const found = known.get(key);
    if (found) return { expression: found, diagnostics: [] };
    const result = compile(code, kind, one, returnType);
    // What has something to say says it about one place.
    if (result.expression && result.diagnostics.length === 0) known.set(key, result.expression);
    return result;
  };
  return { engine, compile: remembered };
}

/** What is accepted in one policy directory may be refused in another. */
function allowedIn({ allowed }: ExpressionEngine): string {
  return allowed === undefined ? '' : [...allowed].join();
}

/** Fewer entries than this are not looked through. */
const FEW = 1000;

/** Holds expressions as long as a policy uses them: a gateway may be reloaded for months. */
export class ExpressionsInUse implements KnownExpressions {
  readonly #known = new Map<string, WeakRef<CompiledExpression>>();
  #full = FEW;

  get(key: string): CompiledExpression | undefined {
    return this.#known.get(key)?.deref();
  }

  set(key: string, expression: CompiledExpression): void {
    this.#known.set(key, new WeakRef(expression));
    if (this.#known.size > this.#full) this.#dropUnused();
  }

  /** At twice as many as were in use: the cost of looking is spread over those that were added. */
  #dropUnused(): void {
    for (const [key, expression] of this.#known) if (expression.deref() === undefined) this.#known.delete(key);
    this.#full = Math.max(FEW, 2 * this.#known.size);
  }
}
