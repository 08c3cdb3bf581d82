import type { Backend } from '../exchange/entities.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import { Url, writtenUrl } from '../exchange/url.ts';
import { attributeNamed } from '../xml/tree.ts';
import type { Input, PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, optional, type PolicyDefinition } from './definition.ts';
import { invalidValue } from './evaluation.ts';
import * as faults from './faults.ts';
import { DAPR, inPath } from './shared/dapr.ts';
import { needed } from './shared/inputs.ts';
import { urlFault } from './shared/literal-url.ts';
import type { Step } from './step.ts';

const FABRIC =
  'the URL that `stand-ins: { service-fabric: … }` of portico.yaml gives for the instance or backend; without one the call fails';

/** `<set-backend-service>`: another base URL or backend entity; path and query behind the base stay. */
export const setBackendService: PolicyDefinition = {
  name: 'set-backend-service',
  summary: 'Sends the request to another base URL or backend entity.',
  page: 'set-backend-service-policy',
  sections: ['inbound', 'backend'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    optional('base-url', 'string', 'New base URL.'),
    optional('backend-id', 'string', 'Name of a backend entity, or `dapr`.'),
    optional('dapr-app-id', 'string', 'Dapr application to invoke.', { gateways: ['self-hosted'] }),
    optional('dapr-method', 'string', 'Its method.', { gateways: ['self-hosted'] }),
    optional('dapr-namespace', 'string', 'Its namespace.', { gateways: ['self-hosted'] }),
    optional('sf-resolve-condition', 'condition', 'Service Fabric: when to resolve again.', { standIn: FABRIC }),
    optional('sf-service-instance-name', 'string', 'Service Fabric: service instance.', { standIn: FABRIC }),
    optional('sf-partition-key', 'string', 'Service Fabric: partition.', { standIn: FABRIC }),
    optional('sf-replica-type', 'enum', 'Service Fabric: replica.', { values: ['primary', 'secondary'], standIn: FABRIC }),
    optional('sf-listener-name', 'string', 'Service Fabric: listener, with `backend-id` only.', { standIn: FABRIC }),
  ],
  oneOf: [{ names: ['base-url', 'backend-id'], required: true }],
  content: 'empty',
  compile: compileSetBackendService,
};

function compileSetBackendService(element: PolicyElement, compiler: PolicyCompiler): Step {
  const baseUrl = element.text('base-url');
  const backendId = element.text('backend-id');
  if (DAPR_NAMES.some((name) => attributeNamed(element.xml, name))) return daprStep(element, compiler);
  if (FABRIC_NAMES.some((name) => attributeNamed(element.xml, name))) return fabricStep(element, compiler);
  if (backendId) return backendStep(backendId, element, compiler);
  const text = baseUrl?.constant;
  if (typeof text === 'string' && text !== '' && !text.includes('{{') && !Url.parse(text))
    compiler.report(urlFault('base-url', text), element.xml.nameSpan);
  return (exchange) => {
    if (baseUrl) useUrl(baseUrl, exchange);
  };
}

const FABRIC_NAMES = ['sf-resolve-condition', 'sf-service-instance-name', 'sf-partition-key', 'sf-replica-type', 'sf-listener-name'];

/** A cluster resolves names to addresses; here portico.yaml does, and resolving again gives the same address. */
function fabricStep(element: PolicyElement, { services }: PolicyCompiler): Step {
  const instance = element.text('sf-service-instance-name');
  const name = element.text('backend-id') ?? element.text('base-url');
  const others = ['sf-partition-key', 'sf-replica-type', 'sf-listener-name'].map((attribute) => element.text(attribute));
  const condition = element.boolean('sf-resolve-condition');
  return (exchange) => {
    for (const other of others) other?.read(exchange);
    condition?.read(exchange);
    const names = [instance?.read(exchange), name?.read(exchange)].filter((one) => typeof one === 'string');
    const known = names.flatMap((one) => services.standIns?.serviceFabric.get(one) ?? [])[0];
    const url = known === undefined ? undefined : Url.parse(known);
    if (!url) throw noCluster(names[0] ?? '');
    exchange.backend = null;
    changeBase(exchange, url);
  };
}

function noCluster(name: string): PolicyError {
  return new PolicyError({
    reason: 'PolicyNotSupported',
    message: `Service Fabric cannot be reached from here: name a URL for '${name}' under \`stand-ins: { service-fabric: … }\` of portico.yaml.`,
  });
}

const DAPR_NAMES = ['dapr-app-id', 'dapr-method', 'dapr-namespace'];

/** Service invocation through the sidecar of a self-hosted gateway: the method takes the place of the path. */
function daprStep(element: PolicyElement, compiler: PolicyCompiler): Step {
  checkDapr(element, compiler);
  const app = needed(element.text('dapr-app-id'), 'dapr-app-id');
  const method = needed(element.text('dapr-method'), 'dapr-method');
  const namespace = element.text('dapr-namespace');
  return (exchange) => {
    const place = namespace?.read(exchange) ?? '';
    const target = inPath(app.read(exchange) ?? '') + (place === '' ? '' : `.${inPath(place)}`);
    exchange.backend = null;
    toMethod(method.read(exchange) ?? '', exchange);
    changeBase(exchange, new Url(DAPR.scheme, DAPR.host, DAPR.port, `/v1.0/invoke/${target}/method`, ''));
  };
}

/** A method may be a URL with a query of its own, which stands before the caller's. */
function toMethod(method: string, { request }: Exchange): void {
  const [path = '', ...query] = method.replace(/^\//, '').split('?');
  request.path = `/${path}`;
  const own = query.join('?');
  if (own !== '') request.queryString = `?${own}${request.queryString.replace(/^\?/, '&')}`;
}

/** What holds for this use only (policies-b, set-backend-service-dapr). */
function checkDapr(element: PolicyElement, { section, scope, report }: PolicyCompiler): void {
  const at = element.xml.nameSpan;
  for (const name of ['dapr-app-id', 'dapr-method']) if (!attributeNamed(element.xml, name)) report(faults.missingAttribute(name), at);
  if (element.text('backend-id')?.constant !== 'dapr') report(faults.daprBackend(), at);
  if (section !== 'inbound') report(faults.wrongSection('set-backend-service', section, ['inbound']), at);
  if (scope === 'workspace')
    report(
      faults.wrongScope(
        'set-backend-service',
        scope,
        ALL_SCOPES.filter((one) => one !== 'workspace'),
      ),
      at,
    );
}

function useUrl(input: Input<string | null>, exchange: Exchange): void {
  const text = input.read(exchange) ?? '';
  const url = writtenUrl(text);
  if (!url) throw invalidValue(`'${text}' is not an absolute URL.`);
  // Reference page: an inherited backend-id is not overridden by an inner base-url.
  if (exchange.backend && exchange.settings.backendIdWins) return;
  changeBase(exchange, url);
}

function backendStep(input: Input<string | null>, element: PolicyElement, compiler: PolicyCompiler): Step {
  const { services, standalone } = compiler;
  const id = input.constant;
  if (typeof id === 'string' && !standalone && !services.hasBackend(id)) {
    const place = attributeNamed(element.xml, 'backend-id')?.value.span ?? element.xml.nameSpan;
    compiler.report(faults.unknownBackend(id), place);
  }
  return (exchange) => {
    const name = input.read(exchange) ?? '';
    const backend = services.backend(name);
    if (!backend) throw new PolicyError({ reason: 'BackendNotFound', message: `Backend with id '${name}' could not be found.` });
    useBackend(backend, exchange);
  };
}

function useBackend(backend: Backend, exchange: Exchange): void {
  const url = Url.parse(backend.url);
  if (!url) throw invalidValue(backend.url === '' ? `Backend '${backend.id}' has no URL.` : `'${backend.url}' is not an absolute URL.`);
  exchange.backend = backend;
  changeBase(exchange, url);
}

function changeBase(exchange: Exchange, url: Url): void {
  const before = exchange.request.base.toString();
  exchange.request.base = url;
  if (exchange.listener)
    exchange.emit({ kind: 'value-written', step: exchange.current, target: 'url', name: 'base', before, after: url.toString() });
}
