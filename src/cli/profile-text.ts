/** What `portico check --profile` tells, and how it is printed; no policy loads for it. */
import type { GatewayKind } from '../policies/definition.ts';

export type ProfileOutcome = 'runs as on Azure' | 'runs with a named difference' | 'refused by that target';

export interface ProfileNote {
  readonly line: number;
  readonly column: number;
  readonly policy: string;
  readonly attribute?: string;
  /** `refused`: the target does not take the document; `difference`: it behaves otherwise than here. */
  readonly kind: 'refused' | 'difference';
  readonly message: string;
}

export interface ProfiledDocument {
  readonly file: string;
  readonly outcome: ProfileOutcome;
  readonly notes: readonly ProfileNote[];
}

export interface Profile {
  readonly target: GatewayKind;
  readonly same: number;
  readonly different: number;
  readonly refused: number;
  readonly documents: readonly ProfiledDocument[];
}

/** One line a document, its notes below it, and the sums. */
export function profileText({ target, documents, same, different, refused }: Profile): string {
  const lines = documents.flatMap(({ file, outcome, notes }) => [
    `${file}: ${outcome}`,
    ...notes.map(({ line, column, message }) => `  ${line}:${column} ${message}`),
  ]);
  const sums = `on ${target}: ${same} as on Azure, ${different} with a named difference, ${refused} refused`;
  return `${[...lines, sums].join('\n')}\n`;
}
