/** What can be set while a call is held: locals and variables, by the code that reads them. */
import type { Question } from './dap-messages.ts';

/** A place and its new value. */
export type Assignment = Extract<Question, { kind: 'assign' }>;

type Target = Pick<Assignment, 'scope' | 'name'>;

/** The local or variable that code reads; the brackets and the cast that reading a variable needs may stand around it. */
export function targetOf(expression: string): Target | undefined {
  const variable = /^\s*\(?\s*(?:\([\w.<>[\], ?]+\))?\s*context\s*\.\s*Variables\s*\[\s*("(?:[^"\\]|\\.)*")\s*\]\s*\)?\s*$/.exec(
    expression,
  )?.[1];
  if (variable !== undefined) return { scope: 'variables', name: JSON.parse(variable) as string };
  const local = /^\s*@?([\p{L}_][\p{L}\p{Nd}_]*)\s*$/u.exec(expression)?.[1];
  return local === undefined || local === 'context' ? undefined : { scope: 'locals', name: local };
}

/** `name = value` at the prompt, which no expression of a policy may be. */
export function assignmentOf(text: string): Assignment | undefined {
  const at = /^((?:[^=!<>"]|"(?:[^"\\]|\\.)*")+)=(?![=>])(.+)$/s.exec(text);
  const target = at?.[1] === undefined ? undefined : targetOf(at[1]);
  return target && { kind: 'assign', ...target, code: (at?.[2] ?? '').trim() };
}
