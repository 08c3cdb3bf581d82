/** `IRequest`, `IResponse`, `IMessageBody`, `IUrl`: declarations straight over the exchange's messages. */
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { CertificateValue } from '../../dotnet/crypto/certificate.ts';
import { createUri } from '../../dotnet/net/uri.ts';
import type { Body } from '../body.ts';
import type { GatewayRequest, GatewayResponse } from '../message.ts';
import type { Url } from '../url.ts';
import { readBody, readForm } from './body.ts';
import { headersView, parametersView, queryView } from './dictionaries.ts';

/** Null when there is none, and after a read that did not preserve it (reports show a null reference then). */
function present(body: Body): Body | null {
  return body.isPresent ? body : null;
}

export const BODY_TYPE: TypeDeclaration = declareType('interface IMessageBody', 'all', {
  'T As<T>(bool preserveContent = false)': special((runtime, [type], body: Body, preserve: boolean) =>
    readBody(runtime, type, body, preserve),
  ),
  'IDictionary<string, IList<string>> AsFormUrlEncodedContent(bool preserveContent = false)': special(
    (runtime, _types, body: Body, preserve: boolean) => readForm(runtime, body, preserve),
  ),
});

export const URL_TYPE: TypeDeclaration = declareType('interface IUrl', 'all', {
  'string Host { get; }': (url: Url) => url.host,
  'string Path { get; }': (url: Url) => url.path,
  'int Port { get; }': (url: Url) => url.port,
  'IReadOnlyDictionary<string, string[]> Query { get; }': special((runtime, _types, url: Url) => queryView(runtime.types, url.queryString)),
  'string QueryString { get; }': (url: Url) => url.queryString,
  'string Scheme { get; }': (url: Url) => url.scheme,
  // Not on the published page, yet among the members that Liquid sees and called by deployed policies.
  'Uri ToUri()': (url: Url) => createUri(url.toString()),
});

export const REQUEST_TYPE: TypeDeclaration = declareType('interface IRequest', 'all', {
  'IMessageBody Body { get; }': (request: GatewayRequest) => present(request.body),
  'System.Security.Cryptography.X509Certificates.X509Certificate2 Certificate { get; }': (request: GatewayRequest) =>
    request.certificate === null ? null : new CertificateValue(request.certificate),
  'IReadOnlyDictionary<string, string[]> Headers { get; }': special((runtime, _types, request: GatewayRequest) =>
    headersView(runtime.types, request.headers),
  ),
  'string IpAddress { get; }': (request: GatewayRequest) => request.ipAddress,
  'IReadOnlyDictionary<string, string> MatchedParameters { get; }': special((runtime, _types, request: GatewayRequest) =>
    parametersView(runtime.types, request.matchedParameters),
  ),
  'string Method { get; }': (request: GatewayRequest) => request.method,
  // Not on the published page either; it differs from Method after set-method.
  'string OriginalMethod { get; }': (request: GatewayRequest) => request.originalMethod,
  'IUrl OriginalUrl { get; }': (request: GatewayRequest) => request.originalUrl,
  'IPrivateEndpointConnection PrivateEndpointConnection { get; }': () => null,
  'IUrl Url { get; }': (request: GatewayRequest) => request.url,
});

export const RESPONSE_TYPE: TypeDeclaration = declareType('interface IResponse', 'all', {
  'IMessageBody Body { get; }': (response: GatewayResponse) => present(response.body),
  'IReadOnlyDictionary<string, string[]> Headers { get; }': special((runtime, _types, response: GatewayResponse) =>
    headersView(runtime.types, response.headers),
  ),
  'int StatusCode { get; }': (response: GatewayResponse) => response.status,
  'string StatusReason { get; }': (response: GatewayResponse) => response.reason,
});

/** The classes behind the interfaces, as GetType() names them; policies name the interfaces. */
export const REQUEST_CLASS: TypeDeclaration = declareType('class Request : IRequest', 'none', {});
export const RESPONSE_CLASS: TypeDeclaration = declareType('class Response : IResponse', 'none', {});
