/** From documents to effective policies: sections, scopes, inheritance (gateway-model, sections 2.1 to 2.5). */
import type { ScopeName, SectionName } from '../exchange/events.ts';
import { ALL_SECTIONS, isSection } from '../policies/definition.ts';
import * as faults from '../policies/faults.ts';
import { policyNamed } from '../policies/registry.ts';
import type { StepList } from '../policies/step.ts';
import { type Diagnostic, inDocumentOrder } from '../source/diagnostic.ts';
import { readDocument } from '../xml/reader.ts';
import { childElements, type PolicyDocument, type XmlElement } from '../xml/tree.ts';
import { type DocumentContext, type PlaceContext, report } from './context.ts';
import { DECISIONS } from './decisions.ts';
import type { PolicyEnvironment } from './environment.ts';
import { compilePolicies } from './steps.ts';

export type Sections = Readonly<Record<SectionName, StepList>>;

/** One scope's document compiled with everything it inherits: its sections are what runs. */
export interface CompiledScope {
  readonly scope: ScopeName;
  readonly sections: Sections;
  /** Problems of this document alone. */
  readonly diagnostics: readonly Diagnostic[];
  /** Secret named values used here or in what is inherited. */
  readonly secrets: readonly string[];
}

/** What runs for one operation (and product): four flat lists. */
export interface EffectivePolicy {
  readonly sections: Sections;
  /** Problems of all documents, outermost scope first. */
  readonly diagnostics: readonly Diagnostic[];
  readonly secrets: readonly string[];
}

const EMPTY: Sections = { inbound: [], backend: [], outbound: [], 'on-error': [] };

/** What an instance without a global document behaves like. */
const DEFAULT_GLOBAL = '<policies><inbound /><backend><forward-request /></backend><outbound /><on-error /></policies>';

/** Everything wrong with one document, in document order. `scope` undefined: any scope will do (a lone file). */
export function checkDocument(document: PolicyDocument, scope: ScopeName | undefined, environment: PolicyEnvironment): Diagnostic[] {
  const context = documentContext(document, scope, environment, () => []);
  if (document.kind === 'fragment') compileFragment(document, context);
  else compileSections(document, context, EMPTY);
  return withoutRepeats(inDocumentOrder(context.diagnostics));
}

/**
 * Everything wrong with a fragment, whoever includes it: the service judges fragments when they are saved (gateway-model,
 * section 2.5). What has no value here is no fault of a fragment that may never run.
 */
export function checkFragment(document: PolicyDocument, environment: PolicyEnvironment): Diagnostic[] {
  const context = documentContext(document, undefined, { ...environment, assumesValues: true }, () => []);
  const root = document.elements[0];
  if (document.kind === 'fragment') compileFragment(document, context);
  else if (root) report(context, document.file, root.nameSpan, faults.wrongRoot(root.name));
  return withoutRepeats(inDocumentOrder(context.diagnostics));
}

/** Compiles one scope's document on top of the next wider scope. Keep the result to share it between chains. */
export function compileScope(
  document: PolicyDocument,
  scope: ScopeName,
  outer: CompiledScope | null,
  environment: PolicyEnvironment,
): CompiledScope {
  const inherited = outer?.sections ?? (scope === 'global' ? EMPTY : defaultGlobal(environment).sections);
  const context = documentContext(document, scope, environment, (section) => inherited[section]);
  const missing = scope === 'global' ? { ...EMPTY, backend: defaultBackend(document, environment) } : inherited;
  const sections = compileSections(document, context, missing);
  const secrets = [...new Set([...(outer?.secrets ?? []), ...context.secrets])];
  return { scope, sections, diagnostics: withoutRepeats(inDocumentOrder(context.diagnostics)), secrets };
}

/** A global document without `backend` counts as the default one for that section. */
function defaultBackend(document: PolicyDocument, environment: PolicyEnvironment): StepList {
  const hasBackend = document.elements.some(
    (root) => root.name === 'backend' || childElements(root).some((section) => section.name === 'backend'),
  );
  return hasBackend ? [] : defaultGlobal(environment).sections.backend;
}

/** The scope chain's start when there is no global document. */
export function defaultGlobal(environment: PolicyEnvironment): CompiledScope {
  const { document } = readDocument(DEFAULT_GLOBAL, '<default global policy>');
  const context = documentContext(document, 'global', environment, () => []);
  return { scope: 'global', sections: compileSections(document, context, EMPTY), diagnostics: [], secrets: [] };
}

/** The effective policy of a chain's narrowest scope. */
export function effectiveOf({ sections, diagnostics, secrets }: CompiledScope): EffectivePolicy {
  return { sections, diagnostics: withoutRepeats(diagnostics), secrets };
}

function documentContext(
  document: PolicyDocument,
  scope: ScopeName | undefined,
  environment: PolicyEnvironment,
  inherited: (section: SectionName) => StepList,
): DocumentContext {
  const context: DocumentContext = { environment, file: document.file, scope, inherited, diagnostics: [], secrets: new Set() };
  checkSize(document, context);
  return context;
}

/** Bytes that the service saves (gateway-model, sections 2.1 and 2.5). */
const LARGEST_DOCUMENT = 256 * 1024;
const LARGEST_FRAGMENT = 512 * 1024;

function checkSize(document: PolicyDocument, context: DocumentContext): void {
  const [first] = document.elements;
  const last = document.elements.at(-1);
  const [kind, limit] =
    document.kind === 'fragment' ? (['fragment', LARGEST_FRAGMENT] as const) : (['document', LARGEST_DOCUMENT] as const);
  // No character takes more than three bytes for each unit of its UTF-16 form.
  if (!first || !last || (last.span.end - first.span.start) * 3 <= limit) return;
  const bytes = new TextEncoder().encode(document.file.text.slice(first.span.start, last.span.end)).length;
  if (bytes > limit) report(context, document.file, first.nameSpan, faults.tooLarge(kind, Math.ceil(bytes / 1024), limit / 1024));
}

function compileSections(document: PolicyDocument, context: DocumentContext, missing: Sections): Sections {
  const sections: Record<SectionName, StepList> = DECISIONS.missingSectionInherits ? { ...missing } : { ...EMPTY };
  const seen = new Set<string>();
  for (const element of sectionElements(document, context)) {
    if (!isSection(element.name)) {
      refuseSection(element, context);
      continue;
    }
    if (seen.has(element.name)) report(context, document.file, element.nameSpan, faults.repeatedSection(element.name));
    seen.add(element.name);
    checkSection(element, context);
    sections[element.name] = compilePolicies(element, placeOf(context, element.name, false));
  }
  return sections;
}

/** The sections of `<policies>`; bare ones count too when the file stands alone. */
function sectionElements(document: PolicyDocument, context: DocumentContext): readonly XmlElement[] {
  const root = document.elements[0];
  if (document.kind === 'policies' && root) {
    for (const more of document.elements.slice(1)) report(context, document.file, more.nameSpan, faults.wrongRoot(more.name));
    refuseAttributes(root, context);
    return childElements(root);
  }
  if (document.kind === 'resolver' && root && policyNamed(root.name)) {
    compileBare(document, context);
    for (const more of document.elements.slice(1)) report(context, document.file, more.nameSpan, faults.wrongRoot(more.name));
    return [];
  }
  if (context.environment.standalone && document.kind === 'section') return document.elements;
  if (context.environment.standalone && document.kind === 'bare' && document.elements.every((element) => policyNamed(element.name))) {
    compileBare(document, context);
    return [];
  }
  if (root) report(context, document.file, root.nameSpan, faults.wrongRoot(root.name));
  return [];
}

/** A lone snippet without a root, or a resolver, is checked like a fragment. */
function compileBare(document: PolicyDocument, context: DocumentContext): void {
  const first = document.elements[0];
  if (!first) return;
  const root: XmlElement = { ...first, name: 'fragment', attributes: [], children: document.nodes };
  compilePolicies(root, placeOf(context, undefined, false));
}

function refuseAttributes(element: XmlElement, context: DocumentContext): void {
  for (const { name, nameSpan } of element.attributes) {
    if (!name.startsWith('xmlns')) report(context, context.file, nameSpan, faults.unknownAttribute(element.name, name, []), true);
  }
}

function checkSection(element: XmlElement, context: DocumentContext): void {
  refuseAttributes(element, context);
}

function refuseSection(element: XmlElement, context: DocumentContext): void {
  report(context, context.file, element.nameSpan, faults.unknownSection(element.name, ALL_SECTIONS), true);
}

function placeOf(document: DocumentContext, section: SectionName | undefined, inFragment: boolean): PlaceContext {
  return { document, file: document.file, section, prefix: '', inFragment, container: undefined, within: [] };
}

function compileFragment(document: PolicyDocument, context: DocumentContext): void {
  const root = document.elements[0];
  if (!root) return;
  for (const more of document.elements.slice(1)) report(context, document.file, more.nameSpan, faults.wrongRoot(more.name));
  refuseAttributes(root, context);
  compilePolicies(root, placeOf(context, undefined, true));
}

/** A fragment included twice is wrong once. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((diagnostic) => {
    const key = `${diagnostic.file.name} ${diagnostic.span.start} ${diagnostic.code} ${diagnostic.message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
