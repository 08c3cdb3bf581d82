/** Audiences that the policies of a workspace ask for, so that a minted token fits without being told. */
import { policyDocuments } from '../workspace/documents.ts';
import type { Workspace } from '../workspace/model.ts';
import { textContent } from '../xml/content.ts';
import { childElements, childNamed, type PolicyDocument, type XmlElement } from '../xml/tree.ts';

export function audiencesOf(workspace: Workspace): string[] {
  const found = policyDocuments(workspace).flatMap((document) => document.elements.flatMap((root) => audiencesIn(root, document)));
  return [...new Set(found.map((text) => fillNamedValues(text, workspace)))];
}

/** Policies that check tokens, and the lists in them that a token's `aud` has to be in. */
const LISTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['validate-jwt', ['audiences']],
  ['validate-azure-ad-token', ['audiences', 'backend-application-ids']],
]);

function audiencesIn(element: XmlElement, document: PolicyDocument): string[] {
  const lists = LISTS.get(element.name);
  if (!lists) return childElements(element).flatMap((child) => audiencesIn(child, document));
  const named = lists.map((name) => childNamed(element, name));
  return named
    .flatMap((list) => (list ? childElements(list) : []))
    .flatMap((audience) => {
      const value = textContent(audience, document.file);
      return value.kind === 'literal' ? [value.text.text.trim()] : [];
    });
}

export function fillNamedValues(text: string, { namedValues }: Workspace): string {
  return text.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (all, name: string) => namedValues.get(name)?.value ?? all);
}
