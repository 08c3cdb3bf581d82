/** libxml2's findings in the sentences of .NET's schema validator, which the gateway passes on; others stay as they are. */
import type { XmlElement } from 'libxml2-wasm';

type Words = (groups: readonly string[], element: XmlElement) => string;

const WORDS: readonly (readonly [RegExp, Words])[] = [
  [
    /^Element '(.+?)': No matching global declaration/,
    (_groups, { name, namespaceUri }) => `The '${joined(name, namespaceUri)}' element is not declared.`,
  ],
  [
    /: This element is not expected\. Expected is (?:one of )?\( (.*) \)\.$/,
    ([expected = ''], element) => `${invalidChild(element)} List of possible elements expected: ${listed(expected)}.`,
  ],
  [/: This element is not expected\.$/, (_groups, element) => invalidChild(element)],
  [
    /: Missing child element\(s\)\. Expected is (?:one of )?\( (.*) \)\.$/,
    ([expected = ''], element) =>
      `The element ${quoted(element)} has incomplete content. List of possible elements expected: ${listed(expected)}.`,
  ],
  [/: The attribute '(.+?)' is required but missing\.$/, ([name = '']) => `The required attribute '${localName(name)}' is missing.`],
  [/, attribute '(.+?)': The attribute '.+?' is not allowed\.$/, ([name = '']) => `The '${localName(name)}' attribute is not declared.`],
  [
    /^Element '[^']+': '(.*)' is not a valid value of the (?:atomic|list|union) type '(.+?)'\.$/s,
    ([value = '', type = ''], { name, namespaceUri }) =>
      `The '${joined(name, namespaceUri)}' element is invalid - The value '${value}' is invalid according to its datatype '${typeName(type)}'.`,
  ],
  [
    /, attribute '(.+?)': '(.*)' is not a valid value of the (?:atomic|list|union) type '(.+?)'\.$/s,
    ([name = '', value = '', type = '']) =>
      `The '${localName(name)}' attribute is invalid - The value '${value}' is invalid according to its datatype '${typeName(type)}'.`,
  ],
];

export function errorText(message: string, element: XmlElement): string {
  const text = message.trim();
  for (const [pattern, words] of WORDS) {
    const match = pattern.exec(text);
    if (match) return words(match.slice(1), element);
  }
  return text;
}

function invalidChild(element: XmlElement): string {
  const { parent } = element;
  const where = parent ? `The element ${quoted(parent)} has` : 'The document has';
  return `${where} invalid child element ${quoted(element)}.`;
}

function quoted({ name, namespaceUri }: Pick<XmlElement, 'name' | 'namespaceUri'>): string {
  return namespaceUri === '' ? `'${name}'` : `'${name}' in namespace '${namespaceUri}'`;
}

/** `{urn:a}id, {urn:a}no, ##other…` */
function listed(expected: string): string {
  return expected
    .split(', ')
    .map((one) => quoted({ name: localName(one), namespaceUri: /^\{(.*)\}/.exec(one)?.[1] ?? '' }))
    .join(', ');
}

function localName(name: string): string {
  return name.replace(/^\{.*\}/, '');
}

function joined(name: string, namespace: string): string {
  return namespace === '' ? name : `${namespace}:${name}`;
}

/** `xs:int` and `{urn:a}Code` */
function typeName(type: string): string {
  if (type.startsWith('xs:')) return `http://www.w3.org/2001/XMLSchema:${type.slice(3)}`;
  return type.replace(/^\{(.*)\}/, '$1:');
}
