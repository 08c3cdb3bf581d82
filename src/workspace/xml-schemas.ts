/** XML schemas for validate-content: those that a WSDL file holds, those of an API, and those of the service. */
import { readDocument } from '../xml/reader.ts';
import { childElements, type XmlElement } from '../xml/tree.ts';
import type { Entry } from './config-file.ts';
import type { Resource } from './resources.ts';

/** Schemas of the service by id (`schemaType: xml`, its text in `value`). */
export function readXmlSchemas(root: Resource): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, facts } of root.all('schemas')) {
    const text = facts?.get('schemaType').text()?.toLowerCase() === 'xml' ? textOf(facts) : undefined;
    if (text !== undefined) found.set(name, text);
  }
  return found;
}

/** Schemas of one API: of its WSDL file, and resources of a content type for XSD; undefined when there are none. */
export function xmlSchemasOf(api: Resource): readonly string[] | undefined {
  const { specification } = api;
  const inFile = specification?.kind === 'wsdl' ? schemasInWsdl(specification.source.text) : [];
  const own = api.all('schemas').flatMap(({ facts }) => {
    const isXsd = /xsd\+xml/i.test(facts?.get('contentType').text() ?? '');
    const text = isXsd && facts ? textOf(facts) : undefined;
    return text === undefined ? [] : schemasInWsdl(text);
  });
  const all = [...inFile, ...own];
  return all.length > 0 ? all : undefined;
}

/** `value`, or `document.value`. */
function textOf(facts: Entry): string | undefined {
  for (const entry of [facts.get('value'), facts.get('document').get('value')]) if (entry.exists) return entry.text();
  return undefined;
}

/** Every schema element, with the namespaces that stand on what encloses it. */
export function schemasInWsdl(text: string): readonly string[] {
  const { document, problems } = readDocument(text, 'service.wsdl');
  if (problems.some(({ severity }) => severity === 'error')) return [];
  return document.elements.flatMap((root) => schemasIn(root, new Map(), text));
}

function schemasIn(element: XmlElement, outer: ReadonlyMap<string, string>, text: string): readonly string[] {
  const namespaces = new Map(outer);
  for (const { name, value } of element.attributes) if (/^xmlns(?::|$)/.test(name)) namespaces.set(name, value.text.text);
  if (element.name.slice(element.name.indexOf(':') + 1) !== 'schema')
    return childElements(element).flatMap((child) => schemasIn(child, namespaces, text));
  const own = new Set(element.attributes.map(({ name }) => name));
  const missing = [...outer].filter(([name]) => !own.has(name)).map(([name, uri]) => ` ${name}="${uri.replaceAll('"', '&quot;')}"`);
  const written = text.slice(element.span.start, element.span.end);
  const head = element.name.length + 1;
  return [written.slice(0, head) + missing.join('') + written.slice(head)];
}
