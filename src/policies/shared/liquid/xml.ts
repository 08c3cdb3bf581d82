/**
 * XML as templates see it (policies-b.yaml, set-body-liquid: xml_binding): names without prefix and without regard to case,
 * an element without children is its text, an empty one nil; loops walk over the child elements.
 */
import { type ContainerValue, ElementValue } from '../../../dotnet/xml/nodes.ts';
import type { LiquidObject, LiquidValue } from './values.ts';

/** How elements with `xsi:nil="true"` appear. */
export type NilForm = 'blank' | 'null';

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

/** A document or element: its members are the child elements (a document's: the root). */
export function xmlValue(node: ContainerValue, nil: NilForm): LiquidValue {
  return new XmlMembers(node, nil);
}

function elementValue(element: ElementValue, nil: NilForm): LiquidValue {
  const isNil = element.attributes.some(({ name, value }) => name.uri === XSI && name.local === 'nil' && /^(?:true|1)$/.test(value.trim()));
  if (isNil) return nil === 'blank' ? '' : null;
  const hasMembers = !element.elements().next().done || plainAttributes(element).length > 0;
  if (hasMembers) return new XmlMembers(element, nil);
  return element.value === '' ? null : element.value;
}

function plainAttributes(node: ContainerValue) {
  return node instanceof ElementValue ? node.attributes.filter((one) => !one.isNamespaceDeclaration && one.name.uri !== XSI) : [];
}

class XmlMembers implements LiquidObject {
  readonly isLiquidObject = true;
  readonly #node: ContainerValue;
  readonly #nil: NilForm;
  #byName: Map<string, ElementValue[]> | undefined;

  constructor(node: ContainerValue, nil: NilForm) {
    this.#node = node;
    this.#nil = nil;
  }

  /** Several elements of one name are a list. */
  member(name: string): LiquidValue | undefined {
    const found = this.#children().get(name.toLowerCase());
    const [only] = found ?? [];
    if (only && found?.length === 1) return elementValue(only, this.#nil);
    if (found) return found.map((element) => elementValue(element, this.#nil));
    return plainAttributes(this.#node).find((one) => one.name.local.toLowerCase() === name.toLowerCase())?.value;
  }

  items(): readonly LiquidValue[] {
    return [...this.#node.elements()].map((element) => elementValue(element, this.#nil));
  }

  /** An element with attributes and text is written as its text. */
  text(): string {
    const { first } = this.#node;
    const isLeaf = this.#node.elements().next().done === true;
    return isLeaf && first !== null && this.#node instanceof ElementValue ? this.#node.value : '';
  }

  #children(): Map<string, ElementValue[]> {
    if (this.#byName) return this.#byName;
    const byName = new Map<string, ElementValue[]>();
    for (const element of this.#node.elements()) {
      const key = element.name.local.toLowerCase();
      const same = byName.get(key);
      if (same) same.push(element);
      else byName.set(key, [element]);
    }
    this.#byName = byName;
    return byName;
  }
}
