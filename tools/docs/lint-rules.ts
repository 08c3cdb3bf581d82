/** The page of all lint rules. */
import type { LintRule } from '../../src/lint/model.ts';
import { LINT_RULES } from '../../src/lint/registry.ts';
import { formatPolicy } from '../../src/workspace/format.ts';
import { readDocument } from '../../src/xml/reader.ts';
import { block, GENERATED, page, table } from './markdown.ts';

export function lintPage(): [string, string] {
  return [
    'docs/lint.md',
    page([
      GENERATED,
      '# Lint rules',
      'What `portico lint` finds: documents that Azure accepts and nobody wants. `portico check` shows the warnings, too. How to configure and silence rules: [portico lint](commands/lint.md).',
      table(
        ['code', 'name', 'severity', 'what is wrong'],
        LINT_RULES.map(({ code, name, severity, summary }) => [`[${code}](#${code.toLowerCase()})`, `\`${name}\``, severity, summary]),
      ),
      ...LINT_RULES.flatMap(rulePart),
    ]),
  ];
}

function rulePart(rule: LintRule): string[] {
  const repaired = rule.operation && !rule.document ? ' It looks at policy directories only.' : '';
  return [
    `## <a id="${rule.code.toLowerCase()}"></a>${rule.code} ${rule.name}`,
    `${rule.summary} ${rule.reason}${repaired}`,
    'Reported:',
    block('xml', shown(rule.bad)),
    'Not reported:',
    block('xml', shown(rule.good)),
  ];
}

/** Long snippets are cut. */
function shown(snippet: string): string {
  const lines = formatPolicy(readDocument(snippet, 'example').document).trimEnd().split('\n');
  return lines.length <= 24 ? lines.join('\n') : [...lines.slice(0, 10), '…', ...lines.slice(-6)].join('\n');
}
