/** `authentication-certificate` as policy and as child of send-request: which certificate a backend is shown. */
import type { Exchange } from '../../exchange/exchange.ts';
import { PolicyError } from '../../exchange/policy-error.ts';
import type { PfxCertificate } from '../../host/host.ts';
import type { Input, PolicyCompiler, PolicyElement } from '../compiler.ts';
import { type AttributeDeclaration, optional } from '../definition.ts';
import { invalidValue } from '../evaluation.ts';
import * as faults from '../faults.ts';
import { valueSpan } from './attribute-span.ts';
import { needed } from './inputs.ts';

export const CERTIFICATE_ATTRIBUTES: readonly AttributeDeclaration[] = [
  optional('thumbprint', 'string', 'Thumbprint of an uploaded certificate.'),
  optional('certificate-id', 'string', 'Name of an uploaded certificate.'),
  optional('body', 'any', 'PKCS#12 bytes of the certificate; a text is Base64.'),
  optional('password', 'string', 'Password of the bytes.'),
];

export const CERTIFICATE_ONE_OF = [{ names: ['thumbprint', 'certificate-id', 'body'], required: true }];

/** The certificate for a call. Fails with the generic 500 when the gateway does not know it. */
export type CertificateReader = (exchange: Exchange) => string | PfxCertificate;

export function certificateReader(element: PolicyElement, compiler: PolicyCompiler): CertificateReader {
  const body = element.object('body');
  const password = element.text('password');
  if (password && !body) compiler.report(faults.passwordWithoutBody(), valueSpan(element, 'password'));
  if (body) return (exchange) => ({ data: bytesOf(body.read(exchange)), password: password?.read(exchange) ?? '' });
  const id = needed(element.text('certificate-id') ?? element.text('thumbprint'), 'certificate-id');
  checkKnown(id, element, compiler);
  return (exchange) => {
    const name = id.read(exchange) ?? '';
    if (exchange.host.certificates.find(name)) return name;
    throw new PolicyError({ reason: null, message: `The certificate '${name}' was not found.` });
  };
}

function checkKnown({ constant }: Input<string | null>, element: PolicyElement, compiler: PolicyCompiler): void {
  if (typeof constant !== 'string' || compiler.standalone || compiler.services.hasCertificate(constant)) return;
  compiler.report(faults.unknownCertificate(constant), valueSpan(element, element.has('certificate-id') ? 'certificate-id' : 'thumbprint'));
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const text = typeof value === 'string' ? value.replace(/\s/g, '') : '';
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0)
    throw invalidValue('The certificate is not a byte array.');
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
