/** All rules, by code. */
import type { LintRule } from './model.ts';
import { accessRules } from './rules/access.ts';
import { bodyRules } from './rules/bodies.ts';
import { flowRules } from './rules/flow.ts';
import { forwardingRules } from './rules/forwarding.ts';
import { limitRules } from './rules/limits.ts';
import { nullRules } from './rules/nulls.ts';
import { secretRules } from './rules/secrets.ts';
import { sizeRules } from './rules/size.ts';
import { styleRules } from './rules/style.ts';
import { transportRules } from './rules/transport.ts';
import { variableRules } from './rules/variables.ts';

/** In the order in which pages and SARIF list them. */
export const LINT_RULES: readonly LintRule[] = [
  ...bodyRules,
  ...variableRules,
  ...nullRules,
  ...flowRules,
  ...forwardingRules,
  ...sizeRules,
  ...limitRules,
  ...secretRules,
  ...accessRules,
  ...transportRules,
  ...styleRules,
].sort((a, b) => (a.code < b.code ? -1 : 1));

/** A rule by its code or its name. */
export function ruleNamed(id: string): LintRule | undefined {
  return LINT_RULES.find(({ code, name }) => code === id || name === id);
}
