/** The checker's door: a syntax tree in, a bound program and all semantic errors out. */
import type { Block, Expression, SyntaxFault, SyntaxTree } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import type { BoundBlock, BoundExpression, BoundProgram, LocalSymbol } from './bound.ts';
import type { CheckedEngine } from './context.ts';
import { Binder, TooComplex } from './context.ts';
import { convertTo } from './conversions.ts';
import { bindExpression } from './expressions.ts';
import * as fault from './faults.ts';
import { checkFlow } from './flow.ts';
import { typeOfTerm } from './operands.ts';
import { bindBlock } from './statements.ts';

export interface BindResult {
  /** What could be bound, errors or not: what an editor asks. */
  readonly partial?: BoundProgram;
  /** Missing when there is an error among the faults. */
  readonly program?: BoundProgram;
  /** In the order of the text. */
  readonly faults: readonly SyntaxFault[];
  /** The static types of everything that is returned, null for a bare null. */
  readonly returned: readonly (Type | null)[];
}

/** Checks a policy expression. `returnType` is what its value is converted to. Never throws on user input. */
export function bindProgram(tree: SyntaxTree, engine: CheckedEngine, returnType: Type): BindResult {
  const b = new Binder(engine, returnType);
  declareContext(b);
  const body = bindRoot(b, tree);
  const returned = returnedTypes(b);
  const program = body === undefined ? undefined : programOf(b, body, returnType, returned);
  const flow = program === undefined ? [] : checkFlow(program, tree.kind, { text: tree.text, hasErrors: b.faults.length > 0 });
  const faults = inTextOrder([...flow, ...b.faults]);
  const isWrong = program === undefined || faults.some(({ severity }) => severity === 'error');
  const partial = program === undefined ? {} : { partial: program };
  return isWrong ? { ...partial, faults, returned } : { ...partial, program, faults, returned };
}

function programOf(b: Binder, body: BoundBlock, returnType: Type, returned: readonly (Type | null)[]): BoundProgram {
  const [first] = returned;
  const natural = first !== null && returned.every((type) => type === first) ? first : undefined;
  return { body, returnType, naturalType: natural, reads: b.reads.result() };
}

function declareContext(b: Binder): void {
  const at = { start: 0, end: 0 };
  b.scope.entries.set('context', { kind: 'alias', value: { kind: 'context', type: b.type(b.engine.contextType), span: at } });
}

/** `context` is a parameter, which C# lets a program assign; a program that does works on a variable of its own. */
function withOwnContext(b: Binder, work: () => BoundBlock): BoundBlock {
  const type = b.type(b.engine.contextType);
  const declaredAt = { start: 0, end: 0 };
  const local: LocalSymbol = { name: 'context', type, kind: 'local', captured: false, byRef: false, declaredAt };
  b.scope.entries.set('context', { kind: 'local', local });
  const body = work();
  const value: BoundExpression = { kind: 'context', type, span: declaredAt };
  return { ...body, statements: [{ kind: 'declare', span: declaredAt, local, value }, ...body.statements] };
}

function assignsContext(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if (Array.isArray(node)) return node.some(assignsContext);
  const { kind, target } = node as { kind?: unknown; target?: { kind?: unknown; name?: { text?: unknown } } };
  if (kind === 'assignment' && target?.kind === 'name' && target.name?.text === 'context') return true;
  return Object.values(node).some(assignsContext);
}

function bindRoot(b: Binder, { root }: SyntaxTree): BoundBlock | undefined {
  try {
    const bind = () => (root.kind === 'block' ? bindBlock(b, root) : bindSingle(b, root));
    return assignsContext(root) ? withOwnContext(b, bind) : bind();
  } catch (problem) {
    if (problem instanceof TooComplex) b.report(problem.span, fault.tooComplex());
    else if (problem instanceof RangeError) b.report(root.span, fault.tooComplex());
    else throw problem;
    return undefined;
  }
}

/** `@(…)` is a block with one return. */
function bindSingle(b: Binder, root: Exclude<Expression | Block, Block>): BoundBlock {
  const { span } = root;
  return b.inScope((scope) => {
    const term = bindExpression(b, root);
    const statement = { kind: 'return', span, value: convertTo(b, term, b.frame.returnType ?? b.error) } as const;
    b.frame.returns.push({ statement, term });
    return { kind: 'block', span, statements: [statement], locals: scope.variables };
  });
}

function returnedTypes(b: Binder): (Type | null)[] {
  return [...new Set(b.frame.returns.map(({ term }) => (term === undefined ? b.void : typeOfTerm(term))))];
}

/** In the order of the text, each message once a place (a lambda may have been bound more than once). */
function inTextOrder(faults: readonly SyntaxFault[]): SyntaxFault[] {
  const seen = new Set<string>();
  const once = faults.filter(({ code, span, message }) => {
    const key = `${code}:${span.start}:${message}`;
    return !seen.has(key) && seen.add(key);
  });
  return once.sort((a, b) => a.span.start - b.span.start);
}
