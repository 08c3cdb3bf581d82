/** Counts what tests reach: a listener on the pipeline's events, and probes in the code of expressions. */
import type { BranchProbes } from '../../csharp/compile.ts';
import type { ExchangeEvent } from '../../exchange/events.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { Span } from '../../source/span.ts';
import { policyDocuments } from '../../workspace/documents.ts';
import { createExpressions, type Expressions } from '../../workspace/expressions.ts';
import type { Workspace } from '../../workspace/model.ts';
import { type CoveredBranch, CoveredFile, type CoveredStatement, type PlainCounts } from './coverage-map.ts';

/** Decisions that the two ways of an operator belong to. */
interface Way {
  readonly file: SourceFile;
  readonly span: Span;
  readonly kind: string;
}

/** Counts as data, which threads can hand to each other. */
export interface CoverageCounts {
  readonly files: readonly PlainCounts[];
  readonly ways: readonly { readonly name: string; readonly span: Span; readonly kind: string; readonly hits: number }[];
}

export class Coverage {
  readonly #files = new Map<string, CoveredFile>();
  readonly #ways: Way[] = [];
  readonly #numbers = new Map<string, number>();
  /** By number of way; grows with the ways. */
  readonly #hits: number[] = [];
  #toldWays = 0;

  /** Documents that are not seen yet. */
  add(workspace: Workspace): void {
    for (const document of policyDocuments(workspace)) {
      const { name } = document.file;
      if (!name.startsWith('<') && !this.#files.has(name)) this.#files.set(name, new CoveredFile(document));
    }
  }

  /** Expressions whose code has probes; each place is compiled by itself. */
  expressions(options: { readonly anyMember?: boolean }): Expressions {
    const { engine, compile } = createExpressions(options);
    const hits = this.#hits;
    const hit = (number: number): void => {
      hits[number] = (hits[number] ?? 0) + 1;
    };
    const probes: BranchProbes = { hit, declare: (file, span, kind) => this.#declare(file, span, kind) };
    return { engine: { ...engine, probes }, compile };
  }

  listen(event: ExchangeEvent): void {
    if (event.kind === 'step-started') this.#started(event.step.file.name, event.step.span.start);
    if (event.kind === 'branch-taken' && event.step) this.#taken(event.step.file.name, event.step.span.start, event.branch);
  }

  /** What was counted since this was asked before, as data. Ways of expressions are told once even if nobody went there. */
  take(): CoverageCounts {
    const ways = this.#ways.flatMap(({ file: { name }, span, kind }, number) => {
      const hits = this.#hits[number] ?? 0;
      return hits > 0 || number >= this.#toldWays ? [{ name, span, kind, hits }] : [];
    });
    this.#toldWays = this.#ways.length;
    this.#hits.length = 0;
    return { files: [...this.#files.values()].flatMap((file) => file.take() ?? []), ways };
  }

  /** Adds what another one, or this one before, has counted. */
  merge({ files, ways }: CoverageCounts): void {
    for (const counts of files) this.#files.get(counts.name)?.merge(counts);
    for (const { name, span, kind, hits } of ways) {
      const covered = this.#files.get(name);
      if (!covered) continue;
      const number = this.#declare(covered.file, span, kind);
      this.#hits[number] = (this.#hits[number] ?? 0) + hits;
    }
  }

  /** All files with their counts, by name; ways of expressions among the branches. */
  files(): CoveredFile[] {
    this.#ways.forEach((way, number) => {
      const covered = this.#files.get(way.file.name);
      if (covered) this.#countedOf(covered, way).hits = this.#hits[number] ?? 0;
    });
    return [...this.#files.values()].sort((a, b) => (a.file.name < b.file.name ? -1 : 1));
  }

  /** A way is known by its place and kind, so that a document compiled for several products is counted once. */
  #declare(file: SourceFile, span: Span, kind: string): number {
    const key = `${file.name} ${span.start} ${span.end} ${kind}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#ways.length);
    return this.#ways.push({ file, span, kind }) - 1;
  }

  #countedOf(covered: CoveredFile, { span, kind }: Way): CoveredBranch | CoveredStatement {
    if (kind === 'statement') return covered.statement(span);
    const [operator = '', side = ''] = kind.split(' ');
    return covered.branch(span.start, operator, `${operator} ${side} ${span.end}`, span);
  }

  #started(name: string, start: number): void {
    const covered = this.#files.get(name);
    const policy = covered?.policies.get(start);
    if (policy) policy.hits += 1;
    const handler = covered?.handlers.get(start);
    const branch = handler === undefined ? undefined : covered?.branches.get(handler);
    if (branch) branch.hits += 1;
  }

  #taken(name: string, start: number, branch: string): void {
    const covered = this.#files.get(name);
    if (!covered) return;
    if (!branch.startsWith('try ')) return covered.hitBranch(start, branch);
    // The first try counts as done at once until a second one takes that back.
    covered.hitBranch(start, branch === 'try 1' ? 'done at once' : branch === 'try 2' ? 'tried again' : '');
    const first = covered.branches.get(`${start} done at once`);
    if (branch === 'try 2' && first) first.hits -= 1;
  }
}
