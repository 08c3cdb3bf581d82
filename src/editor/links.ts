/** Places in a document that lead to files: fragments and schemas; in tests the policies. */
import { basename, dirname, resolve } from 'node:path';
import { type Span, span } from '../source/span.ts';
import type { Workspace } from '../workspace/model.ts';
import { childElements, type PolicyDocument, type XmlElement } from '../xml/tree.ts';

export interface DocumentLink {
  readonly span: Span;
  readonly path: string;
}

export function linksOf(document: PolicyDocument, workspace: Workspace | undefined): DocumentLink[] {
  if (workspace === undefined) return [];
  const visit = (element: XmlElement): DocumentLink[] => [...linksIn(element, workspace), ...childElements(element).flatMap(visit)];
  return document.elements.flatMap(visit);
}

function linksIn(element: XmlElement, workspace: Workspace): DocumentLink[] {
  return element.attributes.flatMap(({ name, value }) => {
    const id = value.text.text.trim();
    const path =
      name === 'fragment-id' ? workspace.fragments.get(id)?.file.name : name === 'schema-id' ? schemaFile(id, workspace) : undefined;
    return path === undefined ? [] : [{ span: value.span, path: resolve(path) }];
  });
}

/** `schemas/<id>/schemaInformation.json`, or whatever else lies in a folder of that name. */
function schemaFile(id: string, { files }: Workspace): string | undefined {
  return files.find((path) => basename(dirname(path)) === id && /schemas$/i.test(basename(dirname(dirname(resolve(path))))));
}

/** `policies: ..` of a test file, when it names something that is there. */
export function testLinksOf(text: string, file: string, exists: (path: string) => boolean): DocumentLink[] {
  return [...text.matchAll(/^([ \t]*policies:[ \t]*)(["']?)([^"'#\r\n]+?)\2[ \t]*(?:#.*)?$/gm)].flatMap(
    ({ index, 1: lead = '', 2: quote = '', 3: named = '' }) => {
      const path = resolve(dirname(file), named);
      const start = index + lead.length + quote.length;
      return exists(path) ? [{ span: span(start, start + named.length), path }] : [];
    },
  );
}
