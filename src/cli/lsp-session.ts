/** What the answers of the language server go by. */
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as Lsp from 'vscode-languageserver/node';
import { configNames } from '../editor/config-names.ts';
import { type Location, type NameUse, outermost } from '../editor/names.ts';
import { editorRange, OpenText, type PositionEncoding } from '../editor/open-text.ts';
import { Projects } from '../editor/project.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { SourceFile } from '../source/source-file.ts';
import { policyDocuments } from '../workspace/documents.ts';
import type { Workspace } from '../workspace/model.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import { kindOf, OpenDiagnostics } from './lsp-diagnostics.ts';
import { diagnosticOf } from './lsp-shapes.ts';

/** A request about a document. */
export type About = { readonly textDocument: { readonly uri: string } };
/** A request about a place of a document. */
export type AboutPlace = About & { readonly position: Lsp.Position };
type MakeDocuments = (texts: Lsp.TextDocumentsConfiguration<OpenText>) => Lsp.TextDocuments<OpenText>;

/** What makes a session: a connection, documents in its store, and the error of a request that cannot be done. */
export interface SessionParts {
  readonly connection: Lsp.Connection;
  readonly documents: MakeDocuments;
  readonly refusal: (message: string) => Error;
  /** Called with what is wrong with plugins when they are loaded. */
  readonly pluginsLoaded: (problems: readonly string[]) => void;
}

/** One editor: what it can do, what it has open, and the policy directories around that. */
export class LspSession {
  readonly connection: Lsp.Connection;
  readonly documents: Lsp.TextDocuments<OpenText>;
  readonly refusal: (message: string) => Error;
  readonly projects: Projects;
  readonly diagnostics: OpenDiagnostics;
  client: Lsp.ClientCapabilities = {};
  encoding: PositionEncoding = 'utf-16';
  folders: readonly string[] = [];
  /** Whether the editor has the command behind the lens that debugs a test. */
  offersDebug = false;

  constructor({ connection, documents, refusal, pluginsLoaded }: SessionParts) {
    this.connection = connection;
    this.refusal = refusal;
    this.projects = new Projects(pluginsLoaded);
    this.diagnostics = new OpenDiagnostics(this.projects, (open, problems) => this.publish(open, problems));
    this.documents = documents({
      create: (uri, languageId, version, text) => new OpenText(uri, languageId, version, new SourceFile(pathOf(uri), text), this.encoding),
      update: (open, changes, version) => open.changed(changes, version),
    });
  }

  /** A policy document that is open. */
  policy({ textDocument: { uri } }: About) {
    const open = this.documents.get(uri);
    const document = open && this.policyIn(open);
    return document && { open, document, around: this.projects.around(open.file.name) };
  }

  /** The tree of an open policy document; undefined for files of another kind. */
  policyIn(open: OpenText): PolicyDocument | undefined {
    return kindOf(open) === 'policy' ? this.projects.read(open.file).document : undefined;
  }

  /** The same with the offset that is asked about. */
  at(params: AboutPlace) {
    const found = this.policy(params);
    return found && { ...found, offset: found.open.offsetAt(params.position) };
  }

  get engine(): Projects['expressions']['engine'] {
    return this.projects.expressions.engine;
  }

  /** The shared name at a place of a policy document, of portico.yaml or of a test. */
  nameAt(params: AboutPlace): { readonly use: NameUse; readonly open: OpenText } | undefined {
    const open = this.documents.get(params.textDocument.uri);
    if (open === undefined) return undefined;
    const offset = open.offsetAt(params.position);
    const document = this.policyIn(open);
    const use = document
      ? this.projects.names.at(document, offset)
      : /\.(?:ya?ml|json)$/i.test(open.uri)
        ? configNames(open.file).find(({ span }) => span.start <= offset && offset <= span.end)
        : undefined;
    return use && { use, open };
  }

  /** Tells the editor what is wrong. */
  publish(open: OpenText, problems: readonly Diagnostic[]): void {
    const diagnostics = this.shown(open, problems);
    void this.connection.sendDiagnostics({ uri: open.uri, version: open.version, diagnostics });
  }

  /** Problems in the protocol's shape, their places as the editor counts them. */
  shown(open: OpenText, problems: readonly Diagnostic[]): Lsp.Diagnostic[] {
    return problems.map((problem) => diagnosticOf(problem, open, (file, span) => this.location({ file, span })));
  }

  /** Every policy document of the folders that are open, as it stands in the editor or on disk. */
  allDocuments(): OpenText[] {
    const paths = this.directories().flatMap((workspace) => policyDocuments(workspace).map(({ file }) => resolve(file.name)));
    return [...new Set(paths)]
      .filter((path) => /\.(?:xml|cshtml)$/i.test(path))
      .flatMap((path) => {
        const uri = this.uri(path);
        const file = this.projects.textOf(path);
        return this.documents.get(uri) ?? (file ? [new OpenText(uri, 'xml', 0, file, this.encoding)] : []);
      });
  }

  /** The policy directories of open folders and files. */
  directories(): Workspace[] {
    const places = [...this.folders.map((folder) => resolve(folder, 'policy.xml')), ...this.documents.all().map(({ file }) => file.name)];
    const found = places.flatMap((path) => this.projects.currentWorkspaceOf(path) ?? []);
    return [...new Map(found.map((workspace) => [workspace.root, workspace])).values()];
  }

  /** A place in the file that holds it on disk. */
  location(place: Location): Lsp.Location {
    const { file, span: at } = outermost(place);
    return { uri: this.uri(resolve(file.name)), range: editorRange(file, at, this.encoding) };
  }

  /** As the editor spells it, when the file is open. */
  uri(path: string): string {
    return this.documents.all().find(({ file }) => file.name === path)?.uri ?? pathToFileURL(path).href;
  }
}

/** The path that a URI names; documents without one are taken to stand in the working directory. */
export function pathOf(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : resolve(uri.replace(/^[\w-]+:\/*/, ''));
}
