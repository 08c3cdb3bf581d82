/** Compiles and runs an expression without a context against the library, for tests of type families. */
import { compileExpression } from '../../src/csharp/compile.ts';
import { box } from '../../src/csharp/runtime/box.ts';
import { Budget } from '../../src/csharp/runtime/budget.ts';
import { NetException } from '../../src/csharp/runtime/exception.ts';
import { declareType } from '../../src/csharp/types/declare.ts';
import { createTypeTable } from '../../src/csharp/types/type-table.ts';
import { libraryDeclarations } from '../../src/dotnet/index.ts';
import { describe } from '../../src/dotnet/outcome/describe.ts';
import type { Host } from '../../src/host/host.ts';
import { MappedText } from '../../src/source/mapped-text.ts';

const types = createTypeTable([...libraryDeclarations(), declareType('class NoContext', 'all', {})]);
/** Collections, LINQ and JSON ask nothing of the outside world. */
const NO_HOST = {} as Host;

const engine = { types, contextType: 'NoContext', anyMember: true };

/** `Type value` without the namespaces of the type, `! Type: message` for an exception, or `CSxxxx` for a compile error. */
export function evaluate(expression: string, budget: Budget = new Budget(), host: Host = NO_HOST): string {
  const kind = expression.startsWith('@(') ? 'single' : 'multi';
  const { expression: compiled, diagnostics } = compileExpression(MappedText.of(expression.slice(2, -1)), kind, engine);
  if (compiled === undefined) return diagnostics[0]?.code ?? 'no diagnostic';
  const runtime = { host, types, budget };
  try {
    const { type, value } = describe(box(compiled.run(runtime, null), compiled.returnType), runtime);
    return `${type.replace(/[A-Za-z.]+\.(?=[A-Za-z])/g, '')} ${value}`;
  } catch (error) {
    if (error instanceof NetException) return `! ${error.typeName.replace(/.*\./, '')}: ${error.message}`;
    throw error;
  }
}
