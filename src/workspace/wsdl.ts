/** Operations of a SOAP API from its WSDL 1.1 file: each is `POST /?soapAction=<uri>` (gateway-model, section 14). */
import type { OperationInfo } from '../exchange/entities.ts';
import { attribute, elements, parseXmlData, type XmlData } from './xml-data.ts';

export interface ImportedService {
  readonly operations: readonly OperationInfo[];
  readonly serviceUrl: string | undefined;
}

export function importWsdl(text: string): ImportedService {
  const definitions = elements(parseXmlData(text), 'definitions')[0];
  const bindings = elements(definitions, 'binding').filter((binding) => elements(binding, 'binding').length > 0);
  const operations = (
    bindings[0] ? elements(bindings[0], 'operation') : elements(elements(definitions, 'portType')[0], 'operation')
  ).flatMap(operationOf);
  const ports = elements(definitions, 'service').flatMap((service) => elements(service, 'port'));
  const address = ports.flatMap((port) => attribute(elements(port, 'address')[0], 'location') ?? [])[0];
  return { operations, serviceUrl: address };
}

function operationOf(operation: XmlData): OperationInfo[] {
  const name = attribute(operation, 'name');
  if (name === undefined) return [];
  const action = attribute(elements(operation, 'operation')[0], 'soapAction') || name;
  return [{ id: name, method: 'POST', name, urlTemplate: `/?soapAction=${action}` }];
}
