/** Backend entities (gateway-model, section 9): URL, credentials, TLS. */
import type { Backend } from '../exchange/entities.ts';
import type { Entry } from './config-file.ts';

/** Credentials and TLS settings of `backendInformation.json` (camelCase) or portico.yaml (dashes). */
export function backendCredentials(entry: Entry): Pick<Backend, 'credentials' | 'tls'> {
  const credentials = entry.get('credentials');
  const tls = entry.get('tls');
  return {
    ...(credentials.exists ? { credentials: readCredentials(credentials) } : {}),
    ...(tls.exists ? { tls: readTls(tls) } : {}),
  };
}

function readCredentials(entry: Entry): NonNullable<Backend['credentials']> {
  const authorization = entry.get('authorization');
  const certificate = [...entry.get('certificateIds').texts(), ...entry.get('certificate').texts()][0];
  return {
    ...(authorization.exists
      ? {
          authorization: {
            scheme: authorization.get('scheme').requiredText() ?? '',
            parameter: authorization.get('parameter').requiredText() ?? '',
          },
        }
      : {}),
    headers: valuesByName(entry.get('header')),
    query: valuesByName(entry.get('query')),
    ...(certificate === undefined ? {} : { certificateId: certificate.split('/').pop() ?? certificate }),
  };
}

function valuesByName(entry: Entry): Record<string, string[]> {
  return Object.fromEntries(entry.members().map(([name, values]) => [name, values.texts()]));
}

function readTls(entry: Entry): NonNullable<Backend['tls']> {
  const either = (camel: string, dashed: string) => entry.get(camel).boolean() ?? entry.get(dashed).boolean();
  return {
    validateChain: either('validateCertificateChain', 'validate-certificate-chain') ?? true,
    validateName: either('validateCertificateName', 'validate-certificate-name') ?? true,
  };
}
