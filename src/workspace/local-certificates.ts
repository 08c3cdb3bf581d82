/** `certificates` of portico.yaml: PEM files or a PKCS#12 file each. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { HostCertificate } from '../host/host.ts';
import { nodeCrypto } from '../host/node-crypto.ts';
import { pfxCertificate } from './certificates.ts';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';

/** Empty for one that cannot be read, which is reported. */
export function readCertificate(id: string, entry: Entry, directory: string): HostCertificate[] {
  entry.onlyMembers(['certificate', 'key', 'pfx', 'password']);
  const pfx = entry.get('pfx').text();
  if (pfx !== undefined) return readPfx(id, entry, resolve(directory, pfx));
  const name = entry.get('certificate').requiredText();
  const keyName = entry.get('key').text();
  if (name === undefined) return [];
  try {
    const info = nodeCrypto().certificate(readFileSync(resolve(directory, name)));
    const key = keyName === undefined ? {} : { privateKeyPem: readFileSync(resolve(directory, keyName), 'utf8') };
    return [{ id, info, ...key }];
  } catch (error) {
    entry.report(faults.badCertificate(id, error instanceof Error ? error.message : String(error)));
    return [];
  }
}

function readPfx(id: string, entry: Entry, path: string): HostCertificate[] {
  try {
    return [pfxCertificate(id, readFileSync(path), entry.get('password').text() ?? '')];
  } catch (error) {
    entry.report(faults.badCertificate(id, error instanceof Error ? error.message : String(error)));
    return [];
  }
}
