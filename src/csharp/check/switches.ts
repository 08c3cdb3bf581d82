/** `switch` statements with constant and type patterns, and the jumps between their sections. */
import type { Span } from '../../source/span.ts';
import type { Expression, SwitchLabel, SwitchSection, SwitchStatement } from '../syntax/ast.ts';
import { isError, isNullable, isValueType, isVoid } from '../types/kinds.ts';
import type { Type } from '../types/type.ts';
import type { BoundPattern, BoundStatement, BoundSwitchSection } from './bound.ts';
import { constantKey, constantText } from './constants.ts';
import type { Binder } from './context.ts';
import { convertTo } from './conversions.ts';
import { bindExpression, bindValue } from './expressions.ts';
import * as fault from './faults.ts';
import { localValue } from './names.ts';
import { isNullLiteral } from './operands.ts';
import { bindCondition } from './operators.ts';
import { bindPattern } from './patterns.ts';
import { Scope } from './scope.ts';
import { bindStatements } from './statements.ts';

/** Labels seen so far, by constant. */
interface Labels {
  readonly sections: Map<string, number>;
  defaultSection: number | undefined;
  /** Types that labels without a condition have caught; `all` when nothing is left. */
  readonly caught: Type[];
  all: boolean;
}

interface OpenSection {
  readonly syntax: SwitchSection;
  readonly labels: BoundSwitchSection['labels'];
  readonly isDefault: boolean;
  /** Variables of the patterns; the block of all sections is around it. */
  readonly scope: Scope;
}

export function bindSwitch(b: Binder, syntax: SwitchStatement): BoundStatement {
  const bound = bindValue(b, syntax.value);
  const broken = isNullLiteral(bound) || isVoid(bound.type);
  const value = broken ? b.refuse(syntax.value.span, fault.switchOnNothing()) : bound;
  return b.inScope((block) => {
    const labels: Labels = { sections: new Map(), defaultSection: undefined, caught: [], all: false };
    const open = syntax.sections.map((section, index) => openSection(b, section, index, value.type, labels));
    const before = b.frame.surroundings;
    b.frame.surroundings = { ...before, breakable: true, goto: targets(value.type, labels) };
    const bound = open.map((section) => bindSection(b, section, block));
    b.frame.surroundings = before;
    const sections = bound.map((section) => hoisted(section, block));
    const statement: BoundStatement = { kind: 'switch', span: syntax.span, value, sections };
    return block.variables.length === 0
      ? statement
      : { kind: 'block', span: syntax.span, statements: [statement], locals: block.variables };
  });
}

function targets(governing: Type, labels: Labels) {
  return { governing, sectionOf: (key: string) => labels.sections.get(key), defaultSection: labels.defaultSection };
}

function openSection(b: Binder, syntax: SwitchSection, index: number, type: Type, labels: Labels): OpenSection {
  const scope = new Scope(b.scope, b.frame, true);
  const patterns = b.inScope(() => syntax.labels.map((label) => bindLabel(b, label, index, type, labels)), scope);
  return {
    syntax,
    scope,
    labels: patterns.filter((label) => label !== undefined),
    isDefault: syntax.labels.some((label) => label.kind === 'default'),
  };
}

function bindLabel(
  b: Binder,
  label: SwitchLabel,
  index: number,
  type: Type,
  labels: Labels,
): BoundSwitchSection['labels'][number] | undefined {
  if (label.kind === 'default') {
    if (labels.defaultSection !== undefined) b.report(label.span, fault.duplicateCase('default'));
    labels.defaultSection ??= index;
    return undefined;
  }
  const pattern = bindPattern(b, label.pattern, type);
  const when = label.when === undefined ? undefined : bindCondition(b, label.when);
  if (pattern === undefined) return undefined;
  const always = when === undefined || (when.kind === 'literal' && when.value === true);
  if (isCaught(b, pattern, labels)) b.report(label.pattern.span, fault.unreachableCase());
  else noteConstant(b, label, pattern, index, always, labels);
  if (always) noteCaught(b, pattern, type, labels);
  return when === undefined ? { pattern } : { pattern, when };
}

/** Whether earlier labels without a condition have caught all that this one could match. */
function isCaught(b: Binder, pattern: BoundPattern, labels: Labels): boolean {
  if (labels.all) return true;
  const type =
    pattern.kind === 'type' ? pattern.type : pattern.kind === 'constant' && pattern.value.value !== null ? pattern.value.type : undefined;
  return type !== undefined && !isError(type) && labels.caught.some((each) => b.types.isAssignable(type, each));
}

/** `var x` leaves nothing; `T x` leaves nothing of T, and nothing at all of a value that is always a T. */
function noteCaught(b: Binder, pattern: BoundPattern, governing: Type, labels: Labels): void {
  if (pattern.kind === 'var' || pattern.kind === 'discard') labels.all = true;
  if (pattern.kind !== 'type' || isError(pattern.type)) return;
  labels.caught.push(pattern.type);
  if (isValueType(governing) && !isNullable(governing) && b.types.isAssignable(governing, pattern.type)) labels.all = true;
}

function noteConstant(b: Binder, label: SwitchLabel, pattern: BoundPattern, index: number, always: boolean, labels: Labels): void {
  if (pattern.kind !== 'constant') return;
  const { value, type } = pattern.value;
  const key = `${b.show(type)}:${constantKey(value)}`;
  if (labels.sections.has(key) && always) b.report(label.span, fault.duplicateCase(shownLabel(b, pattern)));
  if (!labels.sections.has(key) && always) labels.sections.set(key, index);
}

function shownLabel(b: Binder, pattern: BoundPattern & { kind: 'constant' }): string {
  const { value, type } = pattern.value;
  return typeof value === 'string' ? `"${value}"` : (enumName(type, value) ?? constantText(value, b.type('object')));
}

function enumName(type: Type, value: unknown): string | undefined {
  if (type.kind !== 'named' || type.definition.enumValues === undefined) return undefined;
  for (const [name, each] of type.definition.enumValues) if (each === value) return `${type.definition.name}.${name}`;
  return undefined;
}

function bindSection(b: Binder, section: OpenSection, block: Scope): BoundSwitchSection {
  return b.inScope((scope) => {
    const statements = bindStatements(b, section.syntax.statements);
    for (const [name, entry] of scope.entries) {
      if (entry.kind === 'local' && !scope.variables.includes(entry.local)) block.entries.set(name, entry);
    }
    const lastLabel = section.syntax.labels.at(-1)?.span;
    const bound = { labels: section.labels, isDefault: section.isDefault, locals: section.scope.variables, statements };
    return lastLabel === undefined ? bound : { ...bound, lastLabel };
  }, section.scope);
}

/** A variable that two sections use is declared around the switch; its declaration becomes an assignment. */
function hoisted(section: BoundSwitchSection, block: Scope): BoundSwitchSection {
  const statements = section.statements.flatMap((statement): BoundStatement[] => {
    if (statement.kind !== 'declare' || !block.shared.has(statement.local)) return [statement];
    const { local, value, span } = statement;
    block.variables.push(local);
    if (value === undefined) return [];
    const target = localValue(local, span);
    return [{ kind: 'expression', span, expression: { kind: 'assign', target, value, type: local.type, span } }];
  });
  return { ...section, statements };
}

/** The section that `goto case v` (or `goto default`, without a value) leads to. */
export function gotoSection(b: Binder, value: Expression | undefined, span: Span): number {
  const around = b.frame.surroundings.goto;
  if (around === undefined) {
    b.report(span, fault.gotoCaseOutside());
    return 0;
  }
  const found = value === undefined ? around.defaultSection : caseSection(b, value, around.governing, around.sectionOf);
  if (found === undefined) b.report(span, fault.noLabel(value === undefined ? 'default:' : 'case:'));
  return found ?? 0;
}

function caseSection(b: Binder, value: Expression, governing: Type, sectionOf: (key: string) => number | undefined): number | undefined {
  const constant = convertTo(b, bindExpression(b, value), governing);
  if (isError(constant.type)) return 0;
  if (constant.kind === 'literal') {
    const text = `${b.show(constant.type)}:${constantKey(constant.value)}`;
    return sectionOf(text) ?? (constant.value === null ? sectionOf(`<null>:${constantKey(null)}`) : undefined);
  }
  b.report(value.span, fault.constantExpected());
  return 0;
}
