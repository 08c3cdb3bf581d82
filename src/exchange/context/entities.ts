/** APIM's own types for API, operation, product, subscription, user and place: declarations over the exchange's plain data. */
import { declareEnum, declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import type { TypeTable } from '../../csharp/types/table.ts';
import { CertificateValue } from '../../dotnet/crypto/certificate.ts';
import type { HostCertificate } from '../../host/host.ts';
import {
  type ApiInfo,
  CARBON_INTENSITIES,
  type DeploymentInfo,
  type GraphQLInfo,
  type GroupInfo,
  type OperationInfo,
  type ProductInfo,
  type SubscriptionInfo,
  type UserInfo,
  type WorkspaceInfo,
} from '../entities.ts';
import type { LastError } from '../policy-error.ts';
import { type DictionaryView, mapView } from './dictionaries.ts';
import { optionalDate, sequenceOf, utcDate } from './values.ts';

const API_MEMBERS = {
  'string Id { get; }': (api: ApiInfo) => api.id,
  'string Name { get; }': (api: ApiInfo) => api.name,
  'string Path { get; }': (api: ApiInfo) => api.path,
  'IEnumerable<string> Protocols { get; }': special((runtime, _types, api: ApiInfo) => sequenceOf(runtime, 'string', api.protocols)),
  'IUrl ServiceUrl { get; }': (api: ApiInfo) => api.serviceUrl,
  'ISubscriptionKeyParameterNames SubscriptionKeyParameterNames { get; }': (api: ApiInfo) => api.subscriptionKeyParameterNames,
};

type Gateway = DeploymentInfo['gateway'];
type Identity = UserInfo['identities'][number];
type KeyNames = ApiInfo['subscriptionKeyParameterNames'];

const PRODUCT_STATES = { NotPublished: 0, Published: 1 };

export const ENTITY_TYPES: readonly TypeDeclaration[] = [
  declareType('interface IApi', 'all', API_MEMBERS),
  declareType('interface IContextApi : IApi', 'all', {
    'bool IsCurrentRevision { get; }': (api: ApiInfo) => api.isCurrentRevision,
    'string Revision { get; }': (api: ApiInfo) => api.revision,
    'string Version { get; }': (api: ApiInfo) => api.version,
  }),
  declareType('interface ISubscriptionKeyParameterNames', 'all', {
    'string Header { get; }': (names: KeyNames) => names.header,
    'string Query { get; }': (names: KeyNames) => names.query,
  }),
  declareType('interface IDeployment', 'all', {
    'IReadOnlyDictionary<string, System.Security.Cryptography.X509Certificates.X509Certificate2> Certificates { get; }': special(
      ({ types, host }) => certificatesView(types, host.certificates.uploaded ?? []),
    ),
    'IGateway Gateway { get; }': (deployment: DeploymentInfo) => deployment.gateway,
    'string GatewayId { get; }': (deployment: DeploymentInfo) => deployment.gatewayId,
    'string Region { get; }': (deployment: DeploymentInfo) => deployment.region,
    'string ServiceId { get; }': (deployment: DeploymentInfo) => deployment.serviceId,
    'string ServiceName { get; }': (deployment: DeploymentInfo) => deployment.serviceName,
    'ISustainabilityInfo SustainabilityInfo { get; }': (deployment: DeploymentInfo) => deployment,
  }),
  declareEnum('CarbonIntensityCategory', 'all', Object.fromEntries(CARBON_INTENSITIES.map((name, value) => [name, value]))),
  declareType('interface ISustainabilityInfo', 'all', {
    'CarbonIntensityCategory CurrentCarbonIntensity { get; }': ({ carbonIntensity = 'NotAvailable' }: DeploymentInfo) =>
      CARBON_INTENSITIES.indexOf(carbonIntensity),
  }),
  declareType('interface IGateway', 'all', {
    'string Id { get; }': (gateway: Gateway) => gateway.id,
    'string InstanceId { get; }': (gateway: Gateway) => gateway.instanceId,
    'bool IsManaged { get; }': (gateway: Gateway) => gateway.isManaged,
  }),
  declareType('interface IGroup', 'all', {
    'string Id { get; }': (group: GroupInfo) => group.id,
    'string Name { get; }': (group: GroupInfo) => group.name,
  }),
  declareType('interface ILastError', 'all', {
    'string Message { get; }': (error: LastError) => error.message,
    'string Path { get; }': (error: LastError) => error.path,
    'string PolicyId { get; }': (error: LastError) => error.policyId,
    'string Reason { get; }': (error: LastError) => error.reason,
    'string Scope { get; }': (error: LastError) => error.scope,
    'string Section { get; }': (error: LastError) => error.section,
    'string Source { get; }': (error: LastError) => error.source,
  }),
  declareType('interface IOperation', 'all', {
    'string Id { get; }': (operation: OperationInfo) => operation.id,
    'string Method { get; }': (operation: OperationInfo) => operation.method,
    'string Name { get; }': (operation: OperationInfo) => operation.name,
    'string UrlTemplate { get; }': (operation: OperationInfo) => operation.urlTemplate,
  }),
  declareEnum('ProductState', 'all', PRODUCT_STATES),
  declareType('interface IProduct', 'all', {
    'IEnumerable<IApi> Apis { get; }': special((runtime, _types, product: ProductInfo) => sequenceOf(runtime, 'IApi', product.apis)),
    'bool ApprovalRequired { get; }': (product: ProductInfo) => product.approvalRequired,
    'IEnumerable<IGroup> Groups { get; }': special((runtime, _types, product: ProductInfo) =>
      sequenceOf(runtime, 'IGroup', product.groups),
    ),
    'string Id { get; }': (product: ProductInfo) => product.id,
    'string Name { get; }': (product: ProductInfo) => product.name,
    'ProductState State { get; }': (product: ProductInfo) => PRODUCT_STATES[product.state],
    'int? SubscriptionLimit { get; }': (product: ProductInfo) => product.subscriptionLimit,
    'int? SubscriptionsLimit { get; }': (product: ProductInfo) => product.subscriptionLimit,
    'bool SubscriptionRequired { get; }': (product: ProductInfo) => product.subscriptionRequired,
  }),
  declareType('interface ISubscription', 'all', {
    'DateTime CreatedDate { get; }': (subscription: SubscriptionInfo) => utcDate(subscription.createdDate),
    'DateTime? EndDate { get; }': (subscription: SubscriptionInfo) => optionalDate(subscription.endDate),
    'string Id { get; }': (subscription: SubscriptionInfo) => subscription.id,
    'string Key { get; }': (subscription: SubscriptionInfo) => subscription.key,
    'string Name { get; }': (subscription: SubscriptionInfo) => subscription.name,
    'string PrimaryKey { get; }': (subscription: SubscriptionInfo) => subscription.primaryKey,
    'string SecondaryKey { get; }': (subscription: SubscriptionInfo) => subscription.secondaryKey,
    'DateTime? StartDate { get; }': (subscription: SubscriptionInfo) => optionalDate(subscription.startDate),
  }),
  declareType('interface IUser', 'all', {
    'string Email { get; }': (user: UserInfo) => user.email,
    'string FirstName { get; }': (user: UserInfo) => user.firstName,
    'IEnumerable<IGroup> Groups { get; }': special((runtime, _types, user: UserInfo) => sequenceOf(runtime, 'IGroup', user.groups)),
    'string Id { get; }': (user: UserInfo) => user.id,
    'IEnumerable<IUserIdentity> Identities { get; }': special((runtime, _types, user: UserInfo) =>
      sequenceOf(runtime, 'IUserIdentity', user.identities),
    ),
    'string LastName { get; }': (user: UserInfo) => user.lastName,
    'string Note { get; }': (user: UserInfo) => user.note,
    'DateTime RegistrationDate { get; }': (user: UserInfo) => utcDate(user.registrationDate),
  }),
  declareType('interface IUserIdentity', 'all', {
    'string Id { get; }': (identity: Identity) => identity.id,
    'string Provider { get; }': (identity: Identity) => identity.provider,
  }),
  declareType('interface IWorkspace', 'all', {
    'string Id { get; }': (workspace: WorkspaceInfo) => workspace.id,
    'string Name { get; }': (workspace: WorkspaceInfo) => workspace.name,
  }),
  declareType('interface IPrivateEndpointConnection', 'all', {
    'string GroupId { get; }': (connection: { groupId: string }) => connection.groupId,
    'string MemberName { get; }': (connection: { memberName: string }) => connection.memberName,
    'string Name { get; }': (connection: { name: string }) => connection.name,
  }),
  declareType('interface IGraphQL', 'all', {
    'Newtonsoft.Json.Linq.JObject Arguments { get; }': (graphql: GraphQLInfo) => graphql.arguments,
    'Newtonsoft.Json.Linq.JObject GraphQLArguments { get; }': (graphql: GraphQLInfo) => graphql.arguments,
    'Newtonsoft.Json.Linq.JObject Parent { get; }': (graphql: GraphQLInfo) => graphql.parent,
  }),
];

/** By thumbprint. */
function certificatesView(types: TypeTable, uploaded: readonly HostCertificate[]): DictionaryView {
  const type = types.type('System.Security.Cryptography.X509Certificates.X509Certificate2');
  const values = uploaded.map(({ info, privateKeyPem }) => [info.thumbprint, new CertificateValue(info, privateKeyPem)] as const);
  return mapView(types, type, new Map(values));
}
