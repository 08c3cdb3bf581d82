/** Counts of a file as lines, branches and policies. */
import type { CoveredBranch, CoveredFile, CoveredPolicy, CoveredStatement } from './coverage-map.ts';

export interface Ratio {
  readonly covered: number;
  readonly total: number;
}

export interface FileSummary {
  readonly name: string;
  readonly lines: Ratio;
  readonly branches: Ratio;
  readonly policies: Ratio;
}

/** Percent, two digits at most; all of nothing is all. */
export function percent({ covered, total }: Ratio): number {
  return total === 0 ? 100 : Math.floor((covered / total) * 10_000) / 100;
}

export function summaryOf(file: CoveredFile): FileSummary {
  return {
    name: file.file.name,
    lines: ratioOf([...linesOf(file).values()]),
    branches: ratioOf(Array.from(file.branches.values(), ({ hits }) => hits)),
    policies: ratioOf(Array.from(file.policies.values(), ({ hits }) => hits)),
  };
}

export function total(summaries: readonly FileSummary[]): FileSummary {
  const sum = (of: (summary: FileSummary) => Ratio): Ratio => ({
    covered: summaries.reduce((all, summary) => all + of(summary).covered, 0),
    total: summaries.reduce((all, summary) => all + of(summary).total, 0),
  });
  return {
    name: 'all files',
    lines: sum(({ lines }) => lines),
    branches: sum(({ branches }) => branches),
    policies: sum(({ policies }) => policies),
  };
}

function ratioOf(hits: readonly number[]): Ratio {
  return { covered: hits.filter((count) => count > 0).length, total: hits.length };
}

/**
 * Hits by line (from 1): those of the innermost policy, and of the innermost statement that begins on a line of its own;
 * where several policies share a line, of the least reached.
 */
export function linesOf({ file, policies, statements }: CoveredFile): Map<number, number> {
  const owners = new Map<number, Counted>();
  const lineOf = (offset: number) => file.positionAt(offset).line;
  const own = (one: Counted, wins: (owner: Counted) => boolean) => {
    for (let line = lineOf(one.span.start); line <= lineOf(one.span.end - 1); line += 1) {
      const owner = owners.get(line);
      if (!owner || wins(owner)) owners.set(line, one);
    }
  };
  for (const policy of policies.values()) own(policy, (owner) => contains(owner, policy) || policy.hits < owner.hits);
  for (const statement of statements.values())
    own(statement, (owner) => contains(owner, statement) && lineOf(owner.span.start) < lineOf(statement.span.start));
  return new Map([...owners].sort(([a], [b]) => a - b).map(([line, { hits }]) => [line, hits]));
}

type Counted = CoveredPolicy | CoveredStatement;

function contains({ span: outer }: Counted, { span: inner }: Counted): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Policies that no test reached, in document order. */
export function unreached({ policies }: CoveredFile): CoveredPolicy[] {
  return [...policies.values()].filter(({ hits }) => hits === 0).sort((a, b) => a.span.start - b.span.start);
}

/** Branches that no test took, of policies that were reached. */
export function untaken(file: CoveredFile): CoveredBranch[] {
  return [...file.branches.values()].filter(({ hits }) => hits === 0).sort((a, b) => a.span.start - b.span.start);
}

/** `when[2]`, `&& right` as people read it. */
export function branchText({ kind, label }: CoveredBranch): string {
  if (kind === 'choose' || kind === 'retry' || kind === 'on-error') return label === 'none' ? 'no condition true' : label;
  return label.replace(/ \d+$/, '').replace(/^(\S+) (\S+)$/, '$1 $2');
}
