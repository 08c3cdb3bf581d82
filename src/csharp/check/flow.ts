/**
 * Flow analysis over the bound tree: can every statement be reached, does every path return, has every variable a value
 * where it is read (ECMA-334, 9.4 and 13.2).
 */
import { span } from '../../source/span.ts';
import type { SyntaxFault } from '../syntax/ast.ts';
import { displayType } from '../types/display.ts';
import type { BoundProgram } from './bound.ts';
import { notAllPathsReturn } from './flow-faults.ts';
import { walkBody } from './flow-functions.ts';
import type { FlowOptions } from './flow-pass.ts';
import { FlowPass } from './flow-pass.ts';

export type { FlowOptions } from './flow-pass.ts';

const DEFAULTS: FlowOptions = { text: '', show: (type) => displayType(type, false), hasErrors: false };

/**
 * Checks a bound program. `text` of the options quotes case labels in messages; with `hasErrors` only missing returns and unreachable
 * code are reported, since a tree with errors lacks assignments that the text has. Faults come in the order of the text; CS0161 for the
 * whole expression stands at its start, because the compiler puts it at the name of the method around it.
 */
export function checkFlow(program: BoundProgram, kind: 'single' | 'multi', options: Partial<FlowOptions> = {}): readonly SyntaxFault[] {
  const pass = new FlowPass({ ...DEFAULTS, ...options });
  const { end } = walkBody(pass, program.body);
  if (kind === 'multi' && end.reachable) pass.report(notAllPathsReturn('expression', span(0)));
  return [...pass.faults].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
