/** Coverage as a table, as lcov, as JSON, and as a page that shows the documents in colour. */
import type { CoveredFile } from './coverage-map.ts';
import { branchText, type FileSummary, linesOf, percent, type Ratio, summaryOf, total, unreached, untaken } from './coverage-summary.ts';

/** A table of files, and below it policies without any test. */
export function textReport(files: readonly CoveredFile[]): string {
  const summaries = files.map(summaryOf);
  const rows = [...summaries, total(summaries)].map((summary, at) => [
    summary.name,
    ...[summary.lines, summary.branches, summary.policies].map((ratio) => `${percent(ratio)}%`),
    uncoveredLines(files[at]),
  ]);
  const table = tableOf(['file', 'lines', 'branches', 'policies', 'uncovered lines'], rows);
  const missing = files.flatMap((file) =>
    unreached(file).map(({ name, span }) => `  ${file.file.name}:${lineAt(file, span.start)} ${name}`),
  );
  return missing.length === 0 ? table : `${table}\nPolicies without any test:\n${missing.join('\n')}\n`;
}

function lineAt({ file }: CoveredFile, offset: number): number {
  return file.positionAt(offset).line;
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((text, at) => Math.max(text.length, ...rows.map((row) => (row[at] ?? '').length)));
  const lineOf = (row: readonly string[]) =>
    row
      .map((text, at) => (at === 0 || at === row.length - 1 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0)))
      .join(' | ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('-|-');
  return `${[lineOf(head), rule, ...rows.slice(0, -1).map(lineOf), rule, ...rows.slice(-1).map(lineOf)].join('\n')}\n`;
}

/** `3-5, 9`. */
function uncoveredLines(file: CoveredFile | undefined): string {
  if (!file) return '';
  const lines = [...linesOf(file)].filter(([, hits]) => hits === 0).map(([line]) => line);
  const ranges: [number, number][] = [];
  for (const line of lines) {
    const last = ranges[ranges.length - 1];
    if (last && last[1] === line - 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(', ');
}

/** The format of geninfo(1). */
export function lcovReport(files: readonly CoveredFile[]): string {
  return files.map(lcovFile).join('');
}

function lcovFile(file: CoveredFile): string {
  const { branches, policies } = summaryOf(file);
  const lines = linesOf(file);
  const out = ['TN:', `SF:${file.file.name}`];
  const reached = [...file.policies.values()];
  const nameOf = ({ name, span }: (typeof reached)[number]) =>
    `${name}:${lineAt(file, span.start)}:${file.file.positionAt(span.start).column}`;
  for (const policy of reached) out.push(`FN:${lineAt(file, policy.span.start)},${nameOf(policy)}`);
  for (const policy of reached) out.push(`FNDA:${policy.hits},${nameOf(policy)}`);
  out.push(`FNF:${policies.total}`, `FNH:${policies.covered}`);
  const groups = [...new Set(Array.from(file.branches.values(), ({ group }) => group))];
  const counts = new Map<number, number>();
  for (const { group, span, hits } of file.branches.values()) {
    const number = counts.get(group) ?? 0;
    counts.set(group, number + 1);
    const line = branchLine(file, group, span.start);
    // A line is reached when one of its branches is, though another policy on it was not.
    if (hits > 0 && lines.get(line) === 0) lines.set(line, hits);
    out.push(`BRDA:${line},${groups.indexOf(group)},${number},${hits}`);
  }
  out.push(`BRF:${branches.total}`, `BRH:${branches.covered}`);
  for (const [line, hits] of lines) out.push(`DA:${line},${hits}`);
  out.push(`LF:${lines.size}`, `LH:${[...lines.values()].filter((hits) => hits > 0).length}`, 'end_of_record');
  return `${out.join('\n')}\n`;
}

/** Readers of the format want a line that is counted: a section is where its first policy is. */
function branchLine(file: CoveredFile, group: number, start: number): number {
  const [first] = [...file.handlers].find(([, key]) => key === `${group} on-error`) ?? [];
  return lineAt(file, first ?? start);
}

export function jsonReport(files: readonly CoveredFile[]): string {
  return `${JSON.stringify(coverageData(files), undefined, 2)}\n`;
}

/** All counts as plain data. */
export function coverageData(files: readonly CoveredFile[]): object {
  const rows = files.map((file) => ({
    ...row(summaryOf(file)),
    policyHits: Array.from(file.policies.values(), ({ name, span, hits }) => ({ policy: name, line: lineAt(file, span.start), hits })),
    branchHits: Array.from(file.branches.values(), (branch) => ({
      kind: branch.kind,
      branch: branchText(branch),
      line: lineAt(file, branch.span.start),
      hits: branch.hits,
    })),
    lineHits: Object.fromEntries(linesOf(file)),
    untested: unreached(file).map(({ name, span }) => ({ policy: name, line: lineAt(file, span.start) })),
  }));
  return { total: row(total(files.map(summaryOf))), files: rows };
}

function row({ name, lines, branches, policies }: FileSummary): object {
  const figures = (ratio: Ratio) => ({ ...ratio, percent: percent(ratio) });
  return { file: name, lines: figures(lines), branches: figures(branches), policies: figures(policies) };
}

// ------------------------------------------------------------ HTML

const STYLE = `body{font:14px/1.5 system-ui,sans-serif;margin:2rem;max-width:80rem;color:#1b1f24;background:#fff}
table{border-collapse:collapse}th,td{text-align:left;padding:.2rem .8rem;border-bottom:1px solid #d0d7de}td.n{text-align:right}
pre{font:13px/1.45 ui-monospace,monospace;background:#f6f8fa;padding:1rem;overflow:auto}
.hit{background:#dafbe1}.miss{background:#ffebe9}.way{background:#fff1a8;outline:1px solid #d4a72c}.ln{color:#8c959f;user-select:none}
.bar{display:inline-block;width:6rem;height:.6rem;background:#ffcecb}.bar i{display:block;height:100%;background:#2da44e}
@media(prefers-color-scheme:dark){body,pre{color:#e6edf3;background:#0d1117}pre{background:#161b22}.hit{background:#12361f}.miss{background:#4c1519}.way{background:#5a4600}}`;

/** One page without scripts: all figures, then each document with what was reached, what was not, and ways not taken. */
export function htmlReport(files: readonly CoveredFile[]): string {
  const summaries = files.map(summaryOf);
  const rows = [...summaries, total(summaries)].map((summary, at) => htmlRow(summary, at));
  const sources = files.map(
    (file, at) => `<h2 id="f${at}">${escaped(file.file.name)}</h2>\n${missingList(file)}<pre>${coloured(file)}</pre>`,
  );
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Policy coverage</title><style>${STYLE}</style></head>\n<body><h1>Policy coverage</h1>
<table><tr><th>file</th><th>lines</th><th>branches</th><th>policies</th></tr>\n${rows.join('\n')}\n</table>
<p><span class="hit">reached</span> <span class="miss">no test</span> <span class="way">way not taken</span></p>\n${sources.join('\n')}\n</body></html>\n`;
}

function htmlRow({ name, lines, branches, policies }: FileSummary, at: number): string {
  const cell = (ratio: Ratio) =>
    `<td class="n">${percent(ratio)}% <span class="bar"><i style="width:${percent(ratio)}%"></i></span> ${ratio.covered}/${ratio.total}</td>`;
  const label = name === 'all files' ? `<b>${name}</b>` : `<a href="#f${at}">${escaped(name)}</a>`;
  return `<tr><td>${label}</td>${cell(lines)}${cell(branches)}${cell(policies)}</tr>`;
}

function missingList(file: CoveredFile): string {
  const items = untaken(file).map(
    (branch) => `<li>line ${lineAt(file, branch.span.start)}: ${escaped(branch.kind)} ${escaped(branchText(branch))}</li>`,
  );
  return items.length === 0 ? '' : `<ul>${items.join('')}</ul>\n`;
}

/** The text, each character in the colour of the innermost policy or way that it belongs to. */
function coloured(file: CoveredFile): string {
  const { text } = file.file;
  const classes = new Array<string>(text.length).fill('');
  for (const { span, hits } of file.policies.values()) classes.fill(hits > 0 ? 'hit' : 'miss', span.start, span.end);
  for (const { span, hits } of file.statements.values()) if (hits === 0) classes.fill('miss', span.start, span.end);
  for (const branch of untaken(file)) {
    const { start, end } = branch.span;
    if (classes[start] !== 'miss' || branch.kind === 'on-error') classes.fill('way', start, end);
  }
  let out = '';
  let line = 1;
  let at = 0;
  const numbered = (number: number) => `<span class="ln">${String(number).padStart(5)}  </span>`;
  out += numbered(line);
  while (at < text.length) {
    const kind = classes[at] ?? '';
    let end = at;
    while (end < text.length && classes[end] === kind && text[end] !== '\n') end += 1;
    if (end > at) out += kind === '' ? escaped(text.slice(at, end)) : `<span class="${kind}">${escaped(text.slice(at, end))}</span>`;
    if (text[end] === '\n') {
      line += 1;
      end += 1;
      out += `\n${numbered(line)}`;
    }
    at = end;
  }
  return out;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
