/** WSDL and WADL files as plain data: element names without prefixes, attributes as members, every element in a list. */
import { XMLParser } from 'fast-xml-parser';

export interface XmlData {
  readonly [name: string]: string | readonly XmlData[];
}

export function parseXmlData(text: string): XmlData {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    removeNSPrefix: true,
    parseAttributeValue: false,
    parseTagValue: false,
    processEntities: false,
    alwaysCreateTextNode: true,
    isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
  });
  try {
    return parser.parse(text) as XmlData;
  } catch {
    return {};
  }
}

export function elements(data: XmlData | undefined, name: string): readonly XmlData[] {
  const found = data?.[name];
  return Array.isArray(found) ? (found as readonly XmlData[]) : [];
}

export function attribute(data: XmlData | undefined, name: string): string | undefined {
  const found = data?.[`@${name}`];
  return typeof found === 'string' ? decoded(found) : undefined;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The five entities of XML; the parser leaves them, so that no file can define others. */
function decoded(text: string): string {
  return text.includes('&') ? text.replace(/&(amp|lt|gt|quot|apos);/g, (_all, name: string) => ENTITIES[name] ?? '') : text;
}
