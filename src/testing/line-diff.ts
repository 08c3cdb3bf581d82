/** Two texts line by line, by the longest common subsequence. */

/** More pairs of lines than this would take too long to compare. */
const MOST_PAIRS = 1_000_000;

/** A line with `-` where only the first text has it, `+` where only the second has it. */
export type DiffRow = readonly [mark: '-' | '+' | ' ', text: string];

/** Lines that differ with two equal ones around each; longer equal stretches are cut. Undefined: too many lines to compare. */
export function lineDiff(expected: string, actual: string): DiffRow[] | undefined {
  const [a, b] = [expected.split('\n'), actual.split('\n')];
  return a.length * b.length > MOST_PAIRS ? undefined : cutEqual(diffRows(a, b));
}

function diffRows(a: readonly string[], b: readonly string[]): DiffRow[] {
  const common = commonLengths(a, b);
  const rows: DiffRow[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      rows.push([' ', `  ${a[i] ?? ''}`]);
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))) {
      rows.push(['-', a[i] ?? '']);
      i += 1;
    } else {
      rows.push(['+', b[j] ?? '']);
      j += 1;
    }
  }
  return rows;
}

function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i] ?? [];
      row[j] = a[i] === b[j] ? (lengths[i + 1]?.[j + 1] ?? 0) + 1 : Math.max(lengths[i + 1]?.[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

/** Two equal lines around each change are enough. */
function cutEqual(rows: readonly DiffRow[]): DiffRow[] {
  const near = (at: number) => rows.slice(Math.max(0, at - 2), at + 3).some(([mark]) => mark !== ' ');
  return rows.flatMap((row, at): DiffRow[] => {
    if (row[0] !== ' ' || near(at)) return [row];
    return at === 0 || near(at - 1) ? [[' ', '  …']] : [];
  });
}
