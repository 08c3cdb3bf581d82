/** Linting: every rule over every document, and over what runs for every operation. */
import type { ScopeName } from '../exchange/events.ts';
import { type Diagnostic, inDocumentOrder, type Severity } from '../source/diagnostic.ts';
import { scopedDocuments } from '../workspace/documents.ts';
import type { Workspace } from '../workspace/model.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import type { CustomRule, Finding, LintDocument, LintOperation, LintRule, ParseCode, TextEdit } from './model.ts';
import { operationsOf } from './operations.ts';
import { LINT_RULES } from './registry.ts';
import { withSilences } from './silence.ts';
import { lintDocumentOf } from './sites.ts';

export type LintSeverity = Severity | 'off';

export interface LintOptions {
  /** By code or name of the rule; default: each rule's own. */
  readonly severities?: ReadonlyMap<string, LintSeverity>;
  /** Rules besides our own. */
  readonly custom?: readonly CustomRule[];
  /** Default: every expression is parsed anew. */
  readonly parse?: ParseCode;
  /** What comments in the document silence is kept, and marked. Default: left out. */
  readonly keepSilenced?: boolean;
}

export interface LintDiagnostic extends Diagnostic {
  readonly rule: string;
  readonly fix: readonly TextEdit[] | undefined;
  /** The rule that found it; those of plugins say less about themselves. */
  readonly about: CustomRule & Partial<Pick<LintRule, 'reason' | 'bad' | 'good'>>;
  /** Silenced by a comment: the reason it gives, or nothing. */
  readonly silenced?: string;
}

/** Rules of plugins are not held to it by a compiler. */
function isPlaced({ file, span, message }: Partial<Finding>): boolean {
  return typeof file?.name === 'string' && typeof span?.start === 'number' && typeof span.end === 'number' && typeof message === 'string';
}

/** A file that stands alone. */
export function lintAlone(document: PolicyDocument, options: LintOptions = {}): LintDiagnostic[] {
  return new Run(options).document(lintDocumentOf(document, undefined, options.parse)).result();
}

/** One document of a policy directory, apart from the rules that need all of it. */
export function lintDocument(document: PolicyDocument, scope: ScopeName, options: LintOptions = {}): LintDiagnostic[] {
  return new Run(options).document(lintDocumentOf(document, scope, options.parse)).result();
}

/** A policy directory: its documents with their scopes, and the effective policy of every operation. */
export function lintWorkspace(workspace: Workspace, options: LintOptions = {}): LintDiagnostic[] {
  const run = new Run(options);
  const seen = new Map<PolicyDocument, LintDocument>();
  const documentOf = (document: PolicyDocument, scope: ScopeName | undefined): LintDocument => {
    const known = seen.get(document) ?? lintDocumentOf(document, scope);
    if (!seen.has(document)) run.document(known);
    seen.set(document, known);
    return known;
  };
  for (const { document, scope } of scopedDocuments(workspace)) documentOf(document, scope);
  for (const operation of operationsOf(workspace, documentOf)) run.operation(operation);
  return run.result();
}

/** What only the rules find that look at all of a directory. Documents are found out about once a call. */
export function lintOperations(workspace: Workspace, options: LintOptions = {}): LintDiagnostic[] {
  const run = new Run(options);
  const seen = new Map<PolicyDocument, LintDocument>();
  const documentOf = (document: PolicyDocument, scope: ScopeName | undefined): LintDocument => {
    const known = seen.get(document) ?? lintDocumentOf(document, scope, options.parse);
    seen.set(document, known);
    return known;
  };
  for (const { document, scope } of scopedDocuments(workspace)) documentOf(document, scope);
  for (const operation of operationsOf(workspace, documentOf)) run.operation(operation);
  return run.result();
}

class Run {
  readonly #rules: readonly { readonly rule: CustomRule; readonly severity: Severity }[];
  readonly #found = new Map<string, LintDiagnostic>();

  readonly #keepSilenced: boolean;

  constructor({ severities, custom = [], keepSilenced = false }: LintOptions) {
    this.#keepSilenced = keepSilenced;
    this.#rules = [...LINT_RULES, ...custom].flatMap((rule: CustomRule) => {
      const severity = severities?.get(rule.code) ?? severities?.get(rule.name) ?? rule.severity;
      return severity === 'off' ? [] : [{ rule, severity }];
    });
  }

  document(document: LintDocument): this {
    for (const { rule, severity } of this.#rules)
      this.#guarded(rule, document, () => rule.document?.(document, (finding) => this.#add(rule, severity, finding)));
    return this;
  }

  operation(operation: LintOperation): void {
    for (const { rule, severity } of this.#rules)
      this.#guarded(rule, operation.documents.at(-1), () => rule.operation?.(operation, (finding) => this.#add(rule, severity, finding)));
  }

  result(): LintDiagnostic[] {
    const marked = withSilences([...this.#found.values()]);
    return inDocumentOrder(this.#keepSilenced ? marked : marked.filter(({ silenced }) => silenced === undefined)) as LintDiagnostic[];
  }

  /** A rule of a plugin that throws is told where it did, and stands in nobody's way. */
  #guarded(rule: CustomRule, document: LintDocument | undefined, run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!document || (LINT_RULES as readonly CustomRule[]).includes(rule)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the rule \`${rule.name}\` failed: ${reason}`;
      this.#add(rule, 'error', { file: document.file, span: { start: 0, end: 0 }, message, help: 'correct the plugin' });
    }
  }

  /** A document that runs for many operations is told once. */
  #add(rule: CustomRule, severity: Severity, finding: Finding): void {
    const { file, span, message, help, fix } = finding;
    if (!isPlaced(finding)) throw new TypeError('a finding needs `file`, `span` and `message`');
    const key = `${rule.code} ${file.name} ${span.start}`;
    if (!this.#found.has(key))
      this.#found.set(key, { code: rule.code, rule: rule.name, severity, file, span, message, help, fix, about: rule });
  }
}
