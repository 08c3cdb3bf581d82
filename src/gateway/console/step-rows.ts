/** The steps of a call as rows, in the order in which they began. */
import type { StepInfo } from '../../exchange/events.ts';
import type { StepRow } from './call-rows.ts';

export class StepRows {
  readonly rows: StepRow[] = [];
  /** Steps that run, the inner behind the outer. */
  readonly #open: { readonly info: StepInfo; readonly row: StepRow }[] = [];
  readonly #now: () => number;

  /** `now`: milliseconds since the call came in. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The row of a step that runs. */
  running(step: StepInfo): StepRow | undefined {
    return this.#open.findLast(({ info }) => info === step)?.row;
  }

  /** Nothing more will end. */
  forget(): void {
    this.#open.length = 0;
  }

  start(info: StepInfo): void {
    const row = this.#rowOf(info, 'running');
    this.rows.push(row);
    this.#open.push({ info, row });
  }

  skip(info: StepInfo): void {
    this.rows.push({ ...this.#rowOf(info, 'skipped'), end: this.#now() });
  }

  #rowOf(info: StepInfo, state: StepRow['state']): StepRow {
    const { policy, section, scope, path, policyId, file, span } = info;
    const { line, column } = file.positionAt(span.start);
    const parent = this.#open.findLast((one) => isAround(one.info, info))?.row;
    const depth = parent ? parent.depth + 1 : 0;
    return {
      policy,
      section,
      scope,
      path,
      policyId,
      file: file.name,
      line,
      column,
      depth,
      start: this.#now(),
      end: null,
      state,
      notes: [],
    };
  }

  /** Steps inside of it that failed without a word end with it. */
  close(info: StepInfo, state: StepRow['state']): void {
    const at = this.#open.findLastIndex((one) => one.info === info);
    if (at < 0) return;
    for (const { info: inner, row } of this.#open.splice(at).reverse()) {
      const isInside = inner === info || isAround(info, inner);
      if (isInside) this.#end(row, inner === info ? state : 'failed');
      else this.#open.push({ info: inner, row });
    }
  }

  closeAll(state: StepRow['state']): void {
    for (const { row } of this.#open.splice(0)) this.#end(row, state);
  }

  #end(row: StepRow, state: StepRow['state']): void {
    row.end = this.#now();
    row.state = state;
  }
}

/** Whether a step stands inside another one: by its path, or through a fragment. */
function isAround(outer: StepInfo, inner: StepInfo): boolean {
  if (outer === inner || outer.section !== inner.section) return false;
  return inner.path.startsWith(`${outer.path}/`) || (outer.policy === 'include-fragment' && outer.file !== inner.file);
}
