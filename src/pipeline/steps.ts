/** Lists of policies: base and fragments put in place, each policy checked and compiled to a step. */
import type { StepInfo } from '../exchange/events.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import type { PolicyCompiler } from '../policies/compiler.ts';
import { type ElementDeclaration, isSection, type PolicyDefinition } from '../policies/definition.ts';
import * as faults from '../policies/faults.ts';
import { KNOWN_POLICIES, policiesWithChild, policyNamed } from '../policies/registry.ts';
import type { CompiledStep, StepList } from '../policies/step.ts';
import type { Span } from '../source/span.ts';
import { attributeNamed, childElements, type XmlElement } from '../xml/tree.ts';
import { type PlaceContext, type ReadsSoFar, report } from './context.ts';
import { compileElement } from './element.ts';
import { substitute } from './named-values.ts';

/** Compiles the policies that are children of an element. */
export function compilePolicies(parent: XmlElement, place: PlaceContext): StepList {
  const steps: CompiledStep[] = [];
  const counts = new Map<string, number>();
  refuseLooseText(parent, place);
  for (const xml of childElements(parent)) {
    const count = (counts.get(xml.name) ?? 0) + 1;
    counts.set(xml.name, count);
    steps.push(...compilePolicy(xml, `${place.prefix}${xml.name}[${count}]`, place));
    if (count === 2 && place.container === undefined) checkOnce(xml, place);
  }
  return steps;
}

function refuseLooseText(parent: XmlElement, place: PlaceContext): void {
  for (const node of parent.children) {
    if (node.kind !== 'text' && node.kind !== 'cdata') continue;
    if (node.value.kind !== 'literal' || node.value.text.text.trim() !== '')
      report(place.document, place.file, node.value.span, faults.unexpectedText(parent.name));
  }
}

function checkOnce(xml: XmlElement, place: PlaceContext): void {
  const definition = policyNamed(xml.name);
  if (definition?.cardinality === 'once-per-section' && place.section)
    report(place.document, place.file, xml.nameSpan, faults.repeatedPolicy(xml.name, place.section));
}

function compilePolicy(xml: XmlElement, path: string, place: PlaceContext): StepList {
  if (xml.name === 'base') return compileBase(xml, path, place);
  const definition = policyNamed(xml.name);
  if (!definition) return place.inFragment && isSection(xml.name) ? refuseSection(xml, place) : refusePolicy(xml, path, place);
  checkPlace(xml, definition, place);
  if (xml.name === 'include-fragment') return includeFragment(xml, definition, path, place);
  return [compileStep(xml, definition, path, place)];
}

function compileBase(xml: XmlElement, path: string, place: PlaceContext): StepList {
  const definition = policyNamed('base');
  if (!place.inFragment) checkContainer(xml, place);
  if (place.inFragment) report(place.document, place.file, xml.nameSpan, faults.baseInFragment());
  else if (definition) compileElement({ xml, declaration: definition, path, place, reads: noReads(), inside: () => [], isPolicy: true });
  return place.inFragment || !place.section ? [] : place.document.inherited(place.section);
}

function noReads(): ReadsSoFar {
  return { request: false, response: false };
}

function refuseSection(xml: XmlElement, place: PlaceContext): StepList {
  report(place.document, place.file, xml.nameSpan, faults.sectionInFragment(xml.name));
  return [];
}

/** Unknown: an error, or in lenient mode a warning and a step that fails when it is reached. */
function refusePolicy(xml: XmlElement, path: string, place: PlaceContext): StepList {
  const fault = faults.unknownPolicy(xml.name, KNOWN_POLICIES, policiesWithChild(xml.name));
  report(place.document, place.file, xml.nameSpan, fault, true);
  const info = stepInfo(xml, path, place);
  return [{ info, reads: noReads(), run: () => fail(fault.message) }];
}

function fail(message: string): never {
  throw new PolicyError({ reason: 'PolicyNotSupported', message });
}

/** Documents of GraphQL resolvers: policies that stand nowhere else. */
const RESOLVERS: ReadonlySet<string> = new Set(['http-data-source', 'sql-data-source', 'cosmosdb-data-source', 'graphql-data-source']);

function checkPlace(xml: XmlElement, definition: PolicyDefinition, place: PlaceContext): void {
  const { document, file, section, container } = place;
  // Inside a data source no section counts: what may stand there is its own list.
  const inResolver = place.within.some((name) => RESOLVERS.has(name)) || (container && RESOLVERS.has(definition.name));
  if (section && !definition.sections.includes(section) && !inResolver)
    report(document, file, xml.nameSpan, faults.wrongSection(xml.name, section, definition.sections));
  if (document.scope && !definition.scopes.includes(document.scope))
    report(document, file, xml.nameSpan, faults.wrongScope(xml.name, document.scope, definition.scopes));
  checkContainer(xml, place);
}

/** A fragment's policies are checked one by one: where it stands they do. */
function checkContainer(xml: XmlElement, { document, file, container }: PlaceContext): void {
  if (!container || xml.name === 'include-fragment') return;
  const refused = (container.only && !container.only.includes(xml.name)) || container.except?.includes(xml.name);
  if (refused) report(document, file, xml.nameSpan, faults.refusedInside(xml.name, container.name));
}

function includeFragment(xml: XmlElement, definition: PolicyDefinition, path: string, place: PlaceContext): StepList {
  const element = compileElement({ xml, declaration: definition, path, place, reads: noReads(), inside: () => [], isPolicy: true });
  if (place.inFragment) report(place.document, place.file, xml.nameSpan, faults.nestedFragment());
  const id = element.literal('fragment-id');
  if (id === undefined || place.inFragment) return [];
  const { environment } = place.document;
  const fragment = environment.fragments.get(id);
  const root = fragment?.elements[0];
  if (!fragment || !root) {
    if (!environment.standalone)
      report(place.document, place.file, fragmentSpan(xml), faults.unknownFragment(id, [...environment.fragments.keys()]));
    return [];
  }
  if (fragment.kind !== 'fragment') {
    report(place.document, fragment.file, root.nameSpan, faults.wrongRoot(root.name));
    return [];
  }
  return compilePolicies(root, { ...place, file: fragment.file, prefix: `${path}/`, inFragment: true });
}

function fragmentSpan(xml: XmlElement): Span {
  return attributeNamed(xml, 'fragment-id')?.value.span ?? xml.nameSpan;
}

function stepInfo(xml: XmlElement, path: string, place: PlaceContext): StepInfo {
  const id = attributeNamed(xml, 'id');
  return {
    policy: xml.name,
    section: place.section ?? 'inbound',
    scope: place.document.scope ?? 'global',
    path,
    policyId: id ? substitute(id.value, place.document.environment).value.text.text : null,
    file: place.file,
    span: xml.span,
  };
}

function compileStep(xml: XmlElement, definition: PolicyDefinition, path: string, place: PlaceContext): CompiledStep {
  const info = stepInfo(xml, path, place);
  const reads = noReads();
  const inside = (inner: XmlElement, declaration: ElementDeclaration, innerPath: string) =>
    compileInside(inner, declaration, innerPath, place, definition);
  const element = compileElement({ xml, declaration: definition, path, place, reads, inside, isPolicy: true });
  const run = definition.compile(element, policyCompiler(info, place, reads));
  return { info, run, reads };
}

function compileInside(
  inner: XmlElement,
  declaration: ElementDeclaration,
  path: string,
  place: PlaceContext,
  definition: PolicyDefinition,
): StepList {
  const { only, except } = declaration;
  const within = [...place.within, definition.name];
  const container = { name: declaration.name, ...(only ? { only } : {}), ...(except ? { except } : {}) };
  return compilePolicies(inner, { ...place, section: declaration.actsAs ?? place.section, prefix: `${path}/`, container, within });
}

function policyCompiler(info: StepInfo, place: PlaceContext, reads: ReadsSoFar): PolicyCompiler {
  return {
    section: info.section,
    scope: info.scope,
    info,
    services: place.document.environment.services,
    standalone: place.document.environment.standalone,
    report: (fault, at) => report(place.document, place.file, at, fault),
    reads: (more) => {
      reads.request ||= more.request ?? false;
      reads.response ||= more.response ?? false;
    },
  };
}
