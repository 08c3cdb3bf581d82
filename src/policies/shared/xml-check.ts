/** XML bodies against XML schemas. The library (libxml2) loads when a message first needs it; it reaches no file and no network. */
import type { XmlDocument, XmlElement, XsdValidator } from 'libxml2-wasm';
import { errorText } from './xml-words.ts';

type Library = typeof import('libxml2-wasm');

/** Why a body does not conform, with its place counted from 1. */
export interface XmlMismatch {
  readonly kind: 'mismatch';
  readonly text: string;
  readonly line: number;
  readonly position: number;
}

/** The body cannot be looked at: it is no XML, or the schema is none. */
export interface XmlUnusable {
  readonly kind: 'unusable';
  readonly text: string;
}

/** What is validated: the document's root, or what a SOAP envelope's body holds. */
export type XmlPart = 'document' | 'payload';

/** Keeps validators by their list of schemas; one for each policy element, gone with it. */
export class XmlChecks {
  readonly #validators = new WeakMap<readonly string[], Promise<XsdValidator>>();

  async check(text: string, schemas: readonly string[], part: XmlPart): Promise<XmlMismatch | XmlUnusable | undefined> {
    const library = await import('libxml2-wasm');
    try {
      if (/<!DOCTYPE/i.test(text)) return { kind: 'unusable', text: NO_DTD };
      const document = library.XmlDocument.fromString(text);
      try {
        return validate(library, await this.#validatorFor(library, schemas), { document, text, part });
      } finally {
        document.dispose();
      }
    } catch (error) {
      return { kind: 'unusable', text: error instanceof Error ? error.message.trim() : String(error) };
    }
  }

  #validatorFor(library: Library, schemas: readonly string[]): Promise<XsdValidator> {
    let validator = this.#validators.get(schemas);
    if (!validator) {
      validator = Promise.resolve().then(() => compile(library, schemas));
      this.#validators.set(schemas, validator);
    }
    return validator;
  }
}

/** .NET's reader refuses document types in this sentence. */
const NO_DTD = 'For security reasons DTD is prohibited in this XML document.';

/**
 * Schemas of a service import each other by namespace alone: a schema that imports them all binds them together. Their texts
 * stand under made-up names for as long as it is compiled.
 */
function compile({ XmlDocument, XsdValidator, XmlBufferInputProvider, ...library }: Library, schemas: readonly string[]): XsdValidator {
  const [only = ''] = schemas;
  if (schemas.length === 1) return XsdValidator.fromDoc(XmlDocument.fromString(only));
  const names = schemas.map((_text, at) => `memory/${at}.xsd`);
  const files = Object.fromEntries(schemas.map((text, at) => [names[at] ?? '', new TextEncoder().encode(text)]));
  const imports = schemas.map((text, at) => `<xs:import${namespaceOf(text)} schemaLocation="${names[at]}"/>`);
  library.xmlRegisterInputProvider(new XmlBufferInputProvider(files));
  try {
    return XsdValidator.fromDoc(
      XmlDocument.fromString(
        `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:all">${imports.join('')}</xs:schema>`,
      ),
    );
  } finally {
    library.xmlCleanupInputProvider();
  }
}

function namespaceOf(schema: string): string {
  const namespace = /<[^<>]*?\bschema\b[^>]*?\btargetNamespace\s*=\s*("[^"]*"|'[^']*')/.exec(schema)?.[1];
  return namespace === undefined ? '' : ` namespace=${namespace}`;
}

interface Looked {
  readonly document: XmlDocument;
  readonly text: string;
  readonly part: XmlPart;
}

function validate(library: Library, validator: XsdValidator, { document, text, part }: Looked): XmlMismatch | XmlUnusable | undefined {
  const element = part === 'document' ? document.root : payloadOf(library, document);
  if (!element) return { kind: 'unusable', text: 'The message has no SOAP body with content.' };
  try {
    if (part === 'document') validator.validate(document);
    else validator.validate(element);
    return undefined;
  } catch (error) {
    if (!(error instanceof library.XmlValidateError)) throw error;
    const [first] = error.details;
    const at = elementAt(library, document.root, first?.xpath ?? '') ?? element;
    return { kind: 'mismatch', text: errorText(first?.message ?? error.message, at), ...placeOf(at, text) };
  }
}

const ENVELOPES = ['http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'];

/** The first element inside Body, of SOAP 1.1 and 1.2. */
function payloadOf({ XmlElement: Element }: Library, { root }: XmlDocument): XmlElement | undefined {
  if (root.name !== 'Envelope' || !ENVELOPES.includes(root.namespaceUri)) return undefined;
  const body = childrenOf(root).find(
    (child) => child instanceof Element && child.name === 'Body' && child.namespaceUri === root.namespaceUri,
  );
  return body instanceof Element ? (childrenOf(body).find((child) => child instanceof Element) as XmlElement | undefined) : undefined;
}

/** The element of a path as libxml2 writes it: `/s:Envelope/*[2]/id[1]`; `*` stands for names of a default namespace. */
function elementAt({ XmlElement: Element }: Library, root: XmlElement, path: string): XmlElement | undefined {
  let current: XmlElement | undefined = root;
  for (const step of path.split('/').slice(2)) {
    const [, name = '*', index = '1'] = /^([^[]+)(?:\[(\d+)\])?$/.exec(step) ?? [];
    const elements: XmlElement[] = childrenOf(current).filter((child) => child instanceof Element) as XmlElement[];
    current = elements.filter((child) => name === '*' || writtenName(child) === name)[Number(index) - 1];
    if (!current) return undefined;
  }
  return current;
}

function writtenName({ name, namespacePrefix }: XmlElement): string {
  return namespacePrefix ? `${namespacePrefix}:${name}` : name;
}

function childrenOf(element: XmlElement) {
  const children = [];
  for (let child = element.firstChild; child; child = child.next) children.push(child);
  return children;
}

/** Line, and the column of the element's name as .NET's reader counts. */
function placeOf(element: XmlElement, text: string): { readonly line: number; readonly position: number } {
  const line = text.split('\n')[element.line - 1] ?? '';
  return { line: element.line, position: line.indexOf(`<${writtenName(element)}`) + 2 };
}
