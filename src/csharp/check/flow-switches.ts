/** `switch`: which sections can be reached, and that none runs on into the next (ECMA-334, 13.8.3). */
import { underlyingOf } from '../types/kinds.ts';
import type { BoundExpression, BoundPattern, BoundSwitch, BoundSwitchSection } from './bound.ts';
import { assignPattern, walkCondition, walkExpression } from './flow-expressions.ts';
import { fallsOut, fallsThrough } from './flow-faults.ts';
import type { FlowPass } from './flow-pass.ts';
import { FlowState } from './flow-state.ts';
import { walkStatements } from './flow-statements.ts';

type Label = BoundSwitchSection['labels'][number];

export function walkSwitch(p: FlowPass, s: BoundSwitch): void {
  walkExpression(p, s.value);
  const start = p.state;
  p.breakable.push(s);
  p.switches.push(s);
  for (const section of s.sections) walkSection(p, s, section, start);
  p.switches.pop();
  p.breakable.pop();
  p.state = coversAll(s) ? FlowState.unreachable() : start.clone();
  p.arrive('break', s);
}

function walkSection(p: FlowPass, s: BoundSwitch, section: BoundSwitchSection, start: FlowState): void {
  p.state = sectionStart(p, s, section, start);
  p.arrive('goto', section);
  const arrival = p.arrivals.get(section);
  if (arrival !== undefined) p.state.join(arrival);
  walkStatements(p, section.statements);
  if (p.state.reachable) reportFall(p, section, section === s.sections.at(-1));
}

function reportFall(p: FlowPass, section: BoundSwitchSection, isLast: boolean): void {
  const place = section.lastLabel;
  if (place === undefined) return;
  const label = p.options.text.slice(place.start, place.end);
  p.report(isLast ? fallsOut(label, place) : fallsThrough(label, place));
}

function sectionStart(p: FlowPass, s: BoundSwitch, section: BoundSwitchSection, start: FlowState): FlowState {
  const joined = FlowState.unreachable();
  for (const label of section.labels) joined.join(labelState(p, section, label, isPossible(s, label) ? start : FlowState.unreachable()));
  if (section.isDefault) joined.join(isDefaultPossible(s) ? start : FlowState.unreachable());
  return joined;
}

function labelState(p: FlowPass, section: BoundSwitchSection, label: Label, start: FlowState): FlowState {
  p.state = start.clone();
  for (const local of section.locals) p.declare(local);
  assignPattern(p, label.pattern);
  return label.when === undefined ? p.state : walkCondition(p, label.when).whenTrue;
}

/** A switch over a constant takes one way only. */
function isPossible(s: BoundSwitch, label: Label): boolean {
  return !isOtherConstant(s.value, label.pattern);
}

function isDefaultPossible(s: BoundSwitch): boolean {
  return !(s.value.kind === 'literal' && labelsOf(s).some((label) => isSameConstant(s.value, label)));
}

function isOtherConstant(value: BoundExpression, pattern: BoundPattern): boolean {
  return value.kind === 'literal' && pattern.kind === 'constant' && pattern.value.value !== value.value && typeof value.value !== 'object';
}

function isSameConstant(value: BoundExpression, { pattern, when }: Label): boolean {
  return value.kind === 'literal' && pattern.kind === 'constant' && pattern.value.value === value.value && when === undefined;
}

function labelsOf(s: BoundSwitch): readonly Label[] {
  return s.sections.flatMap((section) => section.labels);
}

/** No value gets past the switch: it has a default, a pattern that takes everything, both bools, or the one constant. */
function coversAll(s: BoundSwitch): boolean {
  if (s.sections.some((section) => section.isDefault)) return true;
  const labels = labelsOf(s).filter(({ when }) => when === undefined || (when.kind === 'literal' && when.value === true));
  if (labels.some((label) => takesEverything(label.pattern) || isSameConstant(s.value, label))) return true;
  return coversBool(labels);
}

function takesEverything(pattern: BoundPattern): boolean {
  if (pattern.kind === 'var' || pattern.kind === 'discard') return true;
  return pattern.kind === 'type' && pattern.type === pattern.operandType && isPlainStruct(pattern);
}

/** A value type that cannot be null always is what it is. */
function isPlainStruct({ type }: BoundPattern & { readonly kind: 'type' }): boolean {
  if (type.kind !== 'named' || underlyingOf(type) !== undefined) return false;
  return type.definition.typeKind === 'struct' || type.definition.typeKind === 'enum';
}

function coversBool(labels: readonly Label[]): boolean {
  const constants = new Set<unknown>();
  for (const { pattern } of labels) {
    if (pattern.kind === 'constant' && isPlainBool(pattern)) constants.add(pattern.value.value);
  }
  return constants.has(true) && constants.has(false);
}

function isPlainBool({ operandType }: BoundPattern & { readonly kind: 'constant' }): boolean {
  return operandType.kind === 'named' && operandType.definition.fullName === 'System.Boolean';
}
