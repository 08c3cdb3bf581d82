import { Body } from '../exchange/body.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { Headers } from '../exchange/headers.ts';
import { GatewayResponse } from '../exchange/message.ts';
import type { XmlElement } from '../xml/tree.ts';
import type { PolicyElement } from './compiler.ts';
import { type AttributeDeclaration, type ChildDeclaration, optional, type PolicyDefinition, required, UNBOUNDED } from './definition.ts';
import type { Step } from './step.ts';

const DOMAIN = required('domain', 'string', '`*` or a host that may start with `*`.', { expressions: false });
const SECURE = optional('secure', 'boolean', 'Whether only HTTPS documents may call.', { default: 'true', expressions: false });

function rule(name: string, max: number, attributes: readonly AttributeDeclaration[]): ChildDeclaration {
  return { name, min: 0, max, content: 'empty', attributes };
}

/** `<cross-domain>`: answers GET /crossdomain.xml with the file that Flash and Silverlight clients ask for. */
export const crossDomain: PolicyDefinition = {
  name: 'cross-domain',
  summary: 'Serves a cross-domain policy file to Flash and Silverlight clients.',
  page: 'cross-domain-policy',
  sections: ['inbound'],
  scopes: ['global'],
  gateways: ['classic', 'v2', 'consumption', 'self-hosted'],
  cardinality: 'any',
  attributes: [],
  content: 'children',
  children: [
    {
      name: 'cross-domain-policy',
      min: 0,
      max: 1,
      attributes: [],
      content: 'children',
      children: [
        rule('site-control', 1, [
          required('permitted-cross-domain-policies', 'enum', 'Which policy files of the host count.', {
            values: ['all', 'by-content-type', 'master-only', 'none'],
            expressions: false,
          }),
        ]),
        rule('allow-access-from', UNBOUNDED, [DOMAIN, SECURE]),
        rule('allow-http-request-headers-from', UNBOUNDED, [
          DOMAIN,
          required('headers', 'string', '`*` or a list of headers with commas.', { expressions: false }),
          SECURE,
        ]),
      ],
    },
  ],
  compile: compileCrossDomain,
};

const PATH = '/crossdomain.xml';
const CONTENT_TYPE = 'text/x-cross-domain-policy';

function compileCrossDomain(element: PolicyElement): Step {
  const file = policyFile(element.children('cross-domain-policy')[0]);
  return (exchange) => {
    if (!asksForFile(exchange)) return undefined;
    exchange.response = new GatewayResponse(200, 'OK', new Headers(['Content-Type', CONTENT_TYPE]), Body.text(file));
    return 'respond';
  };
}

function asksForFile({ request }: Exchange): boolean {
  return request.originalMethod === 'GET' && request.originalUrl.path === PATH;
}

/** The child as it stands in the document, with named values filled in. */
function policyFile(policy: PolicyElement | undefined): string {
  if (!policy) return '<cross-domain-policy />';
  const rules = policy.children().map((child) => `<${child.name}${attributesOf(child)} />`);
  return `<cross-domain-policy>${rules.join('')}</cross-domain-policy>`;
}

function attributesOf(element: PolicyElement): string {
  return names(element.xml)
    .map((name) => ` ${name}="${escaped(element.text(name)?.constant ?? '')}"`)
    .join('');
}

function names(xml: XmlElement): string[] {
  return xml.attributes.map((attribute) => attribute.name);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
