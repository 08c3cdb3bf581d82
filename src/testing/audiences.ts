/** Audiences that the policies of a workspace ask for, so that a minted token fits without being told. */
import { policyDocuments } from '../workspace/documents.ts';
import type { Workspace } from '../workspace/model.ts';
import { textContent } from '../xml/content.ts';
import { childElements, childNamed, type PolicyDocument, type XmlElement } from '../xml/tree.ts';

export function audiencesOf(workspace: Workspace): string[] {
  const found = policyDocuments(workspace).flatMap((document) => document.elements.flatMap((root) => audiencesIn(root, document)));
  return [...new Set(found.map((text) => fillNamedValues(text, workspace)))];
}

function audiencesIn(element: XmlElement, document: PolicyDocument): string[] {
  if (element.name !== 'validate-jwt') return childElements(element).flatMap((child) => audiencesIn(child, document));
  const list = childNamed(element, 'audiences');
  if (!list) return [];
  return childElements(list).flatMap((audience) => {
    const value = textContent(audience, document.file);
    return value.kind === 'literal' ? [value.text.text.trim()] : [];
  });
}

function fillNamedValues(text: string, { namedValues }: Workspace): string {
  return text.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (all, name: string) => namedValues.get(name)?.value ?? all);
}
