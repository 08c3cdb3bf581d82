/** The expression engine of a workspace: all .NET types, APIM's own, and the rules of use. */
import { type CompileExpression, compileExpression, type ExpressionEngine } from '../csharp/compile.ts';
import { createSemantics } from '../csharp/types/create-semantics.ts';
import { createTypeTable } from '../csharp/types/type-table.ts';
import { libraryDeclarations } from '../dotnet/index.ts';
import { contextDeclarations } from '../exchange/context/index.ts';

export interface Expressions {
  readonly engine: ExpressionEngine;
  readonly compile: CompileExpression;
}

export interface ExpressionOptions {
  /** Accept members outside Azure's published list. Default false. */
  readonly anyMember?: boolean;
}

export function createExpressions({ anyMember = false }: ExpressionOptions = {}): Expressions {
  const types = createTypeTable([...libraryDeclarations(), ...contextDeclarations()]);
  return {
    engine: { types, semantics: createSemantics(types), contextType: 'IProxyRequestContext', anyMember },
    compile: compileExpression,
  };
}
