/** What came otherwise than a test expects. */
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';

/** One place where an outcome is not as expected. */
export interface Difference {
  /** `status`, `headers.x-a`, `body.items[0].id`, `forwarded.url` … */
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
  /** Which policy wrote the differing value, with file and line; undefined when none did. */
  readonly writtenBy: string | undefined;
  /** What went wrong in the call: errors, and calls that no stub answered. Stands at its first difference. */
  readonly because?: readonly string[];
  /** Line of the expectation in the test file. */
  readonly line: number;
  /** The expectation in the test file, for an excerpt. */
  readonly place?: { readonly file: SourceFile; readonly span: Span };
}

/** What an expression came to: its value as JSON and its .NET type. */
export interface EvaluatedValue {
  readonly type: string;
  readonly value: unknown;
}
