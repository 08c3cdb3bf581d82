/** Patterns of schemas as .NET regular expressions: `\z` and `\p{Lu}` mean what they mean there, and none can hang the gateway. */
import { Budget, BudgetExhausted, DEFAULT_LIMITS } from '../../csharp/runtime/budget.ts';
import { Expression } from '../../dotnet/regex/expression.ts';
import { TIMED_OUT } from '../../dotnet/regex/timeout.ts';

/** What the validator takes in place of RegExp. */
type Engine = ((pattern: string) => { test(text: string): boolean }) & { code: string };

/** Steps that each character of a message adds to what its check may use. */
const STEPS_A_CHARACTER = 4;

/** Those of one schema. */
export class SchemaPatterns {
  #budget = new Budget();

  /** Throws NetException for a pattern that is none; the test an Error in .NET's words for a text that takes too long. */
  readonly engine: Engine = Object.assign(
    (pattern: string) => {
      const expression = new Expression(pattern, 0);
      return { test: (text: string) => this.#test(expression, text) };
    },
    { code: 'schemaPatterns.engine' },
  );

  #test(expression: Expression, text: string): boolean {
    try {
      return expression.isMatch(text, 0, this.#budget);
    } catch (error) {
      throw error instanceof BudgetExhausted ? new Error(TIMED_OUT) : error;
    }
  }

  /** A new message, of so many characters: its patterns share one allowance. */
  begin(size: number): void {
    this.#budget = new Budget({ ...DEFAULT_LIMITS, steps: DEFAULT_LIMITS.steps + size * STEPS_A_CHARACTER });
  }
}
