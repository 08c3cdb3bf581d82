/** Lambdas, method groups and local functions. */
import type { BoundBlock, BoundExpression, BoundLambda, BoundMethodGroup, LocalFunctionSymbol } from '../check/bound.ts';
import { notNull } from '../runtime/checks.ts';
import { IteratorEnumerator, IteratorSequence } from '../runtime/sequence.ts';
import type { Type } from '../types/type.ts';
import { emit, emitEffect, emitUncopied } from './expression.ts';
import { Frame } from './frame.ts';
import { isNonNull, isVoid } from './inspect.ts';
import { EmitFault } from './program.ts';
import { emitBlock } from './statement.ts';

export function emitLambda(e: BoundLambda, outer: Frame): string {
  const frame = new Frame(outer.program, outer);
  const parameters = e.parameters.map((parameter) => frame.declare(parameter));
  const isBlock = e.body.kind === 'block';
  const body = isBlock ? emitBlock(e.body as BoundBlock, frame) : emitReturn(e.body as BoundExpression, isVoid(e.returnType), frame);
  return `((${parameters.join(',')})=>{${guarded(body, frame)}})`;
}

function emitReturn(body: BoundExpression, toVoid: boolean, frame: Frame): string {
  return toVoid || isVoid(body.type) ? `${emitEffect(body, frame)};` : `return ${emit(body, frame)};`;
}

/** Every call counts a step; a function that may come back to itself counts its depth, too. */
function guarded(body: string, frame: Frame): string {
  const inner = `${frame.declarations()}${body}`;
  return frame.callsBack ? `b.step();b.enter();try{${inner}}finally{b.leave();}` : `b.step();${inner}`;
}

/** The receiver is evaluated once, when the delegate is made. */
export function emitMethodGroup(e: BoundMethodGroup, frame: Frame): string {
  frame.callsBack = true;
  if (!e.receiver) return emitLambda(e.adapter, frame);
  const { symbol, value } = e.receiver;
  const code = emitUncopied(value, frame);
  const checked = isNonNull(value, frame.program) ? code : `${frame.program.constant(notNull)}(${code})`;
  const name = frame.program.fresh('p');
  frame.program.bindReceiver(symbol, name, true);
  return `((${name})=>${emitLambda(e.adapter, frame)})(${checked})`;
}

/** A function declaration; hoisted, so functions of one block may call each other. */
export function emitLocalFunction(symbol: LocalFunctionSymbol, outer: Frame): string {
  if (!symbol.body) throw new EmitFault(`the local function ${symbol.name} has no body`);
  const frame = new Frame(outer.program, outer, symbol.isIterator);
  const name = outer.program.functionName(symbol);
  const parameters = symbol.parameters.map((parameter) => frame.declare(parameter)).join(',');
  if (symbol.isIterator) return emitIterator(symbol, name, parameters, symbol.body, frame);
  const body = emitBlock(symbol.body, frame);
  return `function ${name}(${parameters}){${guarded(body, frame)}}`;
}

/** Each enumeration runs the body from its start, on its own copy of the parameters. */
function emitIterator(symbol: LocalFunctionSymbol, name: string, parameters: string, block: BoundBlock, frame: Frame): string {
  const { program } = frame;
  const body = emitBlock(block, frame);
  const generator = `function*(${parameters}){${frame.declarations()}${body}}`;
  const start = program.fresh('g');
  const sequence = `new ${program.constant(iteratorClass(symbol.returnType))}(${program.constant(symbol.returnType)},()=>${start}(${parameters}))`;
  return `function ${name}(${parameters}){b.step();const ${start}=${generator};return ${sequence};}`;
}

function iteratorClass(type: Type): unknown {
  return type.kind === 'named' && type.definition.name === 'IEnumerator' ? IteratorEnumerator : IteratorSequence;
}
