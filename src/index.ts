/**
 * `portico`: the engine as a library.
 *
 * ```ts
 * import { startGateway } from 'portico';
 *
 * const gateway = await startGateway({ directory: 'policies', port: 0 });
 * console.log(gateway.address);
 * await gateway.stop();
 * ```
 */
export { type Gateway, type GatewayOptions, LoadFailure, startGateway } from './gateway/gateway.ts';
export type { Host } from './host/host.ts';
export { type LintDiagnostic, type LintOptions, lintAlone, lintWorkspace } from './lint/lint.ts';
export type { CustomRule as LintRule, LintDocument, LintOperation, PolicySite } from './lint/model.ts';
export { checkDocument } from './pipeline/document.ts';
export type { PolicyEnvironment } from './pipeline/environment.ts';
export type { Diagnostic, Severity } from './source/diagnostic.ts';
export { type DiagnosticRow, diagnosticRow, renderDiagnostic } from './source/render.ts';
export type { Call } from './workspace/call.ts';
export { createEngine, type Engine, type EngineOptions } from './workspace/engine.ts';
export { createExpressions, type Expressions } from './workspace/expressions.ts';
export { formatPolicy, type PolicyStyle } from './workspace/format.ts';
export { type LoadOptions, loadWorkspace } from './workspace/load.ts';
export type { Workspace } from './workspace/model.ts';
export { type ReadResult, readDocument } from './xml/reader.ts';
export type { PolicyDocument, Value, XmlElement } from './xml/tree.ts';
