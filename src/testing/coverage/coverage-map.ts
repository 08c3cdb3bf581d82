/** What can be covered: every policy of every document, every way through choose, retry and on-error. */
import { type ElementDeclaration, isSection } from '../../policies/definition.ts';
import { policyNamed } from '../../policies/registry.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { Span } from '../../source/span.ts';
import { childElements, type PolicyDocument, type XmlElement } from '../../xml/tree.ts';

export interface CoveredPolicy {
  readonly name: string;
  readonly span: Span;
  hits: number;
}

/** A statement of C#. */
export interface CoveredStatement {
  readonly span: Span;
  hits: number;
}

/** Counts of a document as data. */
export interface PlainCounts {
  readonly name: string;
  readonly policies: readonly (readonly [start: number, hits: number])[];
  readonly branches: readonly (readonly [key: string, branch: CoveredBranch])[];
}

export interface CoveredBranch {
  /** Branches of one decision share a group: where the decision stands. */
  readonly group: number;
  readonly kind: string;
  readonly label: string;
  /** What is coloured when it was never taken. */
  readonly span: Span;
  hits: number;
}

/** A document with counts; keys are offsets in its text. */
export class CoveredFile {
  readonly file: SourceFile;
  readonly policies = new Map<number, CoveredPolicy>();
  readonly branches = new Map<string, CoveredBranch>();
  /** Of those expressions that were compiled. */
  readonly statements = new Map<string, CoveredStatement>();
  /** First policies of on-error sections, with the key of their branch. */
  readonly handlers = new Map<number, string>();

  constructor(document: PolicyDocument) {
    this.file = document.file;
    for (const element of document.elements) this.#root(element);
  }

  branch(group: number, kind: string, label: string, span: Span): CoveredBranch {
    const key = `${group} ${label}`;
    let branch = this.branches.get(key);
    if (!branch) {
      branch = { group, kind, label, span, hits: 0 };
      this.branches.set(key, branch);
    }
    return branch;
  }

  statement(span: Span): CoveredStatement {
    const key = `${span.start} ${span.end}`;
    const statement = this.statements.get(key) ?? { span, hits: 0 };
    this.statements.set(key, statement);
    return statement;
  }

  hitBranch(group: number, label: string): void {
    const branch = this.branches.get(`${group} ${label}`);
    if (branch) branch.hits += 1;
  }

  /** What was counted since this was asked before, or undefined when nothing was. */
  take(): PlainCounts | undefined {
    const policies = [...this.policies].filter(([, { hits }]) => hits !== 0).map(([start, { hits }]) => [start, hits] as const);
    const branches = [...this.branches].filter(([, { hits }]) => hits !== 0).map(([key, branch]) => [key, { ...branch }] as const);
    for (const one of [...this.policies.values(), ...this.branches.values()]) one.hits = 0;
    return policies.length + branches.length > 0 ? { name: this.file.name, policies, branches } : undefined;
  }

  /** Adds what was counted elsewhere. */
  merge({ policies, branches }: PlainCounts): void {
    for (const [start, hits] of policies) {
      const policy = this.policies.get(start);
      if (policy) policy.hits += hits;
    }
    for (const [key, { group, kind, label, span, hits }] of branches) {
      const branch = this.branches.get(key) ?? this.branch(group, kind, label, span);
      branch.hits += hits;
    }
  }

  #root(element: XmlElement): void {
    if (element.name === 'policies') for (const section of childElements(element)) this.#section(section);
    else if (isSection(element.name)) this.#section(element);
    else if (element.name === 'fragment') this.#policies(element);
    else this.#policy(element);
  }

  #section(section: XmlElement): void {
    if (!isSection(section.name)) return;
    this.#policies(section);
    const first = childElements(section).find(({ name }) => runs(name));
    if (section.name !== 'on-error' || !first) return;
    this.branch(section.span.start, 'on-error', 'on-error', section.openSpan);
    this.handlers.set(first.span.start, `${section.span.start} on-error`);
  }

  #policies(parent: XmlElement): void {
    for (const child of childElements(parent)) this.#policy(child);
  }

  #policy(element: XmlElement): void {
    const definition = policyNamed(element.name);
    if (!definition || !runs(element.name)) return;
    this.policies.set(element.span.start, { name: element.name, span: element.span, hits: 0 });
    this.#inside(element, definition);
    if (element.name === 'choose') this.#choose(element);
    if (element.name === 'retry') this.#retry(element);
  }

  #inside(element: XmlElement, declaration: ElementDeclaration): void {
    if (declaration.content === 'policies') return this.#policies(element);
    for (const child of childElements(element)) {
      const known = declaration.children?.find(({ name }) => name === child.name);
      if (known) this.#inside(child, known);
    }
  }

  /** Without `otherwise` there is still the way past all conditions. */
  #choose(element: XmlElement): void {
    const start = element.span.start;
    const children = childElements(element);
    const whens = children.filter(({ name }) => name === 'when');
    for (const [at, when] of whens.entries()) this.branch(start, 'choose', `when[${at + 1}]`, when.openSpan);
    const otherwise = children.find(({ name }) => name === 'otherwise');
    if (otherwise) this.branch(start, 'choose', 'otherwise', otherwise.openSpan);
    else this.branch(start, 'choose', 'none', element.openSpan);
  }

  #retry(element: XmlElement): void {
    this.branch(element.span.start, 'retry', 'done at once', element.openSpan);
    this.branch(element.span.start, 'retry', 'tried again', element.openSpan);
  }
}

/** `base` and `include-fragment` stand for others. */
function runs(name: string): boolean {
  return name !== 'base' && name !== 'include-fragment';
}
