import { argument, argumentNull } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import type { StringReaderValue, StringWriterValue } from '../text/reader-writer.ts';
import { required } from '../text/string-parts.ts';
import { castOperators } from './casts.ts';
import { addContent, xmlText } from './content.ts';
import { NamespaceValue, type NameValue } from './names.ts';
import { elementLoading, savingMembers } from './node-io.ts';
import { AttributeValue, ElementValue, nodeOf } from './nodes.ts';
import { parseElement } from './parse.ts';
import { namespaceInScope, prefixInScope, writeNode } from './write.ts';

type Name = NameValue | null;
const PRESERVE_WHITESPACE = 1;

function create(runtime: Runtime, name: Name, content: unknown): ElementValue {
  const element = new ElementValue(nodeOf(name, 'name'));
  addContent(runtime, element, content);
  return element;
}

function createMany(runtime: Runtime, name: Name, content: readonly unknown[] | null): ElementValue {
  const element = new ElementValue(nodeOf(name, 'name'));
  for (const item of content ?? []) addContent(runtime, element, item);
  return element;
}

function setAttribute(element: ElementValue, name: Name, value: unknown): void {
  const existing = element.attribute(nodeOf(name, 'name'));
  if (value === null) existing?.remove();
  else if (existing !== null) existing.value = xmlText(value);
  else if (name !== null) element.addAttribute(new AttributeValue(name, xmlText(value)));
}

function setElement(runtime: Runtime, element: ElementValue, name: Name, value: unknown): void {
  const existing = element.element(nodeOf(name, 'name'));
  if (value === null) existing?.remove();
  else if (existing !== null) existing.setText(xmlText(value));
  else element.insert(create(runtime, name, xmlText(value)), null);
}

function replaceAll(runtime: Runtime, element: ElementValue, content: readonly unknown[]): void {
  const kept = snapshot(content);
  element.removeNodes();
  element.removeAttributes();
  element.open = false;
  for (const item of kept) addContent(runtime, element, item);
}

function replaceAttributes(runtime: Runtime, element: ElementValue, content: readonly unknown[]): void {
  const kept = snapshot(content);
  element.removeAttributes();
  for (const item of kept) addContent(runtime, element, item);
}

/** Content may be a query over what is about to be removed: it is run before. */
function snapshot(content: readonly unknown[]): unknown[] {
  return content.map((item) =>
    typeof item === 'object' && item !== null && Symbol.iterator in item && !Array.isArray(item) ? [...(item as Iterable<unknown>)] : item,
  );
}

function defaultNamespace(element: ElementValue): NamespaceValue {
  return new NamespaceValue(namespaceInScope(element, '') ?? '');
}

function namespaceOfPrefix(element: ElementValue, prefix: string | null): NamespaceValue | null {
  const wanted = required(prefix, 'prefix');
  if (wanted === '') throw argument('The value cannot be an empty string.', 'prefix');
  const uri = namespaceInScope(element, wanted);
  return uri === null ? null : new NamespaceValue(uri);
}

function* withAncestors(element: ElementValue, name?: Name): Generator<ElementValue> {
  for (let at: ElementValue | null = element; at !== null; at = at.parentElement) if (name === undefined || at.name.is(name)) yield at;
}

function* withDescendants(element: ElementValue, name?: Name): Generator<ElementValue> {
  if (name === undefined || element.name.is(name)) yield element;
  yield* element.descendants(name);
}

function* attributesNamed(element: ElementValue, name?: Name): Generator<AttributeValue> {
  for (const attribute of [...element.attributes]) if (name === undefined || attribute.name.is(name)) yield attribute;
}

function load(runtime: Runtime, reader: StringReaderValue | null, options = 0): ElementValue {
  return parseElement(required(reader, 'textReader').readToEnd(), (options & PRESERVE_WHITESPACE) !== 0, runtime.budget);
}

/** System.Xml.Linq.XElement. */
export const elementType: TypeDeclaration = declareType('class System.Xml.Linq.XElement : XContainer', 'all', {
  'XElement(XName name)': (name: Name) => new ElementValue(nodeOf(name, 'name')),
  'XElement(XName name, object content)': special((runtime, _types, name: Name, content: unknown) => create(runtime, name, content)),
  'XElement(XName name, params object[] content)': special((runtime, _types, name: Name, content: unknown[] | null) =>
    createMany(runtime, name, content),
  ),
  'XElement(XElement other)': (other: ElementValue | null) => nodeOf(other, 'other').clone(),
  'IEnumerable<XElement> AncestorsAndSelf()': (element: ElementValue) => again(() => withAncestors(element)),
  'IEnumerable<XElement> AncestorsAndSelf(XName name)': (element: ElementValue, name: Name) => again(() => withAncestors(element, name)),
  'XAttribute Attribute(XName name)': (element: ElementValue, name: Name) => element.attribute(name),
  'IEnumerable<XAttribute> Attributes()': (element: ElementValue) => again(() => attributesNamed(element)),
  'IEnumerable<XAttribute> Attributes(XName name)': (element: ElementValue, name: Name) => again(() => attributesNamed(element, name)),
  'IEnumerable<XNode> DescendantNodesAndSelf()': (element: ElementValue) =>
    again(function* () {
      yield element;
      yield* element.descendantNodes();
    }),
  'IEnumerable<XElement> DescendantsAndSelf()': (element: ElementValue) => again(() => withDescendants(element)),
  'IEnumerable<XElement> DescendantsAndSelf(XName name)': (element: ElementValue, name: Name) =>
    again(() => withDescendants(element, name)),
  'static IEnumerable<XElement> EmptySequence { get; }': () => [],
  'XAttribute FirstAttribute { get; }': (element: ElementValue) => element.attributes[0] ?? null,
  'XAttribute LastAttribute { get; }': (element: ElementValue) => element.attributes.at(-1) ?? null,
  'XNamespace GetDefaultNamespace()': defaultNamespace,
  'XNamespace GetNamespaceOfPrefix(string prefix)': namespaceOfPrefix,
  'string GetPrefixOfNamespace(XNamespace ns)': (element: ElementValue, namespace: NamespaceValue | null) =>
    prefixInScope(element, nodeOf(namespace, 'ns').uri),
  'bool HasAttributes { get; }': (element: ElementValue) => element.attributes.length > 0,
  'bool HasElements { get; }': (element: ElementValue) => !element.elements().next().done,
  'bool IsEmpty { get; }': (element: ElementValue) => element.isEmpty,
  ...elementLoading,
  ...savingMembers,
  'static XElement Load(System.IO.TextReader textReader)': special((runtime, _types, reader: StringReaderValue | null) =>
    load(runtime, reader),
  ),
  'static XElement Load(System.IO.TextReader textReader, LoadOptions options)': special(
    (runtime, _types, reader: StringReaderValue | null, options: number) => load(runtime, reader, options),
  ),
  'XName Name { get; set; }': {
    get: (element: ElementValue) => element.name,
    set: (element: ElementValue, name: Name) => {
      element.name = nodeOf(name, 'value');
    },
  },
  'static XElement Parse(string text)': special((runtime, _types, text: string | null) => parseElement(text, false, runtime.budget)),
  'static XElement Parse(string text, LoadOptions options)': special((runtime, _types, text: string | null, options: number) =>
    parseElement(text, (options & PRESERVE_WHITESPACE) !== 0, runtime.budget),
  ),
  'void RemoveAll()': special((runtime, _types, element: ElementValue) => replaceAll(runtime, element, [])),
  'void RemoveAttributes()': (element: ElementValue) => element.removeAttributes(),
  'void ReplaceAll(object content)': special((runtime, _types, element: ElementValue, content: unknown) =>
    replaceAll(runtime, element, [content]),
  ),
  'void ReplaceAll(params object[] content)': special((runtime, _types, element: ElementValue, content: unknown[]) =>
    replaceAll(runtime, element, content),
  ),
  'void ReplaceAttributes(object content)': special((runtime, _types, element: ElementValue, content: unknown) =>
    replaceAttributes(runtime, element, [content]),
  ),
  'void ReplaceAttributes(params object[] content)': special((runtime, _types, element: ElementValue, content: unknown[]) =>
    replaceAttributes(runtime, element, content),
  ),
  'void Save(System.IO.TextWriter textWriter)': special((runtime, _types, element: ElementValue, writer: StringWriterValue | null) =>
    required(writer, 'textWriter').write(runtime, `<?xml version="1.0" encoding="utf-16"?>\n${writeNode(element, true)}`),
  ),
  'void Save(System.IO.TextWriter textWriter, SaveOptions options)': special(
    (runtime, _types, element: ElementValue, writer: StringWriterValue | null, options: number) => {
      const indented = (options & 1) === 0;
      required(writer, 'textWriter').write(
        runtime,
        `<?xml version="1.0" encoding="utf-16"?>${indented ? '\n' : ''}${writeNode(element, indented)}`,
      );
    },
  ),
  'void SetAttributeValue(XName name, object value)': setAttribute,
  'void SetElementValue(XName name, object value)': special((runtime, _types, element: ElementValue, name: Name, value: unknown) =>
    setElement(runtime, element, name, value),
  ),
  'void SetValue(object value)': (element: ElementValue, value: unknown) => {
    if (value === null) throw argumentNull('value');
    element.setText(xmlText(value));
  },
  'string Value { get; set; }': {
    get: (element: ElementValue) => element.value,
    set: (element: ElementValue, value: string | null) => element.setText(required(value, 'value')),
  },
  ...castOperators('XElement', 'element'),
});

/** A sequence that can be gone through more than once, each time anew. */
export function again<T>(start: () => Iterator<T>): Iterable<T> {
  return { [Symbol.iterator]: start };
}
