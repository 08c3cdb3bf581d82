/** What the walk over one program carries: the state at the present point, jumps on their way, variables and functions met so far. */
import type { Span } from '../../source/span.ts';
import type { SyntaxFault } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import type { BoundStatement, BoundSwitchSection, LocalFunctionSymbol, LocalSymbol } from './bound.ts';
import { unassignedLocal, unassignedOut } from './flow-faults.ts';
import { FlowState } from './flow-state.ts';

/** What flow analysis wants to know besides the tree. */
export interface FlowOptions {
  /** The text of the expression, to quote case labels. */
  readonly text: string;
  show(type: Type): string;
  /** The binder reported errors: then holes in the tree are not blamed on unassigned variables. */
  readonly hasErrors: boolean;
}

/** A label by name, or a section of a switch. */
export type JumpTarget = string | BoundSwitchSection;

/** A jump that has not reached its target yet; `try … finally` may still change its state. */
export type Jump =
  | { readonly kind: 'break' | 'continue'; readonly target: BoundStatement; readonly state: FlowState }
  | { readonly kind: 'goto'; readonly target: JumpTarget; readonly state: FlowState }
  | { readonly kind: 'return'; readonly span: Span; readonly state: FlowState };

/** What calling a local function needs and gives. */
export interface FunctionSummary {
  /** Variables of the surroundings that must have a value at the call. */
  readonly required: Set<LocalSymbol>;
  /** The state where it returns, as seen from an empty one. */
  readonly after: FlowState;
  readonly exits: Exits;
}

/** How control leaves a body. */
export interface Exits {
  readonly end: FlowState;
  readonly returns: readonly (Jump & { readonly kind: 'return' })[];
}

/** A local function being walked: variables that are not its own become requirements instead of faults. */
export interface FunctionFrame {
  readonly required: Set<LocalSymbol>;
}

export class FlowPass {
  readonly options: FlowOptions;
  readonly faults: SyntaxFault[] = [];
  readonly summaries = new Map<LocalFunctionSymbol, FunctionSummary | 'open'>();
  /** Walking only to learn what jumps backward bring: nothing is reported. */
  quiet = false;
  state = FlowState.start();
  jumps: Jump[] = [];
  /** States that jumps backward bring to their targets, found by the rounds before. */
  arrivals = new Map<JumpTarget, FlowState>();
  /** Targets of `break` and `continue`, innermost last. */
  breakable: BoundStatement[] = [];
  continuable: BoundStatement[] = [];
  switches: (BoundStatement & { readonly kind: 'switch' })[] = [];
  frame: FunctionFrame | undefined;
  private readonly slots = new Map<LocalSymbol, number>();
  private readonly owners = new Map<LocalSymbol, FunctionFrame | undefined>();
  private readonly outs = new Set<LocalSymbol>();
  private readonly said = new Set<string>();
  private readonly blamed = new Set<LocalSymbol>();

  constructor(options: FlowOptions) {
    this.options = options;
  }

  report(fault: SyntaxFault): void {
    if (this.quiet) return;
    const key = `${fault.code} ${fault.span.start} ${fault.span.end}`;
    if (this.said.has(key)) return;
    this.said.add(key);
    this.faults.push(fault);
  }

  slotOf(local: LocalSymbol): number {
    const known = this.slots.get(local);
    if (known !== undefined) return known;
    this.slots.set(local, this.slots.size);
    return this.slots.size - 1;
  }

  /** A variable comes into scope without a value. */
  declare(local: LocalSymbol): void {
    this.owners.set(local, this.frame);
    this.state.unassign(this.slotOf(local));
  }

  /** An `out` parameter is like a variable without a value. */
  declareOut(local: LocalSymbol): void {
    this.outs.add(local);
    this.declare(local);
  }

  assign(local: LocalSymbol): void {
    this.state.assign(this.slotOf(local));
  }

  /** A variable is read at `span`; only once is its lack of a value reported, as the compiler does. */
  read(local: LocalSymbol, span: Span): void {
    if (!this.mayLack(local) || this.state.isAssigned(this.slotOf(local))) return;
    if (this.frame !== undefined && (!this.owners.has(local) || this.owners.get(local) !== this.frame)) {
      this.frame.required.add(local);
      return;
    }
    if (this.quiet || this.options.hasErrors || this.blamed.has(local)) return;
    this.blamed.add(local);
    this.report(this.outs.has(local) ? unassignedOut(local.name, span) : unassignedLocal(local.name, span));
  }

  /** Parameters, loop variables and the checker's own helpers (`<>…`) always have a value. */
  private mayLack(local: LocalSymbol): boolean {
    return this.outs.has(local) || (local.kind === 'local' && !local.name.startsWith('<>'));
  }

  /** Jumps away: nothing behind this point is reached from here. */
  leave(): void {
    this.state = FlowState.unreachable();
  }

  /** Takes the jumps to a target out of those on their way and joins them into the present state. */
  arrive(kind: Jump['kind'], target: BoundStatement | JumpTarget): void {
    const rest: Jump[] = [];
    for (const jump of this.jumps) {
      if (jump.kind === kind && 'target' in jump && jump.target === target) this.state.join(jump.state);
      else rest.push(jump);
    }
    this.jumps = rest;
  }
}
