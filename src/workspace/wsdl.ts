/** Operations of a SOAP API from its WSDL 1.1 file: each is `POST /?soapAction=<uri>` (gateway-model, section 14). */
import type { OperationInfo } from '../exchange/entities.ts';
import { attribute, elements, parseXmlData, type XmlData } from './xml-data.ts';

export interface ImportedService {
  readonly operations: readonly OperationInfo[];
  readonly serviceUrl: string | undefined;
}

/** Which of several services and endpoints an API stands for (`wsdlSelector`). Default: the first that speaks SOAP. */
export interface WsdlSelector {
  readonly service?: string | undefined;
  readonly endpoint?: string | undefined;
}

export function importWsdl(text: string, selector: WsdlSelector = {}): ImportedService {
  const definitions = elements(parseXmlData(text), 'definitions')[0];
  const bindings = elements(definitions, 'binding').filter(isSoap);
  const port = portOf(definitions, bindings, selector);
  const binding = named(bindings, attribute(port, 'binding')) ?? bindings[0];
  const portType = named(elements(definitions, 'portType'), attribute(binding, 'type')) ?? elements(definitions, 'portType')[0];
  const operations = elements(binding ?? portType, 'operation').flatMap((operation) => operationOf(operation, portType, definitions));
  return { operations, serviceUrl: attribute(elements(port, 'address')[0], 'location') };
}

/** Bindings of SOAP name a transport, those of plain HTTP a verb. */
function isSoap(binding: XmlData): boolean {
  const [inner] = elements(binding, 'binding');
  return inner !== undefined && attribute(inner, 'verb') === undefined;
}

function portOf(definitions: XmlData | undefined, bindings: readonly XmlData[], { service, endpoint }: WsdlSelector): XmlData | undefined {
  const services = elements(definitions, 'service').filter((one) => service === undefined || attribute(one, 'name') === service);
  const ports = services
    .flatMap((one) => elements(one, 'port'))
    .filter((one) => endpoint === undefined || attribute(one, 'name') === endpoint);
  return ports.find((one) => named(bindings, attribute(one, 'binding'))) ?? ports[0];
}

/** By a qualified name, whose prefix is left out: one file has one target namespace. */
function named(candidates: readonly XmlData[], name: string | undefined): XmlData | undefined {
  const local = name?.slice(name.indexOf(':') + 1);
  return local === undefined ? undefined : candidates.find((one) => attribute(one, 'name') === local);
}

function operationOf(operation: XmlData, portType: XmlData | undefined, definitions: XmlData | undefined): OperationInfo[] {
  const name = attribute(operation, 'name');
  if (name === undefined) return [];
  const action = (attribute(elements(operation, 'operation')[0], 'soapAction') || name).replaceAll('&', '%26');
  const element = elementOf(named(elements(portType, 'operation'), name), definitions);
  return [
    { id: name, method: 'POST', name, urlTemplate: `/?soapAction=${action}`, ...(element === undefined ? {} : { bodyElement: element }) },
  ];
}

/** Local name of what stands in the body of a request: the element of the message's part. */
function elementOf(operation: XmlData | undefined, definitions: XmlData | undefined): string | undefined {
  const message = named(elements(definitions, 'message'), attribute(elements(operation, 'input')[0], 'message'));
  const element = elements(message, 'part').flatMap((part) => attribute(part, 'element') ?? [])[0];
  return element?.slice(element.indexOf(':') + 1);
}
