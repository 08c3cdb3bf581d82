/** The policy documents of a directory as files to edit: only those that the gateway has read, each a file of its own. */
import { createHash, randomUUID } from 'node:crypto';
import { lstatSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { EmbeddedSource } from '../../source/embedded.ts';
import { errorText } from '../../source/error-text.ts';
import type { Workspace } from '../../workspace/model.ts';
import type { PolicyDocument } from '../../xml/tree.ts';

/** Largest document that is edited: four times what the service takes. */
export const LARGEST_DOCUMENT = 1024 * 1024;

export interface DocumentRow {
  /** As diagnostics and steps name it. */
  readonly file: string;
  readonly scope: string;
  /** What it belongs to: an API, an operation, a product. Empty for the global document. */
  readonly title: string;
  readonly api: string | null;
  readonly operation: string | null;
}

export interface DocumentText extends DocumentRow {
  readonly text: string;
  /** Of the text on disk; `save` asks for it. */
  readonly version: string;
}

export type SaveOutcome =
  | { readonly kind: 'saved'; readonly version: string }
  /** Somebody else has changed the file since. */
  | { readonly kind: 'conflict'; readonly text: string; readonly version: string }
  | { readonly kind: 'refused'; readonly reason: string };

export function documentRows(workspace: Workspace): DocumentRow[] {
  const spaces = [...new Set([...workspace.apis, ...workspace.products].flatMap(({ space }) => (space ? [space] : [])))];
  const all = [
    ...row(workspace.globalPolicy, 'global', 'all APIs'),
    ...spaces.flatMap(({ id, policy }) => row(policy, 'workspace', id)),
    ...workspace.products.flatMap(({ info, policy }) => row(policy, 'product', info.name)),
    ...workspace.apis.flatMap(({ info, policy, operations, resolvers = [] }) => [
      ...row(policy, 'api', info.name, info.id),
      ...operations.flatMap((operation) =>
        row(operation.policy, 'operation', `${operation.info.method} ${operation.info.urlTemplate}`, info.id, operation.info.id),
      ),
      ...resolvers.flatMap((resolver) => row(resolver.policy, 'resolver', `${resolver.type}.${resolver.field}`, info.id)),
    ]),
    ...[...workspace.fragments, ...spaces.flatMap(({ fragments }) => [...fragments])].flatMap(([id, document]) =>
      row(document, 'fragment', id),
    ),
  ];
  return all.filter(({ file }, at) => all.findIndex((one) => one.file === file) === at);
}

function row(
  document: PolicyDocument | undefined,
  scope: string,
  title: string,
  api: string | null = null,
  operation: string | null = null,
): DocumentRow[] {
  // A document inside a template has no text of its own on disk.
  if (!document || document.file instanceof EmbeddedSource) return [];
  return [{ file: document.file.name, scope, title, api, operation }];
}

/** Undefined when it is none of the documents, or cannot be read. */
export function readDocumentText(workspace: Workspace, file: string): DocumentText | undefined {
  const found = documentRows(workspace).find((one) => one.file === file);
  const path = found && safePath(workspace, file);
  if (!found || path === undefined) return undefined;
  const text = readText(path);
  return text === undefined ? undefined : { ...found, text, version: versionOf(text) };
}

/** Writes in one piece, so that a reload never reads half a file; `version` is the one that was edited. */
export function saveDocument(workspace: Workspace, file: string, text: string, version: string): SaveOutcome {
  const known = documentRows(workspace).some((one) => one.file === file);
  const path = known ? safePath(workspace, file) : undefined;
  const current = path === undefined ? undefined : readText(path);
  if (path === undefined || current === undefined) return { kind: 'refused', reason: 'it is no policy document of this gateway' };
  if (versionOf(current) !== version) return { kind: 'conflict', text: current, version: versionOf(current) };
  try {
    replaceFile(path, text);
  } catch (error) {
    return { kind: 'refused', reason: errorText(error) };
  }
  return { kind: 'saved', version: versionOf(text) };
}

/** The real path, when it lies inside the directory: a link out of it is not followed. */
function safePath({ root }: Workspace, file: string): string | undefined {
  const path = resolve(file);
  try {
    if (!lstatSync(path).isFile()) return undefined;
    const real = realpathSync(path);
    const base = realpathSync(statSync(root).isFile() ? dirname(root) : root);
    const inside = relative(base, real);
    return inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || resolve(inside) === inside ? undefined : real;
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    if (statSync(path).size > LARGEST_DOCUMENT) return undefined;
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch {
    return undefined;
  }
}

function replaceFile(path: string, text: string): void {
  const { mode } = statSync(path);
  const beside = resolve(dirname(path), `.${randomUUID()}.portico`);
  writeFileSync(beside, text, { mode, flag: 'wx' });
  renameSync(beside, path);
}

function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
