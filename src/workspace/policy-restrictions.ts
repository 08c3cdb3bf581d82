/**
 * Policy restrictions of the instance: the service refuses documents of their scope that have no `<base />` (gateway-model,
 * section 2.4). A section that is left out inherits, and is in order (inferred).
 */
import { isElement, type PolicyDocument, type XmlElement } from '../xml/tree.ts';
import * as faults from './faults.ts';
import type { Files } from './files.ts';
import type { Resource } from './resources.ts';

export function checkRestrictions(root: Resource, files: Files): void {
  for (const { name, facts } of root.all('policyRestrictions')) {
    if (String(facts?.get('requireBase').plain()) !== 'true') continue;
    const document = scopeOf(root, facts?.get('scope').text() ?? '')?.policy;
    if (document) reportWithout(document, name, files);
  }
}

/** What `/products/gold` or `/apis/orders/operations/list` names, also behind the id of the instance. */
function scopeOf(root: Resource, scope: string): Resource | undefined {
  const path = scope
    .replace(/^.*\/service\/[^/]*/i, '')
    .split('/')
    .filter(Boolean);
  let found: Resource | undefined = path.length > 0 ? root : undefined;
  for (let at = 0; at < path.length; at += 2) found = found?.find(path[at] ?? '', path[at + 1] ?? '');
  return found;
}

function reportWithout({ file, elements }: PolicyDocument, restriction: string, files: Files): void {
  for (const section of elements.flatMap(({ children }) => children).filter(isElement)) {
    if (!holdsBase(section))
      files.report({ severity: 'error', ...faults.restricted(restriction, section.name), file, span: section.nameSpan });
  }
}

function holdsBase({ children }: XmlElement): boolean {
  return children.some((node) => isElement(node) && (node.name === 'base' || holdsBase(node)));
}
