/** try, catch with filters, finally. */
import type { BoundTry } from '../check/bound.ts';
import { asException, isCaught, passesFilter } from '../runtime/faults.ts';
import { emit } from './expression.ts';
import type { Frame } from './frame.ts';
import { declareLocals, emitBlock } from './statement.ts';

export function emitTry(s: BoundTry, frame: Frame): string {
  const body = `try${emitBlock(s.body, frame)}`;
  const caught = s.catches.length === 0 ? '' : emitCatches(s.catches, frame);
  const last = s.finally ? `finally${emitBlock(s.finally, frame)}` : '';
  return body + caught + last;
}

/** The clauses are tried in order; what none takes goes on. */
function emitCatches(catches: BoundTry['catches'], frame: Frame): string {
  const { program } = frame;
  const [error, exception, done] = [program.fresh('e'), program.fresh('x'), program.fresh('l')];
  frame.caught.push(exception);
  const clauses = catches.map((clause) => emitClause(clause, exception, done, frame)).join('');
  frame.caught.pop();
  return `catch(${error}){const ${exception}=${program.constant(asException)}(${error});${done}: {${clauses}throw ${exception};}}`;
}

function emitClause(clause: BoundTry['catches'][number], exception: string, done: string, frame: Frame): string {
  const { program } = frame;
  const local = clause.local ? `${declareLocals([clause.local], frame)}${program.localName(clause.local)}=${exception};` : '';
  const filter = clause.filter ? `if(${program.constant(passesFilter)}(()=>${emit(clause.filter, frame)}))` : '';
  const inner = `${local}${filter}{${emitBlock(clause.body, frame)}break ${done};}`;
  if (!clause.type || clause.type.definition.fullName === 'System.Exception') return `{${inner}}`;
  return `if(${program.constant(isCaught)}(r,${exception},${program.constant(clause.type)})){${inner}}`;
}
