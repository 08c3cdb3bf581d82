/** From a use to where it is defined: fragments, named values, wider scopes, variables; and renaming variables everywhere. */
import { resolve } from 'node:path';
import { parseExpression } from '../csharp/syntax/parser.ts';
import { variableReads } from '../lint/code.ts';
import type { CodeSite, PolicySite } from '../lint/model.ts';
import { lintDocumentOf } from '../lint/sites.ts';
import { namedValueReferences } from '../pipeline/named-values.ts';
import type { SourceFile } from '../source/source-file.ts';
import { type Span, span } from '../source/span.ts';
import { policyDocuments, scopedDocuments } from '../workspace/documents.ts';
import type { Workspace } from '../workspace/model.ts';
import { attributeNamed, childElements, type PolicyDocument, type Value } from '../xml/tree.ts';
import { decodedOffset, elementsAt, valueAt } from './place.ts';

export interface Location {
  readonly file: SourceFile;
  readonly span: Span;
}

/** Text of files that hold no policies: JSON and YAML of named values. */
export type ReadText = (path: string) => SourceFile | undefined;

export function definitionsAt(document: PolicyDocument, offset: number, workspace: Workspace | undefined, read: ReadText): Location[] {
  const value = valueAt(document.nodes, offset);
  const named = value && namedValueReferences(value.text.text).find(({ start, end }) => isInside(decodedOffset(value, offset), start, end));
  if (named) return workspace ? namedValueOf(named.name, workspace, read) : [];
  const elements = elementsAt(document, offset);
  const element = elements[elements.length - 1];
  if (element?.name === 'include-fragment') return fragmentOf(attributeNamed(element, 'fragment-id')?.value, workspace);
  if (element?.name === 'base') return wider(document, elements[elements.length - 2]?.name, workspace);
  const variable = variableAt(document, offset);
  return variable === undefined ? [] : writesOf(document, variable);
}

function isInside(at: number, start: number, end: number): boolean {
  return start <= at && at <= end;
}

function fragmentOf(id: Value | undefined, workspace: Workspace | undefined): Location[] {
  const fragment = id && workspace?.fragments.get(id.text.text.trim());
  return fragment ? [{ file: fragment.file, span: fragment.elements[0]?.nameSpan ?? span(0, 0) }] : [];
}

/** The same section of the next wider scope that has one. */
function wider(document: PolicyDocument, section: string | undefined, workspace: Workspace | undefined): Location[] {
  const own = workspace && scopedDocuments(workspace).find((one) => resolve(one.document.file.name) === resolve(document.file.name));
  for (const outer of own?.outer ?? []) {
    const found = outer.elements.flatMap(childElements).find(({ name }) => name === section);
    if (found) return [{ file: outer.file, span: found.nameSpan }];
  }
  return [];
}

/** Where portico.yaml or a JSON file of the directory gives the name a value. */
function namedValueOf(name: string, workspace: Workspace, read: ReadText): Location[] {
  const quoted = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`"displayName"\\s*:\\s*"(${quoted})"|^[ \\t]*["']?(${quoted})["']?[ \\t]*:`, 'm');
  for (const path of workspace.files) {
    if (!/\.(?:json|ya?ml)$/i.test(path) || /\.test\.ya?ml$/i.test(path)) continue;
    const file = read(path);
    const found = file && pattern.exec(file.text);
    if (!found) continue;
    const start = found.index + found[0].lastIndexOf(name);
    return [{ file, span: span(start, start + name.length) }];
  }
  return [];
}

// ------------------------------------------------------------ variables

/** A place in a document that names a variable. */
interface VariableUse extends Location {
  readonly name: string;
  readonly isWrite: boolean;
}

/** The name of the variable at a place. */
export function variableAt(document: PolicyDocument, offset: number): string | undefined {
  return usesIn(document).find((use) => isInside(offset, use.span.start, use.span.end))?.name;
}

function writesOf(document: PolicyDocument, name: string): Location[] {
  return usesIn(document).filter((use) => use.isWrite && use.name === name);
}

/** Every place that names the variable, in this document or in all of the directory. */
export function usesOf(document: PolicyDocument, name: string, workspace: Workspace | undefined): Location[] {
  const others = workspace ? policyDocuments(workspace) : [];
  const all = [document, ...others.filter(({ file }) => resolve(file.name) !== resolve(document.file.name))];
  return all.flatMap(usesIn).filter((use) => use.name === name);
}

function usesIn(document: PolicyDocument): VariableUse[] {
  const { policies, code } = lintDocumentOf(document, undefined);
  return [...policies.flatMap(writesIn), ...code.flatMap(readsIn)];
}

function writesIn({ name: policy, element, document: { file } }: PolicySite): VariableUse[] {
  return element.attributes.flatMap(({ name, value }) => {
    const isName = policy === 'set-variable' ? name === 'name' : /(?:^|-)variable(?:-name)?$/.test(name);
    return isName && value.kind === 'literal' ? [{ file, span: value.span, name: value.text.text, isWrite: true }] : [];
  });
}

/** The name inside the quotes of the string. */
function readsIn(site: CodeSite): VariableUse[] {
  return variableReads(site).flatMap((read) => {
    const literal = site.tree.text.indexOf(`"${read.name}"`, read.node.span.start);
    if (literal < 0 || literal > read.node.span.end) return [];
    const place = site.value.text.sourceSpan(span(literal + 1, literal + 1 + read.name.length));
    return [{ file: site.policy.document.file, span: place, name: read.name, isWrite: false }];
  });
}

/** A name that may stand in an attribute and in a C# string without escapes. */
export function isVariableName(name: string): boolean {
  return /^[^"'<>&\\{}\s][^"'<>&\\{}]*$/.test(name) && parseExpression(`"${name}"`, 'single').errors.length === 0;
}
