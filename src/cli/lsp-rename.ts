/** Renaming of what documents share, and of variables inside an expression. */
import { pathToFileURL } from 'node:url';
import type * as Lsp from 'vscode-languageserver/node';
import { isLocalName, localAt } from '../editor/locals.ts';
import { checkRenamable, RenameRefused, type Renaming, renaming } from '../editor/rename.ts';
import type { LspSession } from './lsp-session.ts';

export function renamable(session: LspSession, params: Lsp.PrepareRenameParams): { range: Lsp.Range; placeholder: string } | null {
  const named = session.nameAt(params);
  if (named) {
    refusing(session, () => checkRenamable(named.use, session.projects.around(named.open.file.name)));
    return { range: named.open.rangeOf(named.use.span), placeholder: named.use.name };
  }
  const at = session.at(params);
  const local = at && localAt(at.document, at.offset, session.engine);
  const place = local?.spans.find(({ start, end }) => at && start <= at.offset && at.offset <= end);
  return at && local && place ? { range: at.open.rangeOf(place), placeholder: local.name } : null;
}

export function rename(session: LspSession, params: Lsp.RenameParams): Lsp.WorkspaceEdit | null {
  const named = session.nameAt(params);
  if (named) {
    const document = session.policyIn(named.open);
    const around = session.projects.around(named.open.file.name);
    return workspaceEdit(
      session,
      refusing(session, () => renaming(named.use, params.newName, document, around)),
      params.newName,
    );
  }
  return renameLocal(session, params);
}

function renameLocal(session: LspSession, params: Lsp.RenameParams): Lsp.WorkspaceEdit | null {
  const at = session.at(params);
  const local = at && localAt(at.document, at.offset, session.engine);
  if (!at || !local) return null;
  if (!isLocalName(params.newName)) throw session.refusal(`\`${params.newName}\` cannot be the name of a variable in C#`);
  if (params.newName !== local.name && local.taken.has(params.newName))
    throw session.refusal(`there is a variable \`${params.newName}\` in this expression already`);
  return workspaceEdit(session, { places: local.spans.map((span) => ({ file: at.open.file, span })) }, params.newName);
}

/** A rename that cannot be done becomes the protocol's refusal. */
function refusing<T>(session: LspSession, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof RenameRefused ? session.refusal(error.message) : error;
  }
}

/** Files get their new names behind the changes of text, which go by the old ones. */
function workspaceEdit(session: LspSession, { places, move }: Renaming, newText: string): Lsp.WorkspaceEdit {
  const changes: Record<string, Lsp.TextEdit[]> = {};
  for (const place of places) {
    const { uri, range } = session.location(place);
    changes[uri] = [...(changes[uri] ?? []), { range, newText }];
  }
  if (!move && !session.client.workspace?.workspaceEdit?.documentChanges) return { changes };
  const edits = Object.entries(changes).map(([uri, list]): Lsp.TextDocumentEdit => {
    return { textDocument: { uri, version: session.documents.get(uri)?.version ?? null }, edits: list };
  });
  if (!move) return { documentChanges: edits };
  const rename: Lsp.RenameFile = { kind: 'rename', oldUri: pathToFileURL(move.from).href, newUri: pathToFileURL(move.to).href };
  return { documentChanges: [...edits, rename] };
}
