/** What lint rules look at: policies and expressions of a document, each with its place, and what runs for an operation. */
import type { Expression, SyntaxTree } from '../csharp/syntax/ast.ts';
import type { Placed } from '../csharp/syntax/walk.ts';
import type { ScopeName, SectionName } from '../exchange/events.ts';
import type { PolicyDefinition } from '../policies/definition.ts';
import type { Severity } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import type { WorkspaceApi, WorkspaceOperation } from '../workspace/model.ts';
import type { PolicyDocument, Value, XmlElement } from '../xml/tree.ts';

/** One expression, parsed. */
export interface CodeSite {
  readonly value: Value;
  readonly tree: SyntaxTree;
  /** Every node of the tree, outer before inner. */
  readonly nodes: readonly CodeNode[];
  /** Variables that it reads. */
  readonly reads: readonly CodeRead[];
  /** Its string literals. */
  readonly literals: readonly CodeLiteral[];
  /** The element that holds it, as text or in an attribute. */
  readonly element: XmlElement;
  readonly attribute: string | undefined;
  readonly policy: PolicySite;
}

/** The text of an expression, parsed; who reads a document again and again keeps these by text. */
export interface ParsedCode {
  readonly tree: SyntaxTree;
  readonly nodes: readonly CodeNode[];
  readonly reads: readonly CodeRead[];
  readonly literals: readonly CodeLiteral[];
}

/** Reads of `context.Variables`: by indexer, `GetValueOrDefault`, `ContainsKey` or `TryGetValue`. */
export interface CodeRead {
  readonly name: string;
  readonly how: 'indexer' | 'default' | 'test';
  /** The type it is cast to or asked for as. */
  readonly type: string | undefined;
  readonly node: Expression;
  readonly around: readonly Placed[];
}

/** A string of C# with its text as it means. */
export interface CodeLiteral {
  readonly text: string;
  readonly node: Placed;
}

export type ParseCode = (text: string, kind: 'single' | 'multi') => ParsedCode;

/** One policy as it stands in a document. */
export interface PolicySite {
  readonly name: string;
  readonly element: XmlElement;
  readonly definition: PolicyDefinition | undefined;
  readonly section: SectionName | undefined;
  readonly document: LintDocument;
  readonly parent: PolicySite | undefined;
  /** The policies it holds, in order, through `when` and `otherwise`. */
  readonly children: readonly PolicySite[];
  /** The element directly around it: a section, `when`, `retry` … */
  readonly container: XmlElement | undefined;
  /** The expressions of the policy itself, not those of policies inside. */
  readonly code: readonly CodeSite[];
}

export interface LintDocument {
  readonly document: PolicyDocument;
  readonly file: SourceFile;
  /** Undefined for a file that stands alone. */
  readonly scope: ScopeName | undefined;
  /** By section; `undefined` holds what stands in none: a fragment, bare policies. */
  readonly sections: readonly {
    readonly name: SectionName | undefined;
    readonly element: XmlElement | undefined;
    readonly policies: readonly PolicySite[];
  }[];
  /** Every policy, in document order. */
  readonly policies: readonly PolicySite[];
  /** Every expression, in document order. */
  readonly code: readonly CodeSite[];
}

/** What runs for one operation: the documents put together, fragments and base filled in. */
export interface LintOperation {
  readonly api: WorkspaceApi;
  readonly operation: WorkspaceOperation;
  /** The documents that were put together, widest scope first. */
  readonly documents: readonly LintDocument[];
  readonly sections: Readonly<Record<SectionName, readonly PolicySite[]>>;
  /** All policies of all sections, with those inside others, in the order in which they run. */
  readonly policies: readonly PolicySite[];
}

export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

export interface Finding {
  readonly file: SourceFile;
  readonly span: Span;
  readonly message: string;
  /** What to write instead. */
  readonly help: string;
  /** Changes that repair it without changing what the document does. */
  readonly fix?: readonly TextEdit[];
}

export type Report = (finding: Finding) => void;

/** One rule. It looks at documents one by one, or at what runs for an operation, which only a policy directory can tell. */
export interface LintRule {
  /** Stable: `PTL101`. */
  readonly code: string;
  /** `unchecked-response`; either may be used to configure or silence it. */
  readonly name: string;
  readonly severity: Exclude<Severity, 'error'>;
  /** One sentence: what is wrong. */
  readonly summary: string;
  /** Why it matters and what to do, for the docs page. */
  readonly reason: string;
  /** A snippet that the rule reports, for docs and tests. */
  readonly bad: string;
  /** The same, repaired: the rule is silent. */
  readonly good: string;
  document?(document: LintDocument, report: Report): void;
  operation?(operation: LintOperation, report: Report): void;
}

/** A rule of a plugin: the same without what only our docs need. */
export type CustomRule = Omit<LintRule, 'reason' | 'bad' | 'good' | 'severity'> & { readonly severity: Severity };

/** A node of C# with those around it, innermost last. */
export interface CodeNode {
  readonly node: Placed;
  readonly around: readonly Placed[];
}
