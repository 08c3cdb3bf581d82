/** Bound statements as JavaScript statements. */
import type { BoundBlock, BoundFor, BoundForEach, BoundStatement, LocalFunctionSymbol, LocalSymbol } from '../check/bound.ts';
import { notNull, raise } from '../runtime/checks.ts';
import { dispose } from '../runtime/dispose.ts';
import { charactersOf, flatItems, itemsAs } from '../runtime/sequence.ts';
import { isString } from '../runtime/type-facts.ts';
import { emit, emitEffect } from './expression.ts';
import type { Frame, LabelPlace } from './frame.ts';
import { emitLocalFunction } from './functions.ts';
import { isNonNull } from './inspect.ts';
import { EmitFault } from './program.ts';
import { emitSwitch } from './switch.ts';
import { emitTry } from './try.ts';

type Statement<K extends BoundStatement['kind']> = Extract<BoundStatement, { kind: K }>;

function emitStatement(s: BoundStatement, frame: Frame): string {
  return `${watched(s, frame)}${statementCode(s, frame)}`;
}

/** What counts the statement and stops before it. Blocks, labels and local functions do nothing themselves. */
function watched(s: BoundStatement, { program, declared }: Frame): string {
  if (s.kind === 'block' || s.kind === 'label' || s.kind === 'localFunction') return '';
  const counted = program.hasProbes ? `${program.probe(s.span, 'statement')};` : '';
  return `${counted}${program.stop(s.span, declared)}`;
}

function statementCode(s: BoundStatement, frame: Frame): string {
  switch (s.kind) {
    case 'block':
      return emitBlock(s, frame);
    case 'declare':
      return emitDeclaration(s, frame);
    case 'localFunction':
      return '';
    case 'expression':
      return `${emitEffect(s.expression, frame)};`;
    case 'if':
      return emitIf(s, frame);
    case 'while':
      return emitLoop(frame, (label, body) => `${label}: while(${emit(s.condition, frame)}){${body(s.body)}}`);
    case 'do':
      return emitLoop(frame, (label, body) => `${label}: do{${body(s.body)}}while(${emit(s.condition, frame)});`);
    case 'for':
      return emitFor(s, frame);
    case 'forEach':
      return emitForEach(s, frame);
    case 'switch':
      return emitSwitch(s, frame);
    case 'break':
      return `break ${target(frame).breakLabel};`;
    case 'continue':
      return emitContinue(frame);
    case 'goto':
      return emitGoto(s, frame);
    case 'label':
      return emitStatement(s.statement, frame);
    case 'return':
      return s.value ? `return ${emit(s.value, frame)};` : 'return;';
    case 'throw':
      return emitThrow(s, frame);
    case 'try':
      return emitTry(s, frame);
    case 'using':
      return emitUsing(s, frame);
    case 'yield':
      return s.value ? `yield ${emit(s.value, frame)};` : 'return;';
  }
}

function emitDeclaration(s: Statement<'declare'>, frame: Frame): string {
  if (!s.value) return '';
  frame.program.origins.set(s.local, s.value);
  return `${frame.local(s.local)}=${emit(s.value, frame)};`;
}

export function emitBlock(block: BoundBlock, frame: Frame): string {
  return `{${declareLocals([...block.locals, ...declaredIn(block.statements)], frame)}${emitFunctions(block.statements, frame)}${emitStatements(block.statements, frame)}}`;
}

/** One `let` for all variables of a scope: entering the scope again makes new ones, which is what closures see in C#. */
export function declareLocals(locals: readonly LocalSymbol[], frame: Frame): string {
  const names = [...new Set(locals)].map((local) => frame.declare(local));
  return names.length === 0 ? '' : `let ${names.join(',')};`;
}

/** Variables declared by the statements themselves, not by inner blocks. */
export function declaredIn(statements: readonly BoundStatement[]): LocalSymbol[] {
  return statements.flatMap((s) => {
    const inner = unlabeled(s);
    return inner.kind === 'declare' ? [inner.local] : [];
  });
}

function unlabeled(s: BoundStatement): BoundStatement {
  return s.kind === 'label' ? unlabeled(s.statement) : s;
}

export function emitFunctions(statements: readonly BoundStatement[], frame: Frame): string {
  const functions = statements.map(unlabeled).filter((s): s is Statement<'localFunction'> => s.kind === 'localFunction');
  return functions.map((s) => emitLocalFunction(s.function as LocalFunctionSymbol, frame)).join('');
}

/** A list with labels becomes a loop over a switch: `goto` sets the state and starts the loop again. */
export function emitStatements(statements: readonly BoundStatement[], frame: Frame): string {
  if (!statements.some((s) => s.kind === 'label')) return statements.map((s) => emitStatement(s, frame)).join('');
  const [loop, state] = [frame.program.fresh('l'), frame.program.fresh('s')];
  const restore = openLabels(statements, frame, loop, state);
  let index = 0;
  let body = 'case 0:';
  for (const s of statements) {
    for (const _ of labelsOf(s)) {
      index += 1;
      body += `case ${index}:`;
    }
    body += emitStatement(s, frame);
  }
  restore();
  return `let ${state}=0;${loop}: for(;;){b.step();switch(${state}){${body}}break ${loop};}`;
}

function labelsOf(s: BoundStatement): string[] {
  return s.kind === 'label' ? [s.label, ...labelsOf(s.statement)] : [];
}

function openLabels(statements: readonly BoundStatement[], frame: Frame, loop: string, state: string): () => void {
  const before: [string, LabelPlace | undefined][] = [];
  statements.flatMap(labelsOf).forEach((label, at) => {
    before.push([label, frame.labels.get(label)]);
    frame.labels.set(label, { loop, state, index: at + 1 });
  });
  return () => {
    for (const [label, place] of before) {
      if (place) frame.labels.set(label, place);
      else frame.labels.delete(label);
    }
  };
}

function emitIf(s: Statement<'if'>, frame: Frame): string {
  const counted = (kind: string) => (frame.program.hasProbes ? `${frame.program.probe(s.condition.span, kind)};` : '');
  const head = `if(${emit(s.condition, frame)}){${counted('if true')}${emitStatement(s.whenTrue, frame)}}`;
  const otherwise = `${counted('if false')}${s.whenFalse ? emitStatement(s.whenFalse, frame) : ''}`;
  return otherwise === '' ? head : `${head}else{${otherwise}}`;
}

/** Gives the loop a label of its own; every round counts a step. */
function emitLoop(frame: Frame, build: (label: string, body: (statement: BoundStatement) => string) => string): string {
  const label = frame.program.fresh('l');
  const { repeats } = frame;
  frame.repeats = true;
  frame.targets.push({ breakLabel: label, continueLabel: label });
  const code = build(label, (statement) => `b.step();${emitStatement(statement, frame)}`);
  frame.targets.pop();
  frame.repeats = repeats;
  return code;
}

/** C#'s loop variable is one for all rounds, JavaScript's is not: it is declared outside. */
function emitFor(s: BoundFor, frame: Frame): string {
  const locals = declareLocals([...s.locals, ...declaredIn(s.initializers)], frame);
  const start = s.initializers.map((one) => emitStatement(one, frame)).join('');
  const loop = emitLoop(frame, (label, body) => {
    const condition = s.condition ? emit(s.condition, frame) : '';
    const next = s.incrementors.map((one) => emitEffect(one, frame)).join(',');
    return `${label}: for(;${condition};${next}){${body(s.body)}}`;
  });
  return `{${locals}${start}${loop}}`;
}

function emitForEach(s: BoundForEach, frame: Frame): string {
  const source = emitItems(s, frame);
  const item = frame.program.fresh('i');
  return emitLoop(frame, (label, body) => {
    frame.program.bindReceiver(s.receiver, item);
    const locals = declareLocals(
      s.assignments.map((one) => one.local),
      frame,
    );
    const assignments = s.assignments.map((one) => `${frame.local(one.local)}=${emit(one.value, frame)};`).join('');
    return `${label}: for(const ${item} of ${source}){${locals}${assignments}${body(s.body)}}`;
  });
}

function emitItems(s: BoundForEach, frame: Frame): string {
  const { program } = frame;
  const { type } = s.source;
  const code = emit(s.source, frame);
  const source = isNonNull(s.source, program) ? code : `${program.constant(notNull)}(${code})`;
  if (isString(type)) return `${program.constant(charactersOf)}(${source})`;
  if (type.kind !== 'array') return `${program.constant(itemsAs)}(${source},${program.constant(s.itemType)})`;
  return type.rank === 1 ? source : `${program.constant(flatItems)}(${source},${type.rank})`;
}

function target(frame: Frame) {
  const found = frame.targets.at(-1);
  if (!found) throw new EmitFault('break outside of a loop or switch');
  return found;
}

function emitContinue(frame: Frame): string {
  const loop = frame.targets.findLast((one) => one.continueLabel !== undefined);
  if (!loop) throw new EmitFault('continue outside of a loop');
  return `continue ${loop.continueLabel};`;
}

function emitGoto(s: Statement<'goto'>, frame: Frame): string {
  if (s.target.kind === 'section') return emitSectionJump(s.target.index, frame);
  const place = frame.labels.get(s.target.label);
  if (!place) throw new EmitFault('goto has no label');
  return `${place.state}=${place.index};continue ${place.loop};`;
}

function emitSectionJump(index: number, frame: Frame): string {
  const found = frame.targets.findLast((one) => one.restart !== undefined);
  if (!found?.restart) throw new EmitFault('goto case outside of a switch');
  return found.restart(index);
}

function emitThrow(s: Statement<'throw'>, frame: Frame): string {
  if (s.value) return `${frame.program.constant(raise)}(${emit(s.value, frame)});`;
  const caught = frame.caught.at(-1);
  if (!caught) throw new EmitFault('throw without a value outside of a catch');
  return `throw ${caught};`;
}

/** Resources are released in reverse order, whatever happens. */
function emitUsing(s: Statement<'using'>, frame: Frame): string {
  const locals = declareLocals([...s.locals, ...declaredIn(s.resources)], frame);
  if (!s.expression) return `{${locals}${emitResources(s.resources, s.body, frame)}}`;
  const name = frame.program.fresh('u');
  return `{${locals}const ${name}=${emit(s.expression, frame)};try{${emitStatement(s.body, frame)}}finally{${emitDispose(name, frame)}}}`;
}

function emitResources([first, ...rest]: readonly BoundStatement[], body: BoundStatement, frame: Frame): string {
  if (!first) return emitStatement(body, frame);
  const start = emitStatement(first, frame);
  const inner = emitResources(rest, body, frame);
  return first.kind === 'declare' ? `${start}try{${inner}}finally{${emitDispose(frame.local(first.local), frame)}}` : `${start}${inner}`;
}

function emitDispose(name: string, frame: Frame): string {
  return `${frame.program.constant(dispose)}(r,${name});`;
}
