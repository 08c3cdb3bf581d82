/** Compiles and runs expressions in tests, over the whole library and an empty context. */
import { compileExpression, type ExpressionEngine } from '../../src/csharp/compile.ts';
import { box } from '../../src/csharp/runtime/box.ts';
import { Budget, type BudgetLimits } from '../../src/csharp/runtime/budget.ts';
import { NetException } from '../../src/csharp/runtime/exception.ts';
import type { Runtime } from '../../src/csharp/runtime/runtime.ts';
import { createSemantics } from '../../src/csharp/types/create-semantics.ts';
import { declareType } from '../../src/csharp/types/declare.ts';
import { createTypeTable } from '../../src/csharp/types/type-table.ts';
import { libraryDeclarations } from '../../src/dotnet/index.ts';
import { describe } from '../../src/dotnet/outcome/describe.ts';
import { MappedText } from '../../src/source/mapped-text.ts';
import { testHost } from './hosts.ts';

/** `context.Text` is the third argument of `evaluate`. */
const TEST_CONTEXT = declareType('interface ITestContext', 'all', { 'string Text { get; }': (text: unknown) => text });

const types = createTypeTable([...libraryDeclarations(), TEST_CONTEXT]);
const engine: ExpressionEngine = { types, contextType: 'ITestContext', anyMember: true, semantics: createSemantics(types) };

export { engine, types };

export function testRuntime(limits?: BudgetLimits): Runtime {
  return { host: testHost(), types, budget: new Budget(limits) };
}

/** A block when it holds a semicolon or brace at the end, else one expression. */
export function compile(code: string, returns?: string) {
  const kind = /[;}]\s*$/.test(code) ? 'multi' : 'single';
  return compileExpression(MappedText.of(code), kind, engine, returns);
}

/**
 * The outcome as one line: `System.Int32 3`, `null`, `throws System.FormatException: …`, or `CS0103` for one that does not
 * compile. Faults of ours are thrown on.
 */
export function evaluate(code: string, runtime: Runtime = testRuntime(), text: string | null = null): string {
  const { expression, diagnostics } = compile(code);
  if (!expression) return diagnostics.map((one) => one.code).join(' ');
  try {
    const { type, value } = describe(box(expression.run(runtime, text), expression.returnType), runtime);
    return type === 'null' ? 'null' : `${type} ${value}`;
  } catch (error) {
    if (error instanceof NetException) return `throws ${error.typeName}: ${error.message}`;
    throw error;
  }
}
