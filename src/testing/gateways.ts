/** Gateways of a run, one for each thing that is tested: policies are read and compiled once, not once a test. */
import type { Expressions } from '../workspace/expressions.ts';
import type { ParsedFiles } from '../workspace/files.ts';
import type { Workspace } from '../workspace/model.ts';
import type { Guard } from './case.ts';
import type { TestGateway } from './contract.ts';
import { createPolicyGateway } from './gateway.ts';
import { loadSubject, readWorkspace, type Subject } from './prepare.ts';
import { createTestProvider, type TestProvider } from './provider.ts';
import type { TestCase } from './suite.ts';

export interface GatewaysOptions {
  readonly expressions: Expressions;
  /** Shares what it has read and who mints tokens. */
  readonly base?: Gateways | undefined;
  /** In place of those on disk, by the name they have in diagnostics. */
  readonly documents?: Subject['documents'];
  /** Entry of `environments` in portico.yaml. */
  readonly environmentName?: string | undefined;
  /** Told of each workspace that was made ready. */
  readonly made?: (workspace: Workspace, subject: Subject) => void;
  /** Cuts off tests that never end. */
  readonly guard?: Guard | undefined;
  /** Files of runs before, by what was tested, which are not parsed again as long as they are the same (watch mode). */
  readonly files?: KnownFiles | undefined;
}

export type KnownFiles = Map<string, ParsedFiles>;

export class Gateways {
  readonly #expressions: Expressions;
  readonly #provider: Promise<TestProvider>;
  readonly #documents: Subject['documents'];
  readonly #workspaces: Map<string, Workspace>;
  readonly #gateways = new Map<string, Promise<TestGateway>>();
  readonly #made: GatewaysOptions['made'];

  readonly #environmentName: string | undefined;

  readonly #files: KnownFiles | undefined;

  readonly guard: Guard | undefined;

  constructor({ expressions, base, documents, made, environmentName, guard = base?.guard, files }: GatewaysOptions) {
    this.guard = guard;
    this.#files = files;
    this.#environmentName = environmentName ?? (base ? base.#environmentName : undefined);
    this.#expressions = expressions;
    this.#made = made;
    this.#provider = base ? base.#provider : createTestProvider();
    this.#workspaces = base ? base.#workspaces : new Map();
    this.#documents = documents;
  }

  /** Throws PolicyProblems when the policies have errors. */
  of(test: TestCase): Promise<TestGateway> {
    const subject = subjectOf(test);
    const key = JSON.stringify(subject);
    let gateway = this.#gateways.get(key);
    if (!gateway) {
      gateway = this.#make({ ...subject, documents: this.#documents });
      this.#gateways.set(key, gateway);
    }
    return gateway;
  }

  /** As its policies were compiled with. */
  get expressions(): Expressions {
    return this.#expressions;
  }

  /** A gateway whose call did not come back is not used again. */
  drop(test: TestCase): void {
    this.#gateways.delete(JSON.stringify(subjectOf(test)));
  }

  /** As it was read from disk. */
  workspace(policies: string): Workspace {
    let workspace = this.#workspaces.get(policies);
    if (!workspace) {
      workspace = readWorkspace(policies, this.#environmentName, this.#files && (this.#files.get(policies) ?? new Map()));
      this.#workspaces.set(policies, workspace);
      if (workspace.parsed) this.#files?.set(policies, workspace.parsed);
    }
    return workspace;
  }

  async #make(subject: Subject): Promise<TestGateway> {
    const workspace = loadSubject({ ...subject, loaded: this.workspace(subject.policies) });
    this.#made?.(workspace, subject);
    return createPolicyGateway({ policies: subject.policies, workspace, expressions: this.#expressions, provider: await this.#provider });
  }
}

function subjectOf({ policies, section, expression, namedValues }: TestCase): Subject {
  return { policies, section, expression: expression?.text(), namedValues };
}
