import { argumentNull } from '../../csharp/runtime/exception.ts';
import { declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { castOperators } from './casts.ts';
import { xmlText } from './content.ts';
import type { NameValue } from './names.ts';
import { AttributeValue, nodeOf } from './nodes.ts';

function sibling(attribute: AttributeValue, step: 1 | -1): AttributeValue | null {
  const attributes = attribute.parentElement?.attributes ?? [];
  const at = attributes.indexOf(attribute);
  return at < 0 ? null : (attributes[at + step] ?? null);
}

function create(name: NameValue | null, value: unknown): AttributeValue {
  return new AttributeValue(nodeOf(name, 'name'), xmlText(value));
}

/** System.Xml.Linq.XAttribute. */
export const attributeType: TypeDeclaration = declareType('class System.Xml.Linq.XAttribute : XObject', 'all', {
  'XAttribute(XName name, object value)': create,
  'XAttribute(XAttribute other)': (other: AttributeValue | null) => nodeOf(other, 'other').clone(),
  'static IEnumerable<XAttribute> EmptySequence { get; }': () => [],
  'bool IsNamespaceDeclaration { get; }': (attribute: AttributeValue) => attribute.isNamespaceDeclaration,
  'XName Name { get; }': (attribute: AttributeValue) => attribute.name,
  'XAttribute NextAttribute { get; }': (attribute: AttributeValue) => sibling(attribute, 1),
  'XAttribute PreviousAttribute { get; }': (attribute: AttributeValue) => sibling(attribute, -1),
  'void Remove()': (attribute: AttributeValue) => attribute.remove(),
  'void SetValue(object value)': (attribute: AttributeValue, value: unknown) => {
    attribute.value = xmlText(value);
  },
  'string ToString()': (attribute: AttributeValue) => attribute.netToString(),
  'string Value { get; set; }': {
    get: (attribute: AttributeValue) => attribute.value,
    set: (attribute: AttributeValue, value: string | null) => {
      if (value === null) throw argumentNull('value');
      attribute.value = value;
    },
  },
  ...castOperators('XAttribute', 'attribute'),
});
