/** What is wrong with open documents: told at each change, or when the editor asks. */
import { resolve } from 'node:path';
import type * as Lsp from 'vscode-languageserver/node';
import type { OpenText } from '../editor/open-text.ts';
import type { Projects } from '../editor/project.ts';
import type { Diagnostic } from '../source/diagnostic.ts';

/** How long typing must rest before the rules run that look at all of the directory. */
const REST_MILLISECONDS = 200;

export class OpenDiagnostics {
  readonly #projects: Projects;
  readonly #publish: (open: OpenText, problems: readonly Diagnostic[]) => void;
  readonly #pending = new Map<string, NodeJS.Immediate>();
  readonly #resting = new Map<string, NodeJS.Timeout>();
  readonly #found = new Map<string, { readonly open: OpenText; readonly problems: readonly Diagnostic[] }>();

  constructor(projects: Projects, publish: (open: OpenText, problems: readonly Diagnostic[]) => void) {
    this.#projects = projects;
    this.#publish = publish;
  }

  /** Keystrokes that come in together are answered once. */
  soon(open: OpenText): void {
    clearImmediate(this.#pending.get(open.uri));
    this.#pending.set(
      open.uri,
      setImmediate(() => void this.#tell(open)),
    );
  }

  async #tell(open: OpenText): Promise<void> {
    this.#pending.delete(open.uri);
    clearTimeout(this.#resting.get(open.uri));
    const problems = await this.#own(open);
    if (problems === undefined) return;
    this.#found.set(open.uri, { open, problems });
    this.#publish(open, problems);
    if (kindOf(open) === 'policy')
      this.#resting.set(
        open.uri,
        setTimeout(() => this.#tellMore(open, problems), REST_MILLISECONDS),
      );
  }

  #tellMore(open: OpenText, problems: readonly Diagnostic[]): void {
    this.#resting.delete(open.uri);
    const more = this.#projects.diagnoseOperations(open.file.name, open.file);
    if (more.length === 0) return;
    const all = inOrder([...problems, ...more]);
    this.#found.set(open.uri, { open, problems: all });
    this.#publish(open, all);
  }

  /** Everything, at once: for an editor that asks. */
  async of(open: OpenText): Promise<readonly Diagnostic[]> {
    const own = (await this.#own(open)) ?? [];
    const more = kindOf(open) === 'policy' ? this.#projects.diagnoseOperations(open.file.name, open.file) : [];
    const problems = inOrder([...own, ...more]);
    this.#found.set(open.uri, { open, problems });
    return problems;
  }

  /** What was found last, when it was found in this text. */
  last(open: OpenText): readonly Diagnostic[] {
    const found = this.#found.get(open.uri);
    if (found?.open.file === open.file) return found.problems;
    return kindOf(open) === 'policy' ? this.#projects.diagnose(open.file.name, open.file).problems : [];
  }

  close(uri: string): void {
    clearImmediate(this.#pending.get(uri));
    clearTimeout(this.#resting.get(uri));
    for (const map of [this.#pending, this.#resting, this.#found]) map.delete(uri);
  }

  async #own(open: OpenText): Promise<readonly Diagnostic[] | undefined> {
    switch (kindOf(open)) {
      case 'policy':
        return this.#projects.diagnose(open.file.name, open.file).problems;
      case 'test':
        return testProblems(open);
      case 'configuration':
        return this.#configurationProblems(open);
      default:
        return undefined;
    }
  }

  /** As on disk: the directory is read again when the file is saved. */
  #configurationProblems({ file }: OpenText): readonly Diagnostic[] {
    const problems = this.#projects.workspaceOf(file.name)?.problems ?? [];
    return problems.filter((problem) => resolve(problem.file.name) === file.name && problem.file.text === file.text);
  }
}

/** Tests are read by what runs them, which loads when a test file is opened. */
async function testProblems({ file }: OpenText): Promise<readonly Diagnostic[]> {
  const { readSuite } = await import('../testing/suite.ts');
  const problems: Diagnostic[] = [];
  readSuite(file.text, file.name, file.name, (problem) => problems.push(problem));
  return problems;
}

function inOrder(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  const once = problems.filter(({ code, span, message }) => {
    const key = `${code} ${span.start} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
  return once.sort((a, b) => a.span.start - b.span.start);
}

export type OpenKind = 'policy' | 'test' | 'configuration' | 'other';

export function kindOf({ uri, languageId }: Pick<OpenText, 'uri' | 'languageId'>): OpenKind {
  if (/\.(?:xml|cshtml)$/i.test(uri) || (!uri.startsWith('file:') && languageId === 'xml')) return 'policy';
  if (/\.test\.ya?ml$/i.test(uri)) return 'test';
  return /\/portico\.yaml$/.test(uri) ? 'configuration' : 'other';
}

/** One report a document, as the editor pulls them; the same id means the same report. */
export function fullReport(resultId: string, items: Lsp.Diagnostic[]): Lsp.FullDocumentDiagnosticReport {
  return { kind: 'full', resultId, items };
}
