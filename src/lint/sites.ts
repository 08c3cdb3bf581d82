/** Finds the policies and expressions of a document. */
import type { ScopeName, SectionName } from '../exchange/events.ts';
import { type ElementDeclaration, isSection } from '../policies/definition.ts';
import { policyNamed } from '../policies/registry.ts';
import { childElements, type PolicyDocument, type Value, type XmlElement } from '../xml/tree.ts';
import { parseCode } from './code.ts';
import type { CodeSite, LintDocument, ParseCode, PolicySite } from './model.ts';

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** The document with its policies; `scope` undefined for a file that stands alone. */
export function lintDocumentOf(document: PolicyDocument, scope: ScopeName | undefined, parse: ParseCode = parseCode): LintDocument {
  return new Finder(document, scope, parse).document();
}

class Finder {
  readonly #result: Open<LintDocument> & { policies: PolicySite[]; code: CodeSite[] };

  readonly #parse: ParseCode;

  constructor(document: PolicyDocument, scope: ScopeName | undefined, parse: ParseCode) {
    this.#parse = parse;
    this.#result = { document, file: document.file, scope, sections: [], policies: [], code: [] };
  }

  document(): LintDocument {
    const { document } = this.#result;
    const roots = document.kind === 'policies' ? document.elements.flatMap(childElements) : document.elements;
    if (document.kind === 'policies' || document.kind === 'section') {
      this.#result.sections = roots.flatMap((element) => (isSection(element.name) ? [this.#section(element, element.name)] : []));
    } else {
      const holder = document.kind === 'fragment' ? document.elements[0] : undefined;
      const elements = holder ? childElements(holder) : roots;
      const policies = elements.flatMap((element) => this.#policy(element, undefined, undefined, holder));
      this.#result.sections = [{ name: undefined, element: holder, policies }];
    }
    return this.#result;
  }

  #section(element: XmlElement, name: SectionName): LintDocument['sections'][number] {
    return { name, element, policies: childElements(element).flatMap((child) => this.#policy(child, name, undefined, element)) };
  }

  #policy(
    element: XmlElement,
    section: SectionName | undefined,
    parent: PolicySite | undefined,
    container: XmlElement | undefined,
  ): PolicySite[] {
    const definition = policyNamed(element.name);
    if (definition === undefined) return [];
    const children: PolicySite[] = [];
    const code: CodeSite[] = [];
    const site: PolicySite = {
      name: element.name,
      element,
      definition,
      section,
      document: this.#result,
      parent,
      children,
      container,
      code,
    };
    this.#result.policies.push(site);
    this.#inside(element, definition, site, children, code);
    return [site];
  }

  /** Values and policies inside an element of a policy, in document order. */
  #inside(element: XmlElement, declaration: ElementDeclaration, site: PolicySite, children: PolicySite[], code: CodeSite[]): void {
    for (const { name, value } of element.attributes) this.#value(value, element, name, site, code);
    for (const node of element.children) {
      if (node.kind === 'text' || node.kind === 'cdata') this.#value(node.value, element, undefined, site, code);
      if (node.kind !== 'element') continue;
      // `set-header` and its like inside `send-request` are policies of their own, too.
      const policies = this.#policy(node, site.section, site, element);
      const child = policies.length > 0 ? undefined : declaration.children?.find(({ name }) => name === node.name);
      if (child !== undefined) this.#inside(node, child, site, children, code);
      children.push(...policies);
    }
  }

  #value(value: Value, element: XmlElement, attribute: string | undefined, policy: PolicySite, code: CodeSite[]): void {
    if (value.kind === 'literal') return;
    const parsed = this.#parse(value.text.text, value.kind);
    const site: CodeSite = {
      value,
      tree: parsed.tree,
      get nodes() {
        return parsed.nodes;
      },
      get reads() {
        return parsed.reads;
      },
      get literals() {
        return parsed.literals;
      },
      element,
      attribute,
      policy,
    };
    code.push(site);
    this.#result.code.push(site);
  }
}

/** A policy and everything inside it. */
export function withInner(site: PolicySite): PolicySite[] {
  return [site, ...site.children.flatMap(withInner)];
}

/** The policies around a policy, innermost first. */
export function around(site: PolicySite): PolicySite[] {
  const found: PolicySite[] = [];
  for (let at = site.parent; at !== undefined; at = at.parent) found.push(at);
  return found;
}
