import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, type PolicyDefinition } from './definition.ts';
import { CERTIFICATE_ATTRIBUTES, CERTIFICATE_ONE_OF, certificateReader } from './shared/client-certificate.ts';
import type { Step } from './step.ts';

/** `<authentication-certificate>`: shows the backend a client certificate; the last one wins. */
export const authenticationCertificate: PolicyDefinition = {
  name: 'authentication-certificate',
  summary: 'Shows the backend a client certificate.',
  page: 'authentication-certificate-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: CERTIFICATE_ATTRIBUTES,
  oneOf: CERTIFICATE_ONE_OF,
  content: 'empty',
  compile: compileCertificate,
};

function compileCertificate(element: PolicyElement, compiler: PolicyCompiler): Step {
  const read = certificateReader(element, compiler);
  return (exchange) => {
    exchange.clientCertificate = read(exchange);
    return undefined;
  };
}
