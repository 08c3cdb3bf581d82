/** What the editor of the page asks: diagnostics, completion, hovers, layout, all as the language server answers them. */
import { type Completion, completionsAt } from '../../editor/completion.ts';
import { hoverAt } from '../../editor/hover.ts';
import { Projects } from '../../editor/project.ts';
import { SourceFile } from '../../source/source-file.ts';
import { formatPolicy } from '../../workspace/format.ts';
import type { Workspace } from '../../workspace/model.ts';
import { readFile } from '../../xml/reader.ts';
import { type ProblemRow, problemRows } from './problems.ts';

/** Most completions that are sent back. */
const MOST = 500;

/** Looks at documents inside the directory that the gateway runs, with the values that it runs with. */
class LiveProjects extends Projects {
  readonly #workspace: () => Workspace;

  constructor(workspace: () => Workspace) {
    super();
    this.#workspace = workspace;
  }

  override workspaceOf(): Workspace {
    return this.#workspace();
  }
}

export class Workbench {
  readonly #projects: LiveProjects;
  readonly #mask: (text: string) => string;

  /** `mask` hides what a named value may have brought into a message. */
  constructor(workspace: () => Workspace, mask: (text: string) => string) {
    this.#projects = new LiveProjects(workspace);
    this.#mask = mask;
  }

  get expressions(): Projects['expressions'] {
    return this.#projects.expressions;
  }

  diagnose(file: string, text: string): ProblemRow[] {
    return problemRows(this.#projects.diagnose(file, text).problems, this.#mask);
  }

  complete(file: string, text: string, offset: number): Completion[] {
    const { document } = readFile(new SourceFile(file, text));
    const setting = { engine: this.#projects.expressions.engine, workspace: this.#projects.workspaceOf() };
    return completionsAt(document, offset, setting).slice(0, MOST);
  }

  hover(file: string, text: string, offset: number): { readonly from: number; readonly to: number; readonly text: string } | null {
    const { document } = readFile(new SourceFile(file, text));
    const found = hoverAt(document, offset, this.#projects.expressions.engine, this.#projects.workspaceOf());
    return found ? { from: found.span.start, to: found.span.end, text: this.#mask(found.text) } : null;
  }

  /** Null when the text cannot be laid out, because it is broken. */
  format(file: string, text: string): string | null {
    const { document, problems } = readFile(new SourceFile(file, text));
    if (problems.some(({ severity }) => severity === 'error')) return null;
    return formatPolicy(document);
  }
}
