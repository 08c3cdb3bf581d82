/** switch: sections tested in order, the default last; `goto case` re-enters by section number. */
import type { BoundStatement, BoundSwitch, BoundSwitchSection } from '../check/bound.ts';
import { emit } from './expression.ts';
import type { Frame, Target } from './frame.ts';
import { emitTest } from './patterns.ts';
import { declaredIn, declareLocals, emitFunctions, emitStatements } from './statement.ts';

export function emitSwitch(s: BoundSwitch, frame: Frame): string {
  const { program } = frame;
  const [outer, loop, state, value] = [program.fresh('l'), program.fresh('l'), program.fresh('s'), program.fresh('w')];
  const head = `const ${value}=${emit(s.value, frame)};`;
  const locals = declareLocals(s.sections.flatMap(localsOf), frame);
  const functions = emitFunctions(allStatements(s), frame);
  const jumps = { used: false };
  frame.targets.push(switchTarget(outer, loop, state, jumps));
  const bodies = s.sections.map((section) => emitStatements(section.statements, frame));
  frame.targets.pop();
  const tests = s.sections.map((section) => emitSectionTest(section, value, frame));
  const body = jumps.used ? emitStates(s.sections, tests, bodies, loop, state) : emitChain(s.sections, tests, bodies);
  return `${outer}: {${locals}${functions}${head}${body}}`;
}

function switchTarget(outer: string, loop: string, state: string, jumps: { used: boolean }): Target {
  return {
    breakLabel: outer,
    continueLabel: undefined,
    restart: (index) => {
      jumps.used = true;
      return `${state}=${index};continue ${loop};`;
    },
  };
}

function localsOf(section: BoundSwitchSection) {
  return [...section.locals, ...declaredIn(section.statements)];
}

function allStatements(s: BoundSwitch): BoundStatement[] {
  return s.sections.flatMap((section) => section.statements);
}

function emitSectionTest(section: BoundSwitchSection, value: string, frame: Frame): string {
  const tests = section.labels.map(({ pattern, when }) => {
    const test = emitTest(value, pattern, frame);
    return when ? `(${test}&&${emit(when, frame)})` : test;
  });
  return tests.length === 0 ? 'false' : tests.join('||');
}

function emitChain(sections: readonly BoundSwitchSection[], tests: readonly string[], bodies: readonly string[]): string {
  const chosen = sections.flatMap((section, at) =>
    section.isDefault && section.labels.length === 0 ? [] : [`if(${tests[at]}){${bodies[at]}}`],
  );
  const fallback = sections.findIndex((section) => section.isDefault);
  if (fallback < 0) return chosen.join('else ');
  return [...chosen, `{${bodies[fallback]}}`].join('else ');
}

function emitStates(
  sections: readonly BoundSwitchSection[],
  tests: readonly string[],
  bodies: readonly string[],
  loop: string,
  state: string,
): string {
  const fallback = sections.findIndex((section) => section.isDefault);
  const first = tests.map((test, at) => `(${test})?${at}:`).join('');
  const cases = bodies.map((body, at) => `case ${at}:{${body}}break;`).join('');
  return `let ${state}=${first}${fallback};${loop}: for(;;){b.step();switch(${state}){${cases}}break ${loop};}`;
}
