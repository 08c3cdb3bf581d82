import type { ScopeName } from '../../src/exchange/events.ts';
import { type CompiledScope, compileScope, defaultGlobal, type EffectivePolicy, effectiveOf } from '../../src/pipeline/document.ts';
import type { PolicyEnvironment } from '../../src/pipeline/environment.ts';
import type { Diagnostic } from '../../src/source/diagnostic.ts';
import type { PolicyDocument } from '../../src/xml/tree.ts';

export type ScopedDocuments = Readonly<Partial<Record<ScopeName, PolicyDocument>>>;

const WIDEST_FIRST: readonly ScopeName[] = ['global', 'workspace', 'product', 'api', 'operation'];

/** A whole chain of scopes, without a directory around it. */
export function compileEffective(documents: ScopedDocuments, environment: PolicyEnvironment): EffectivePolicy {
  let chain: CompiledScope | null = documents.global ? null : defaultGlobal(environment);
  const diagnostics: Diagnostic[] = [];
  for (const scope of WIDEST_FIRST) {
    const document = documents[scope];
    if (!document) continue;
    chain = compileScope(document, scope, chain, environment);
    diagnostics.push(...chain.diagnostics);
  }
  return effectiveOf({ ...(chain ?? defaultGlobal(environment)), diagnostics });
}
