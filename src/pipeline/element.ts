/** Checks an element against its declaration and compiles its values: what policies then read. */

import type { Input, PolicyElement } from '../policies/compiler.ts';
import type { ElementDeclaration } from '../policies/definition.ts';
import * as faults from '../policies/faults.ts';
import { policyNamed } from '../policies/registry.ts';
import type { StepList } from '../policies/step.ts';
import { innerMarkup, textContent } from '../xml/content.ts';
import { attributeNamed, childElements, type Value, type XmlElement } from '../xml/tree.ts';
import { type PlaceContext, type ReadsSoFar, report } from './context.ts';
import { booleanInput, type CompiledValue, enumInput, numberInput, objectInput, textInput } from './inputs.ts';
import { substitute } from './named-values.ts';
import { compileValue } from './value-compiler.ts';

/** Compiles the policies inside an element; given by the caller, since policies nest. */
export type CompileInside = (xml: XmlElement, declaration: ElementDeclaration, path: string) => StepList;

export interface ElementRequest {
  readonly xml: XmlElement;
  readonly declaration: ElementDeclaration;
  readonly path: string;
  readonly place: PlaceContext;
  readonly reads: ReadsSoFar;
  readonly inside: CompileInside;
  /** Policies take an `id`, children that are none do not unless they declare it. */
  readonly isPolicy: boolean;
  /** The element around says `template="liquid"` for the body inside (invoke-dapr-binding). */
  readonly liquid?: boolean;
}

/** Checks and compiles an element with everything in it. Problems go to the document. */
export function compileElement(request: ElementRequest): PolicyElement {
  const attributes = compileAttributes(request);
  const { declaration } = request;
  const children = declaration.content === 'children' || declaration.content === 'mixed' ? compileChildren(request) : [];
  const content = compileContent(request);
  const steps = compileSteps(request);
  if (declaration.content === 'empty') refuseInside(request);
  return new CompiledElement(request, attributes, children, content, steps);
}

/** The policies inside: all that there is, or those that the declaration allows among its children. */
function compileSteps({ xml, declaration, path, inside }: ElementRequest): StepList {
  if (declaration.content === 'policies') return inside(xml, declaration, path);
  const { policies } = declaration;
  if (!policies || !childElements(xml).some(({ name }) => policies.includes(name))) return [];
  const children = xml.children.filter((child) => child.kind === 'element' && policies.includes(child.name));
  return inside({ ...xml, children }, { ...declaration, only: policies }, path);
}

function compileAttributes(request: ElementRequest): Map<string, CompiledValue> {
  const { xml, declaration, place } = request;
  const compiled = new Map<string, CompiledValue>();
  for (const attribute of xml.attributes) {
    const known = declaration.attributes.find((candidate) => candidate.name === attribute.name);
    if (!known) {
      checkUndeclared(request, attribute.name, attribute.nameSpan);
      continue;
    }
    if (known.inert) report(place.document, place.file, attribute.nameSpan, faults.inertAttribute(declaration.name, known.name));
    // A value of blanks alone means them: the separator of a claim.
    const keepBlanks = known.verbatim === true || (attribute.value.kind === 'literal' && attribute.value.text.text.trim() === '');
    const value = compileValue(attribute.value, { declaration: known, what: known.name, place, reads: request.reads, keepBlanks });
    if (value) compiled.set(known.name, value);
  }
  checkRequired(request);
  return compiled;
}

function checkUndeclared(request: ElementRequest, name: string, at: { readonly start: number; readonly end: number }): void {
  const { declaration, place, isPolicy } = request;
  if ((isPolicy && name === 'id') || name.startsWith('xmlns')) return;
  if (declaration.unsupported?.includes(name)) {
    report(place.document, place.file, at, faults.unsupportedAttribute(declaration.name, name), true);
    return;
  }
  const known = declaration.attributes.map((attribute) => attribute.name);
  report(place.document, place.file, at, faults.unknownAttribute(declaration.name, name, isPolicy ? [...known, 'id'] : known), true);
}

function checkRequired({ xml, declaration, place }: ElementRequest): void {
  for (const attribute of declaration.attributes) {
    if (attribute.required && !attributeNamed(xml, attribute.name))
      report(place.document, place.file, xml.nameSpan, faults.missingAttribute(attribute.name));
  }
  for (const { names, required } of declaration.oneOf ?? []) {
    const given = names.filter((name) => attributeNamed(xml, name));
    if (given.length > 1) report(place.document, place.file, xml.nameSpan, faults.tooManyOf(declaration.name, names));
    if (given.length === 0 && required) report(place.document, place.file, xml.nameSpan, faults.missingOneOf(declaration.name, names));
  }
}

function compileChildren(request: ElementRequest): PolicyElement[] {
  const { xml, declaration, place } = request;
  const known = declaration.children ?? [];
  const counts = new Map<string, number>();
  const compiled: PolicyElement[] = [];
  if (!declaration.anyOrder) checkOrder(request, known);
  for (const child of childElements(xml)) {
    const childDeclaration = known.find((candidate) => candidate.name === child.name);
    if (!childDeclaration) {
      if (declaration.policies?.includes(child.name)) continue;
      report(place.document, place.file, child.nameSpan, childFault(declaration, child.name), true);
      continue;
    }
    const count = (counts.get(child.name) ?? 0) + 1;
    counts.set(child.name, count);
    if (count === childDeclaration.max + 1)
      report(place.document, place.file, child.nameSpan, faults.tooManyChildren(xml.name, child.name, childDeclaration.max));
    const path = holdsPolicies(childDeclaration) ? `${request.path}/${child.name}[${count}]` : request.path;
    compiled.push(
      compileElement({ ...request, xml: child, declaration: childDeclaration, path, isPolicy: takesId(child.name), liquid: isLiquid(xml) }),
    );
  }
  for (const child of known) {
    if ((counts.get(child.name) ?? 0) < child.min)
      report(place.document, place.file, xml.nameSpan, faults.missingChild(xml.name, child.name));
  }
  if (declaration.content === 'children') refuseText(request);
  return compiled;
}

/** Policies take their `id` along when they are children of others; set-url has none (policies-a, common). */
function takesId(child: string): boolean {
  return child !== 'set-url' && policyNamed(child) !== undefined;
}

/** The schema lists children in sequence, and readers of such documents take any order: a warning (policies-a, common). */
function checkOrder({ xml, place }: ElementRequest, known: readonly ElementDeclaration[]): void {
  let latest = -1;
  for (const child of childElements(xml)) {
    const at = known.findIndex(({ name }) => name === child.name);
    if (at < 0) continue;
    const before = known[latest];
    if (at < latest && before) report(place.document, place.file, child.nameSpan, faults.childOrder(child.name, before.name));
    else latest = at;
  }
}

function holdsPolicies({ content, policies }: ElementDeclaration): boolean {
  return content === 'policies' || policies !== undefined;
}

function childFault(declaration: ElementDeclaration, name: string): faults.Fault {
  if (declaration.unsupportedChildren?.includes(name)) return faults.unsupportedChild(declaration.name, name);
  return faults.unknownChild(declaration.name, name, declaration.children?.map((one) => one.name) ?? []);
}

function compileContent(request: ElementRequest): CompiledValue | undefined {
  const { xml, declaration, place, reads } = request;
  if (!declaration.text) return undefined;
  if (declaration.content === 'text') refuseChildren(request);
  const value = declaration.content === 'body' ? bodyValue(xml, place) : textContent(xml, place.file);
  const isEmpty = value.kind === 'literal' && value.text.text.trim() === '';
  if (isEmpty && declaration.text.required) report(place.document, place.file, xml.nameSpan, faults.missingText(xml.name));
  if (isEmpty && declaration.content !== 'body' && declaration.text.type !== 'string') return undefined;
  const keepBlanks = declaration.content === 'body';
  if (keepBlanks && (request.liquid || isLiquid(xml))) return liquidText(value, place);
  return compileValue(value, { declaration: declaration.text, what: declaration.name, place, reads, keepBlanks });
}

/** Liquid writes its own `{{ }}`: only names that are named values are filled in, and no expressions (gateway-model, section 4). */
function liquidText(value: Value, place: PlaceContext): CompiledValue {
  const filled = substitute({ ...value, kind: 'literal' }, place.document.environment);
  for (const secret of filled.secrets) place.document.secrets.add(secret);
  return { literal: filled.value.text.text, expression: undefined, code: '' };
}

function isLiquid(xml: XmlElement): boolean {
  return attributeNamed(xml, 'template')?.value.text.text.trim().toLowerCase() === 'liquid';
}

/** Markup inside set-body is text of the body; a single `<value>` around the text is taken off. */
function bodyValue(xml: XmlElement, place: PlaceContext): Value {
  const elements = childElements(xml);
  const only = elements[0];
  if (only === undefined) return textContent(xml, place.file);
  const bare = textContent(xml, place.file).text.text.trim() === '';
  if (elements.length === 1 && only.name === 'value' && only.attributes.length === 0 && childElements(only).length === 0 && bare)
    return textContent(only, place.file);
  const text = innerMarkup(xml, place.file);
  return { kind: 'literal', text, span: text.sourceSpan({ start: 0, end: text.text.length }) };
}

function refuseInside(request: ElementRequest): void {
  refuseChildren(request);
  refuseText(request);
}

function refuseChildren({ xml, place }: ElementRequest): void {
  for (const child of childElements(xml))
    report(place.document, place.file, child.nameSpan, faults.unknownChild(xml.name, child.name, []), true);
}

function refuseText({ xml, place }: ElementRequest): void {
  for (const node of xml.children) {
    if ((node.kind === 'text' || node.kind === 'cdata') && (node.value.kind !== 'literal' || node.value.text.text.trim() !== ''))
      report(place.document, place.file, node.value.span, faults.unexpectedText(xml.name));
  }
}

class CompiledElement implements PolicyElement {
  readonly xml: XmlElement;
  readonly path: string;
  readonly #request: ElementRequest;
  readonly #attributes: ReadonlyMap<string, CompiledValue>;
  readonly #children: readonly PolicyElement[];
  readonly #content: CompiledValue | undefined;
  readonly #steps: StepList;

  constructor(
    request: ElementRequest,
    attributes: ReadonlyMap<string, CompiledValue>,
    children: readonly PolicyElement[],
    content: CompiledValue | undefined,
    steps: StepList,
  ) {
    this.xml = request.xml;
    this.path = request.path;
    this.#request = request;
    this.#attributes = attributes;
    this.#children = children;
    this.#content = content;
    this.#steps = steps;
  }

  get name(): string {
    return this.xml.name;
  }

  get #context() {
    return { path: this.path, limits: this.#request.place.document.environment.limits };
  }

  has(attribute: string): boolean {
    return this.#attributes.has(attribute);
  }

  literal(attribute: string): string | undefined {
    return this.#attributes.get(attribute)?.literal;
  }

  text(attribute: string): Input<string | null> | undefined {
    const declared = this.#request.declaration.attributes.find(({ name }) => name === attribute);
    return this.#input(attribute, declared?.type === 'enum' ? enumInput(attribute, declared.values ?? []) : textInput);
  }

  number(attribute: string): Input<number> | undefined {
    return this.#input(attribute, numberInput);
  }

  boolean(attribute: string): Input<boolean> | undefined {
    return this.#input(attribute, booleanInput);
  }

  object(attribute: string): Input<unknown> | undefined {
    return this.#input(attribute, objectInput);
  }

  content(): Input<string | null> | undefined {
    return this.#content && textInput(this.#content, this.#context);
  }

  contentObject(): Input<unknown> | undefined {
    return this.#content && objectInput(this.#content, this.#context);
  }

  children(name?: string): readonly PolicyElement[] {
    return name === undefined ? this.#children : this.#children.filter((child) => child.name === name);
  }

  steps(): StepList {
    return this.#steps;
  }

  #input<T>(
    attribute: string,
    make: (value: CompiledValue, context: { path: string; limits: ElementRequest['place']['document']['environment']['limits'] }) => T,
  ): T | undefined {
    const value = this.#attributes.get(attribute);
    return value && make(value, this.#context);
  }
}
