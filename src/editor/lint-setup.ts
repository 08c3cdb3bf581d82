/** What portico.yaml of a directory says about linting, with the plugins that it names, as `portico lint` takes them. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { environmentVariable } from '../host/node-environment.ts';
import { customRulesOf, readLintConfig, unknownRule } from '../lint/config.ts';
import type { LintSeverity } from '../lint/lint.ts';
import type { CustomRule } from '../lint/model.ts';
import { readConfig } from '../workspace/config-file.ts';

export interface LintSetup {
  readonly severities: ReadonlyMap<string, LintSeverity>;
  /** Empty until the plugins are loaded. */
  readonly custom: readonly CustomRule[];
  readonly plugins: readonly string[];
}

export const NO_SETUP: LintSetup = { severities: new Map(), custom: [], plugins: [] };

export class LintSetups {
  readonly #known = new Map<string, LintSetup>();
  readonly #loaded: (problems: readonly string[]) => void;

  /** `loaded` is told when the plugins of a directory are there, with what is wrong with them. */
  constructor(loaded: (problems: readonly string[]) => void) {
    this.#loaded = loaded;
  }

  of(root: string): LintSetup {
    const known = this.#known.get(root);
    if (known) return known;
    const setup = readSetup(root);
    this.#known.set(root, setup);
    void this.#load(root, setup);
    return setup;
  }

  forget(): void {
    this.#known.clear();
  }

  isPlugin(path: string): boolean {
    return [...this.#known.values()].some(({ plugins }) => plugins.includes(path));
  }

  async #load(root: string, setup: LintSetup): Promise<void> {
    const problems: string[] = [];
    const custom = (await Promise.all(setup.plugins.map((file) => loadPlugin(file, problems)))).flat();
    for (const id of setup.severities.keys()) {
      const wrong = unknownRule(id, custom);
      if (wrong !== undefined) problems.push(`${join(root, 'portico.yaml')}: ${wrong}`);
    }
    if (this.#known.get(root) !== setup || (custom.length === 0 && problems.length === 0)) return;
    this.#known.set(root, { ...setup, custom });
    this.#loaded(problems);
  }
}

/** Mistakes of the file are for `portico check` to tell. */
function readSetup(root: string): LintSetup {
  const file = join(root, 'portico.yaml');
  if (!existsSync(file)) return NO_SETUP;
  const config = readConfig(
    readFileSync(file, 'utf8'),
    file,
    () => undefined,
    (name) => environmentVariable(name),
  );
  const { severities, plugins } = readLintConfig(config.get('lint'));
  return { severities, custom: [], plugins: plugins.map((name) => resolve(root, name)) };
}

/** A changed module is another one: modules are kept by their address. */
async function loadPlugin(file: string, problems: string[]): Promise<readonly CustomRule[]> {
  const version = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const rules = await import(`${pathToFileURL(file).href}?at=${version}`).then(customRulesOf, (error: unknown) => String(error));
  if (typeof rules !== 'string') return rules;
  problems.push(`the plugin \`${file}\` cannot be used: ${rules}`);
  return [];
}
