/** Names that documents share: variables, named values, fragments, backends. Where each stands. */

import { variableReads } from '../lint/code.ts';
import type { CodeSite, PolicySite } from '../lint/model.ts';
import { lintDocumentOf } from '../lint/sites.ts';
import { namedValueReferences } from '../pipeline/named-values.ts';
import { EmbeddedSource } from '../source/embedded.ts';
import type { SourceFile } from '../source/source-file.ts';
import { type Span, span } from '../source/span.ts';
import { isElement, type PolicyDocument, type Value, type XmlElement, type XmlNode } from '../xml/tree.ts';

export type NameKind = 'variable' | 'named value' | 'fragment' | 'backend';

export interface Location {
  readonly file: SourceFile;
  readonly span: Span;
}

/** A place that holds a name, without quotes or braces. */
export interface NameUse extends Location {
  readonly kind: NameKind;
  readonly name: string;
  /** It gives the name its value; a variable may have several. */
  readonly isDefinition: boolean;
}

/** Documents are never changed: what was found in one holds as long as it lives. */
export class NamesByDocument {
  readonly #known = new WeakMap<PolicyDocument, readonly NameUse[]>();

  of(document: PolicyDocument): readonly NameUse[] {
    const known = this.#known.get(document) ?? namesIn(document);
    this.#known.set(document, known);
    return known;
  }

  at(document: PolicyDocument, offset: number): NameUse | undefined {
    return this.of(document).find(({ span: { start, end } }) => start <= offset && offset <= end);
  }

  /** Every place in the documents that holds the name. */
  uses({ kind, name }: Pick<NameUse, 'kind' | 'name'>, documents: readonly PolicyDocument[]): NameUse[] {
    return documents.flatMap((document) => this.of(document)).filter((use) => use.kind === kind && use.name === name);
  }
}

/** In the order of the document, variables last. */
function namesIn(document: PolicyDocument): NameUse[] {
  const { policies, code } = lintDocumentOf(document, undefined);
  return [...markupNames(document.nodes, document.file), ...policies.flatMap(variablesIn), ...code.flatMap(variableReadsIn)];
}

function markupNames(nodes: readonly XmlNode[], file: SourceFile): NameUse[] {
  return nodes.flatMap((node) => {
    if (!isElement(node)) return 'value' in node ? namedValuesIn(node.value, file) : [];
    const values = node.attributes.flatMap(({ value }) => namedValuesIn(value, file));
    return [...values, ...referencesIn(node, file), ...markupNames(node.children, file)];
  });
}

function namedValuesIn({ text }: Value, file: SourceFile): NameUse[] {
  if (!text.text.includes('{{')) return [];
  return namedValueReferences(text.text).map(({ name, start }) => {
    const at = text.text.indexOf(name, start);
    return { kind: 'named value', name, file, span: text.sourceSpan(span(at, at + name.length)), isDefinition: false };
  });
}

/** Attributes that name a resource; a value with a named value in it is not known before it is filled in. */
function referencesIn(element: XmlElement, file: SourceFile): NameUse[] {
  return element.attributes.flatMap(({ name: attribute, value }) => {
    const kind = attribute === 'backend-id' ? 'backend' : attribute === 'fragment-id' ? 'fragment' : undefined;
    const name = value.text.text.trim();
    if (kind === undefined || value.kind !== 'literal' || name === '' || name.includes('{{')) return [];
    if (kind === 'backend' && name === 'dapr') return [];
    const at = value.text.text.indexOf(name);
    return [{ kind, name, file, span: value.text.sourceSpan(span(at, at + name.length)), isDefinition: false }];
  });
}

function variablesIn({ name: policy, element, document: { file } }: PolicySite): NameUse[] {
  return element.attributes.flatMap(({ name, value }) => {
    const isName = policy === 'set-variable' ? name === 'name' : /(?:^|-)variable(?:-name)?$/.test(name);
    return isName && value.kind === 'literal'
      ? [{ kind: 'variable', file, span: value.span, name: value.text.text, isDefinition: true }]
      : [];
  });
}

/** The name inside the quotes of the string. */
function variableReadsIn(site: CodeSite): NameUse[] {
  return variableReads(site).flatMap((read) => {
    const literal = site.tree.text.indexOf(`"${read.name}"`, read.node.span.start);
    if (literal < 0 || literal > read.node.span.end) return [];
    const place = site.value.text.sourceSpan(span(literal + 1, literal + 1 + read.name.length));
    return [{ kind: 'variable', file: site.policy.document.file, span: place, name: read.name, isDefinition: false }];
  });
}

/** The place in the file on disk of one in a policy that stands inside another file. */
export function outermost({ file, span: place }: Location): Location {
  if (!(file instanceof EmbeddedSource)) return { file, span: place };
  return outermost({ file: file.content.file, span: file.content.sourceSpan(place) });
}
