/** The expression engine for tests of policies. */
import type { CompileExpression } from '../../src/csharp/compile.ts';

/** Until the compiler stands every expression is refused. */
export const compileExpression: CompileExpression = (code) => ({
  diagnostics: [
    { code: 'CS0000', severity: 'error', file: code.file, span: code.sourceSpan({ start: 0, end: 1 }), message: 'no compiler' },
  ],
});
