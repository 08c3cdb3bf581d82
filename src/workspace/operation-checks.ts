/** What the service refuses in the operations of an API (gateway-model, section 6.2). */
import { METHODS } from 'node:http';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';
import { plainParameter } from './template.ts';

/** A method is a token (RFC 9110, 9.1). */
const METHOD = /^[\w!#$%&'*+.^`|~-]+$/;

export function checkOperation(facts: Entry, method: string, urlTemplate: string): void {
  if (!METHOD.test(method)) facts.get('method').report(faults.badMethod(method));
  else if (!METHODS.includes(method.toUpperCase())) facts.get('method').report(faults.foreignMethod(method));
  const reason = templateFault(urlTemplate);
  if (reason !== undefined) facts.get('urlTemplate').report(faults.badUrlTemplate(urlTemplate, reason));
  else checkParameters(facts.get('templateParameters'), urlTemplate);
}

/** Each parameter has an entry; where there are none at all, the file leaves them to the template. */
function checkParameters(list: Entry, urlTemplate: string): void {
  const declared = list.isList ? list.items().map((entry) => plainParameter(entry.get('name').text() ?? '').toLowerCase()) : [];
  if (declared.length === 0) return;
  for (const [, name = ''] of urlTemplate.matchAll(/\{\*?([^{}]+)\}/g)) {
    if (!declared.includes(name.toLowerCase())) list.report(faults.undeclaredParameter(name));
  }
}

/** Why a template cannot be; undefined for a good one. */
function templateFault(template: string): string | undefined {
  const path = template.split('?')[0] ?? '';
  const segments = path.split('/').filter((segment) => segment !== '');
  if (/[{}]/.test(template.replace(/\{[^{}]+\}/g, ''))) return 'has a brace without its partner or its name';
  if (segments.slice(0, -1).some((segment) => /^(?:\*|\{\*[^}]*\})$/.test(segment))) return 'has a wildcard before its end';
  if (segments.some((segment) => /\}\{/.test(segment))) return 'has two parameters with nothing between them';
  const names = [...template.matchAll(/\{\*?([^{}]+)\}/g)].map(([, name = '']) => name.toLowerCase());
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  return twice === undefined ? undefined : `names the parameter \`${twice}\` twice`;
}

/** Operations of one method and shape: `/orders/{id}` and `/Orders/{number}` answer the same requests. */
export function routeKey(method: string, urlTemplate: string): string {
  const [path = '', query = ''] = urlTemplate.split('?');
  const shape = (text: string) =>
    text
      .toLowerCase()
      .replace(/\{\*[^{}]*\}/g, '*')
      .replace(/\{[^{}]*\}/g, '{}');
  const bare = shape(path)
    .split('/')
    .filter((segment) => segment !== '');
  return `${method.toUpperCase()} /${bare.join('/')}?${shape(query).split('&').sort().join('&')}`;
}
