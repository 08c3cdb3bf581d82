/** The `lint` section of portico.yaml: severities by rule, and modules with rules of one's own. */
import { nearestName } from '../source/nearest.ts';
import type { Entry } from '../workspace/config-file.ts';
import type { LintSeverity } from './lint.ts';
import type { CustomRule } from './model.ts';
import { LINT_RULES, ruleNamed } from './registry.ts';

export const LINT_SEVERITIES = ['off', 'info', 'warning', 'error'] as const;

export interface LintConfig {
  readonly severities: ReadonlyMap<string, LintSeverity>;
  /** Files of rules, relative to the configuration. */
  readonly plugins: readonly string[];
  /** `rules` as it stands in the file. */
  readonly rules: Entry;
}

/** Unknown members and severities are reported; names of rules are judged when all plugins are loaded. */
export function readLintConfig(entry: Entry): LintConfig {
  entry.onlyMembers(['rules', 'plugins']);
  const severities = new Map<string, LintSeverity>();
  const rules = entry.get('rules');
  for (const [rule, severity] of rules.members()) {
    // YAML 1.1 readers take `off` for false; ours does not, but people write both.
    const plain = severity.plain() === false ? 'off' : severity.choice(LINT_SEVERITIES);
    if (plain !== undefined) severities.set(rule, plain);
  }
  return { severities, plugins: entry.get('plugins').texts(), rules };
}

/** Reports names that neither we nor the plugins have. */
export function reportUnknownRules({ rules }: LintConfig, custom: readonly CustomRule[]): void {
  rules.onlyMembers(idsOf(custom), '`portico lint --rules` names them');
}

function idsOf(custom: readonly CustomRule[]): string[] {
  return [...LINT_RULES, ...custom].flatMap(({ code, name }) => [code, name]);
}

/** What is wrong with a name of a rule; undefined when there is such a rule. */
export function unknownRule(id: string, custom: readonly CustomRule[]): string | undefined {
  if (ruleNamed(id) || custom.some(({ code, name }) => code === id || name === id)) return undefined;
  const nearest = nearestName(id, idsOf(custom));
  return `there is no rule \`${id}\`${nearest === undefined ? ': `portico lint --rules` names them' : `; did you mean \`${nearest}\`?`}`;
}

/** The rules of a module: its default export is one rule or a list of them. Gives a sentence when it is neither. */
export function customRulesOf(module: unknown): readonly CustomRule[] | string {
  const exported = (module as { readonly default?: unknown } | null)?.default;
  const rules: readonly unknown[] = Array.isArray(exported) ? exported : [exported];
  const wrong = rules.findIndex((rule) => !isRule(rule));
  if (wrong >= 0)
    return `rule ${wrong + 1} needs \`code\`, \`name\`, \`severity\` (info, warning or error), \`summary\`, and a function \`document\` or \`operation\``;
  const taken = new Set(idsOf([]));
  for (const { code, name } of rules as readonly CustomRule[])
    for (const id of [code, name]) {
      if (taken.has(id)) return `there is a rule \`${id}\` already`;
      taken.add(id);
    }
  return rules as readonly CustomRule[];
}

function isRule(value: unknown): value is CustomRule {
  const rule = value as Partial<Record<keyof CustomRule, unknown>> | null | undefined;
  if (typeof rule !== 'object' || rule === null) return false;
  const named = [rule.code, rule.name, rule.summary].every((text) => typeof text === 'string' && text !== '');
  const runs = typeof rule.document === 'function' || typeof rule.operation === 'function';
  return named && runs && ['info', 'warning', 'error'].includes(rule.severity as string);
}
