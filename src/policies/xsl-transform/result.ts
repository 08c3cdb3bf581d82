/** The result tree while it is built; also what a variable with content holds. */
import type { Budget } from '../../csharp/runtime/budget.ts';
import { NameValue, XMLNS_NAMESPACE } from '../../dotnet/xml/names.ts';
import {
  AttributeValue,
  CommentValue,
  ContainerValue,
  DocumentValue,
  ElementValue,
  InstructionValue,
  type NodeValue,
  TextValue,
} from '../../dotnet/xml/nodes.ts';
import { prefixInScope } from '../../dotnet/xml/write.ts';
import { transformFailure } from './errors.ts';
import type { QName } from './names.ts';

/** A tree fragment: a root that may hold several elements, and text. */
export class Fragment extends DocumentValue {
  override insert(node: NodeValue, before: NodeValue | null): NodeValue {
    return ContainerValue.prototype.insert.call(this, node, before);
  }
}

/** An element that remembers the prefix it is to be written with. */
class ResultElement extends ElementValue {
  readonly prefix: string;

  constructor(name: QName) {
    super(new NameValue(name.local, name.uri));
    this.prefix = name.prefix;
  }
}

class ResultAttribute extends AttributeValue {
  readonly prefix: string;

  constructor(name: QName, value: string) {
    super(new NameValue(name.local, name.uri), value);
    this.prefix = name.prefix;
  }
}

/** Text written without escaping. */
export class RawText extends TextValue {}

export class ResultBuilder {
  readonly root = new Fragment();
  readonly #budget: Budget;
  #at: ContainerValue = this.root;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  text(value: string, raw = false): void {
    if (value === '') return;
    this.#count(value.length);
    const { last } = this.#at;
    if (raw || !(last instanceof TextValue) || last instanceof RawText)
      this.#at.insert(raw ? new RawText(value) : new TextValue(value), null);
    else last.value += value;
  }

  /** Opens an element, runs `content`, closes it. */
  element(name: QName, content: () => void): void {
    this.#count(name.local.length);
    const outer = this.#at;
    const element = new ResultElement(name);
    outer.insert(element, null);
    this.#at = element;
    content();
    this.#at = outer;
  }

  attribute(name: QName, value: string): void {
    this.#count(value.length + name.local.length);
    const element = this.#owner();
    element.attribute(new NameValue(name.local, name.uri))?.remove();
    element.addAttribute(new ResultAttribute(name, value));
  }

  /** Declares a namespace on the open element; the prefix `''` is the default one. */
  namespace(prefix: string, uri: string): void {
    if (!(this.#at instanceof ElementValue)) return;
    const name = prefix === '' ? new NameValue('xmlns') : new NameValue(prefix, XMLNS_NAMESPACE);
    if (this.#at.attribute(name) === null) this.#at.addAttribute(new AttributeValue(name, uri));
  }

  comment(value: string): void {
    this.#count(value.length);
    this.#at.insert(new CommentValue(value.replace(/-(?=-)/g, '- ').replace(/-$/, '- ')), null);
  }

  instruction(target: string, data: string): void {
    this.#count(data.length);
    this.#at.insert(new InstructionValue(target, data.replaceAll('?>', '? >')), null);
  }

  /** A deep copy of a node of any tree. */
  copy(node: NodeValue | AttributeValue): void {
    if (node instanceof AttributeValue) this.attribute(nameOf(node), node.value);
    else if (node instanceof ElementValue) this.#copyElement(node);
    else if (node instanceof ContainerValue) for (const child of node.nodes()) this.copy(child);
    else if (node instanceof TextValue) this.text(node.value, node instanceof RawText);
    else if (node instanceof CommentValue) this.comment(node.value);
    else if (node instanceof InstructionValue) this.instruction(node.target, node.data);
  }

  #copyElement(element: ElementValue): void {
    this.element(nameOf(element), () => {
      for (const attribute of element.attributes) {
        if (!attribute.isNamespaceDeclaration) this.attribute(nameOf(attribute), attribute.value);
        else this.namespace(attribute.name.uri === '' ? '' : attribute.name.local, attribute.value);
      }
      for (const child of element.nodes()) this.copy(child);
    });
  }

  #owner(): ElementValue {
    if (this.#at instanceof ElementValue && this.#at.first === null) return this.#at;
    throw transformFailure(
      'Attribute and namespace nodes cannot be added to the parent element after a text, comment, pi, or sub-element node have already been added.',
    );
  }

  #count(size: number): void {
    this.#budget.step();
    this.#budget.allocate(size);
  }
}

/** The name of a node of any tree with the prefix that stands for its namespace there. */
export function nameOf(node: ElementValue | AttributeValue): QName {
  const { local, uri } = node.name;
  if (node instanceof ResultElement || node instanceof ResultAttribute) return { prefix: node.prefix, local, uri };
  const element = node instanceof ElementValue ? node : node.parentElement;
  const prefix = uri === '' || element === null ? '' : (prefixInScope(element, uri) ?? '');
  return { prefix, local, uri };
}
