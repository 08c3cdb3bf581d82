/** What the debug adapter and the thread that runs the policies tell each other. */
import type { Breakpoint } from '../testing/debug/breakpoints.ts';
import type { Resume } from '../testing/debug/debugger.ts';
import type { ShownValue } from '../testing/debug/held-values.ts';

/** What to run: a test of a file, or one request described as in test files. */
export interface Program {
  /** `*.test.yaml`; with `name` one of its tests, else the first. */
  readonly test?: string;
  readonly name?: string;
  /** The same; in a configuration of an editor `name` is the title of the configuration, unless it is a test's. */
  readonly testName?: string;
  /** Policy directory or document, for a request of its own. */
  readonly policies?: string;
  /** The request, as in test files; `request` itself is a word of the protocol. */
  readonly send?: unknown;
  readonly given?: unknown;
  readonly backend?: unknown;
  readonly calls?: unknown;
  readonly stopOnEntry?: boolean;
}

export type Scope = 'locals' | 'variables' | 'message' | 'headers' | 'context';

export type Question =
  | { readonly kind: 'breakpoints'; readonly file: string; readonly breakpoints: readonly Breakpoint[] }
  | { readonly kind: 'errors'; readonly hold: boolean }
  | { readonly kind: 'lines'; readonly file: string }
  | { readonly kind: 'inside'; readonly reference: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'resume'; readonly how: Resume }
  | { readonly kind: 'scope'; readonly scope: Scope }
  | { readonly kind: 'evaluate'; readonly code: string }
  | { readonly kind: 'assign'; readonly scope: 'locals' | 'variables'; readonly name: string; readonly code: string };

export type Asked = Question & { readonly id: number };

export interface PlainFrame {
  readonly name: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type Told =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'held'; readonly reason: string; readonly text: string | undefined; readonly frames: readonly PlainFrame[] }
  | { readonly kind: 'output'; readonly category: 'stdout' | 'stderr' | 'important'; readonly text: string }
  | { readonly kind: 'ended'; readonly code: number };

export type Values = readonly ShownValue[];
