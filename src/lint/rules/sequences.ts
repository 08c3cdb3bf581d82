/** What rules about the order of policies look at. */
import type { SourceFile } from '../../source/source-file.ts';
import type { Span } from '../../source/span.ts';
import type { LintDocument, PolicySite } from '../model.ts';

/** Where a finding about a whole policy is shown. */
export function nameOf({ document, element }: PolicySite): { readonly file: SourceFile; readonly span: Span } {
  return { file: document.file, span: element.nameSpan };
}

/** Policies behind which nothing runs. */
export const ENDS: ReadonlySet<string> = new Set(['return-response', 'mock-response']);

/** Lists of policies that run one after another. */
export function sequences(document: LintDocument): (readonly PolicySite[])[] {
  const tops = document.sections.map(({ policies }) => policies);
  const inner = document.policies.flatMap(({ name, children }) =>
    name === 'wait' ? [] : [...groupBy(children, ({ container }) => container).values()],
  );
  return [...tops, ...inner];
}

/** In the order in which the groups begin. */
export function groupBy<K, V>(values: readonly V[], key: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return groups;
}
