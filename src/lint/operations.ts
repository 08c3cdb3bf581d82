/** What runs for each operation: the documents of its scopes put together, `<base />` and fragments filled in. */
import type { ScopeName, SectionName } from '../exchange/events.ts';
import { ALL_SECTIONS } from '../policies/definition.ts';
import type { Workspace } from '../workspace/model.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import type { LintDocument, LintOperation, PolicySite } from './model.ts';
import { withInner } from './sites.ts';

type DocumentOf = (document: PolicyDocument, scope: ScopeName | undefined) => LintDocument;

/** Without a product: policies of a product run in addition for its callers only. */
export function operationsOf(workspace: Workspace, documentOf: DocumentOf): LintOperation[] {
  return workspace.apis.flatMap((api) => {
    const composer = new Composer(api.space?.fragments ?? workspace.fragments, documentOf);
    return api.operations.map((operation) => {
      const chain: [PolicyDocument | undefined, ScopeName][] = [
        [workspace.globalPolicy, 'global'],
        [api.space?.policy, 'workspace'],
        [api.policy, 'api'],
        [operation.policy, 'operation'],
      ];
      const documents = chain.flatMap(([document, scope]) => (document ? [documentOf(document, scope)] : []));
      const sections = composer.sections(documents);
      const seen = new Set<PolicyDocument>();
      const policies = ALL_SECTIONS.flatMap((name) => sections[name]).flatMap((site) => composer.everything(site, seen));
      return { api, operation, documents, sections, policies };
    });
  });
}

type Sections = Record<SectionName, readonly PolicySite[]>;

class Composer {
  readonly #fragments: Workspace['fragments'];
  readonly #documentOf: DocumentOf;

  constructor(fragments: Workspace['fragments'], documentOf: DocumentOf) {
    this.#fragments = fragments;
    this.#documentOf = documentOf;
  }

  /** Outermost first; a section that a document leaves out is inherited. */
  sections(documents: readonly LintDocument[]): Sections {
    let outer: Sections = { inbound: [], backend: [], outbound: [], 'on-error': [] };
    for (const document of documents) {
      const inherited = outer;
      const own = (name: SectionName) => document.sections.find((section) => section.name === name);
      const compose = (name: SectionName) => own(name)?.policies.flatMap((site) => this.#filled(site, inherited[name])) ?? inherited[name];
      outer = { inbound: compose('inbound'), backend: compose('backend'), outbound: compose('outbound'), 'on-error': compose('on-error') };
    }
    return outer;
  }

  #filled(site: PolicySite, inherited: readonly PolicySite[]): readonly PolicySite[] {
    return site.name === 'base' ? inherited : [site];
  }

  /** A policy, those inside it, and those of fragments that it includes, each fragment once: some include each other. */
  everything(site: PolicySite, seen: Set<PolicyDocument>): PolicySite[] {
    return withInner(site).flatMap((inner) => {
      const id =
        inner.name === 'include-fragment'
          ? inner.element.attributes.find(({ name }) => name === 'fragment-id')?.value.text.text
          : undefined;
      const fragment = id === undefined ? undefined : this.#fragments.get(id.trim());
      if (fragment === undefined || seen.has(fragment)) return [inner];
      seen.add(fragment);
      const { sections } = this.#documentOf(fragment, undefined);
      return [inner, ...sections.flatMap(({ policies }) => policies).flatMap((policy) => this.everything(policy, seen))];
    });
  }
}
