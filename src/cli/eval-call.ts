/** The call that `portico eval` evaluates in, as flags, a file or a curl command describe it. */

/** What stands in `context` before the expression runs. */
export interface CallDescription {
  readonly method: string;
  /** Absolute, or without a scheme as curl takes it. */
  readonly url: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string | Uint8Array | undefined;
  readonly ip?: string | undefined;
  /** `context.Request.MatchedParameters`. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly response?: ResponseDescription | undefined;
  readonly user?: Readonly<Record<string, unknown>> | undefined;
  readonly product?: string | undefined;
  /** Plain values: text, number, truth value or JSON. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface ResponseDescription {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly string[];
  readonly body: string | undefined;
}

/** Bytes of a file that a description names; `-` is standard input. */
export type ReadBytes = (path: string) => Uint8Array;

export const PLAIN_CALL: CallDescription = { method: 'GET', url: 'https://localhost/', headers: [], body: undefined };

/** `Name: value` in two. */
export function splitHeader(line: string): [name: string, value: string] {
  const at = line.indexOf(':');
  if (at <= 0) throw new Error(`\`${line}\` is not written \`Name: value\``);
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}
