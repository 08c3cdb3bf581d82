/** Operations from a WADL file: resources nest, methods carry the id. */
import type { OperationInfo } from '../exchange/entities.ts';
import { normalizeOperationId } from './openapi.ts';
import type { ImportedService } from './wsdl.ts';
import { attribute, elements, parseXmlData, type XmlData } from './xml-data.ts';

export function importWadl(text: string): ImportedService {
  const roots = elements(elements(parseXmlData(text), 'application')[0], 'resources');
  const operations = roots.flatMap((root) => elements(root, 'resource').flatMap((resource) => operationsOf(resource, '')));
  return { operations, serviceUrl: roots.flatMap((root) => attribute(root, 'base') ?? [])[0] };
}

/** Resources inside resources. */
const DEEPEST = 50;

function operationsOf(resource: XmlData, above: string, depth = 0): OperationInfo[] {
  if (depth > DEEPEST) return [];
  const path = `${above}/${(attribute(resource, 'path') ?? '').replace(/^\/+|\/+$/g, '')}`.replace(/\/+$/, '');
  const own = elements(resource, 'method').map((method): OperationInfo => {
    const verb = (attribute(method, 'name') ?? 'GET').toUpperCase();
    const id = attribute(method, 'id') ?? normalizeOperationId(`${verb}-${path}`);
    return { id, method: verb, name: id, urlTemplate: path === '' ? '/' : path };
  });
  return [...own, ...elements(resource, 'resource').flatMap((inner) => operationsOf(inner, path, depth + 1))];
}
