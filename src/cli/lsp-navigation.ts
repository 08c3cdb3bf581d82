/** Where names lead: definitions, references, highlights, links, and symbols of the whole directory. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Lsp from 'vscode-languageserver/node';
import { linksOf, testLinksOf } from '../editor/links.ts';
import { localAt } from '../editor/locals.ts';
import { definitionsAt, definitionsOf, usesOf } from '../editor/navigation.ts';
import type { OpenText } from '../editor/open-text.ts';
import { tagNamesAt } from '../editor/typing.ts';
import { type WorkspaceSymbol, workspaceSymbols } from '../editor/workspace-symbols.ts';
import type { Span } from '../source/span.ts';
import { kindOf } from './lsp-diagnostics.ts';
import type { AboutPlace, LspSession } from './lsp-session.ts';

export function definitions(session: LspSession, params: Lsp.DefinitionParams): Lsp.Location[] {
  const at = session.at(params);
  if (at) {
    const local = localAt(at.document, at.offset, session.engine)?.spans.slice(0, 1) ?? [];
    const found = definitionsAt(at.document, at.offset, at.around);
    return [...found, ...(found.length > 0 ? [] : local.map((span) => ({ file: at.open.file, span })))].map((one) => session.location(one));
  }
  const named = session.nameAt(params);
  if (!named) return [];
  return definitionsOf(named.use, undefined, session.projects.around(named.open.file.name)).map((one) => session.location(one));
}

export function references(session: LspSession, params: Lsp.ReferenceParams): Lsp.Location[] {
  const named = session.nameAt(params);
  if (!named) return localSpans(session, params).map(({ open, span }) => session.location({ file: open.file, span }));
  const document = session.policyIn(named.open);
  const uses = usesOf(named.use, document, session.projects.around(named.open.file.name));
  return uses.filter(({ isDefinition }) => params.context.includeDeclaration || !isDefinition).map((one) => session.location(one));
}

function localSpans(session: LspSession, params: AboutPlace): { readonly open: OpenText; readonly span: Span }[] {
  const at = session.at(params);
  const local = at && localAt(at.document, at.offset, session.engine);
  return at && local ? local.spans.map((span) => ({ open: at.open, span })) : [];
}

export function highlights(session: LspSession, params: Lsp.DocumentHighlightParams): Lsp.DocumentHighlight[] {
  const at = session.at(params);
  if (!at) return [];
  const use = at.around.names.at(at.document, at.offset);
  if (use)
    return at.around.names
      .uses(use, [at.document])
      .map(({ span, isDefinition }) => ({ range: at.open.rangeOf(span), kind: isDefinition ? 3 : 2 }));
  const locals = localAt(at.document, at.offset, session.engine)?.spans.map((span, i) => ({
    span,
    kind: i === 0 ? (3 as const) : (2 as const),
  }));
  const tags = tagNamesAt(at.document, at.offset).map((span) => ({ span, kind: 1 as const }));
  return (locals ?? tags).map(({ span, kind }) => ({ range: at.open.rangeOf(span), kind }));
}

export function documentLinks(session: LspSession, params: Lsp.DocumentLinkParams): Lsp.DocumentLink[] {
  const found = session.policy(params);
  const open = found?.open ?? session.documents.get(params.textDocument.uri);
  if (!open) return [];
  const links = found
    ? linksOf(found.document, found.around.workspace)
    : kindOf(open) === 'test'
      ? testLinksOf(open.file.text, open.file.name, existsSync)
      : [];
  return links.map(({ span, path }) => ({ range: open.rangeOf(span), target: pathToFileURL(path).href }));
}

/** LSP 3.17, SymbolKind: Variable, Constant, Module; what else has a name is shown as an Interface. */
function symbolKind(kind: WorkspaceSymbol['kind']): Lsp.SymbolKind {
  return kind === 'variable' ? 13 : kind === 'named value' ? 14 : kind === 'fragment' ? 2 : 11;
}

/** Names of the open directories that hold the letters of the query in their order. */
export function symbolsNamed(session: LspSession, query: string): Lsp.WorkspaceSymbol[] {
  return session.directories().flatMap((workspace) =>
    workspaceSymbols(workspace, session.projects.around(resolve(workspace.root, 'policy.xml')), query).map(
      ({ name, kind, container, place }) => ({
        name,
        kind: symbolKind(kind),
        containerName: container,
        location: session.location(place),
      }),
    ),
  );
}
