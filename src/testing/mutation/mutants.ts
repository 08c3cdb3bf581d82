/** Small changes to a policy document that a good test notices. */
import type { SourceFile } from '../../source/source-file.ts';
import type { Span } from '../../source/span.ts';
import { attributeNamed, childElements, type PolicyDocument, type XmlAttribute, type XmlElement } from '../../xml/tree.ts';
import { CoveredFile } from '../coverage/coverage-map.ts';

export type MutantKind =
  | 'negate-condition'
  | 'drop-policy'
  | 'swap-any-all'
  | 'drop-base'
  | 'change-limit'
  | 'drop-required-value'
  | 'change-status';

export interface Mutant {
  readonly kind: MutantKind;
  readonly file: SourceFile;
  /** What is replaced, and by what. */
  readonly span: Span;
  readonly text: string;
  /** Start of the policy that a test must reach to notice; undefined: any policy of the document. */
  readonly owner: number | undefined;
  /** `1` to `2`, or what is left out. */
  readonly description: string;
}

/** What a test does that notices the change. */
export const NOTICED_BY: Readonly<Record<MutantKind, string>> = {
  'negate-condition': 'make one call for which the condition holds and one for which it does not, and expect what differs',
  'drop-policy': 'expect what only this policy brings about',
  'swap-any-all': 'make a call that brings one of the values but not all, and expect its outcome',
  'drop-base': 'expect what the wider scope does here',
  'change-limit': 'go up to the limit and one step beyond it, and expect where it ends',
  'drop-required-value': 'make a call that brings all but this value, and expect its outcome',
  'change-status': 'expect the status',
};

/** The document's text with the mutant in it. */
export function mutated({ file, span, text }: Mutant): string {
  return file.text.slice(0, span.start) + text + file.text.slice(span.end);
}

export function mutantsOf(document: PolicyDocument): Mutant[] {
  const finder = new MutantFinder(document);
  for (const element of document.elements) finder.visit(element, undefined, undefined);
  return finder.found.sort((a, b) => a.span.start - b.span.start);
}

/** Attributes that bound something, by policy. */
const LIMITS: Readonly<Record<string, readonly string[]>> = {
  'rate-limit': ['calls', 'renewal-period'],
  'rate-limit-by-key': ['calls', 'renewal-period'],
  quota: ['calls', 'bandwidth', 'renewal-period'],
  'quota-by-key': ['calls', 'bandwidth', 'renewal-period'],
  'limit-concurrency': ['max-count'],
  'llm-token-limit': ['tokens-per-minute', 'token-quota'],
  'azure-openai-token-limit': ['tokens-per-minute', 'token-quota'],
  retry: ['count', 'interval'],
  'validate-content': ['max-size'],
  'cache-store': ['duration'],
  'cache-store-value': ['duration'],
};

/** Values of which a caller must bring one or all; without children they have nothing to require. */
const REQUIRED: ReadonlySet<string> = new Set([
  'claim',
  'audience',
  'issuer',
  'application-id',
  'value',
  'address',
  'address-range',
  'identity',
  'origin',
]);
const REQUIRING: ReadonlySet<string> = new Set([
  'validate-jwt',
  'validate-azure-ad-token',
  'check-header',
  'validate-client-certificate',
  'ip-filter',
  'cors',
]);

/** Attributes that hold a status. */
const STATUSES: readonly string[] = ['failed-validation-httpcode', 'failed-check-httpcode', 'status-code'];

/** Nobody outside of the gateway sees whether these ran. */
const UNSEEN: ReadonlySet<string> = new Set(['trace', 'set-request-metric-dimension-value']);

class MutantFinder {
  readonly found: Mutant[] = [];
  readonly #file: SourceFile;
  readonly #policies: CoveredFile['policies'];

  constructor(document: PolicyDocument) {
    this.#file = document.file;
    this.#policies = new CoveredFile(document).policies;
  }

  /** `policy` is the policy around the element. */
  visit(element: XmlElement, parent: XmlElement | undefined, policy: XmlElement | undefined): void {
    const isPolicy = this.#policies.has(element.span.start);
    const owner = isPolicy ? element : policy;
    if (isPolicy && !UNSEEN.has(element.name)) this.#add('drop-policy', element.span, '', element, `<${element.name}>`);
    if (element.name === 'base') this.#add('drop-base', element.span, '', undefined, '<base />');
    if (owner && REQUIRING.has(owner.name) && element !== owner) this.#required(element, parent, owner);
    for (const attribute of element.attributes) this.#attribute(attribute, element, owner);
    for (const child of childElements(element)) this.visit(child, element, owner);
  }

  #attribute(attribute: XmlAttribute, element: XmlElement, owner: XmlElement | undefined): void {
    const { name, value } = attribute;
    const text = value.text.text;
    if (name === 'condition') this.#condition(attribute, owner);
    else if (name === 'match' && (text === 'any' || text === 'all') && childElements(element).length > 1)
      this.#add('swap-any-all', value.span, text === 'any' ? 'all' : 'any', owner, text);
    else if (LIMITS[element.name]?.includes(name) && /^\d+$/.test(text))
      this.#add('change-limit', value.span, String(Number(text) + 1), owner, `${name}="${text}"`);
    else if ((STATUSES.includes(name) || (name === 'code' && element.name === 'set-status')) && /^\d{3}$/.test(text))
      this.#add('change-status', value.span, String(Number(text) + 1), owner, `${name}="${text}"`);
  }

  #condition({ value }: XmlAttribute, owner: XmlElement | undefined): void {
    const text = value.text.text;
    if (value.kind === 'single') this.#add('negate-condition', value.span, `@(!(${text}))`, owner, `@(${text})`);
    else if (value.kind === 'multi')
      this.#add('negate-condition', value.span, `@(!((Func<bool>)(() => {${text}}))())`, owner, `@{${text}}`);
    else if (text === 'true' || text === 'false')
      this.#add('negate-condition', value.span, text === 'true' ? 'false' : 'true', owner, text);
  }

  #required(element: XmlElement, parent: XmlElement | undefined, owner: XmlElement): void {
    if (!REQUIRED.has(element.name)) return;
    // The last of a list takes the list with it, which may not be empty.
    const whole = parent && parent !== owner && parent.name !== 'claim' && childElements(parent).length === 1 ? parent : element;
    const name = attributeNamed(element, 'name')?.value.text.text;
    const written = this.#file.text.slice(element.span.start, element.span.end);
    this.#add('drop-required-value', whole.span, '', owner, name === undefined ? written : `<${element.name} name="${name}">`);
  }

  #add(kind: MutantKind, span: Span, text: string, owner: XmlElement | undefined, description: string): void {
    const change = text === '' ? `without ${description}` : `${description} -> ${text}`;
    this.found.push({ kind, file: this.#file, span, text, owner: owner?.span.start, description: change.replace(/\s+/g, ' ') });
  }
}
