/** `tls` of portico.yaml and the command line's way to the same: what the listening side shows and asks for. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { openPfx } from '../host/node-pfx.ts';
import { readRevocationList } from '../identity/certificates/revocation-list.ts';
import { messageOf } from '../source/system-error.ts';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';
import type { ClientCertificateMode, TlsIdentity, TlsSettings } from './model.ts';
import { portOf } from './numbers.ts';

const CLIENT_CERTIFICATE_MODES = ['none', 'request', 'require'] as const;

const IDENTITY_MEMBERS = ['certificate', 'key', 'pfx', 'password'] as const;
const MEMBERS = [...IDENTITY_MEMBERS, 'client-certificate', 'ca', 'crl', 'sni', 'min-version', 'max-version', 'http2', 'port'] as const;
const VERSIONS = ['1.2', '1.3'] as const;

/** Undefined when the section is absent or its certificate cannot be used (which is reported). */
export function readTls(entry: Entry, directory: string): TlsSettings | undefined {
  if (!entry.exists) return undefined;
  entry.onlyMembers(MEMBERS);
  const identity = readIdentity(entry, directory);
  const sni = entry
    .get('sni')
    .members()
    .flatMap(([host, one]): [string, TlsIdentity][] => {
      one.onlyMembers(IDENTITY_MEMBERS);
      const found = readIdentity(one, directory);
      return found ? [[host.toLowerCase(), found]] : [];
    });
  const port = portOf(entry.get('port'));
  const settings = {
    sni: new Map(sni),
    clientCertificate: entry.get('client-certificate').choice(CLIENT_CERTIFICATE_MODES) ?? 'none',
    authorities: filesOf(entry.get('ca'), directory).flatMap((path) => readAuthorities(entry.get('ca'), path)),
    revocationLists: filesOf(entry.get('crl'), directory).flatMap((path) => readList(entry.get('crl'), path)),
    ...versionsOf(entry),
    http2: entry.get('http2').boolean() ?? true,
    ...(port === undefined ? {} : { port }),
  };
  return identity && { identity, ...settings };
}

function versionsOf(entry: Entry): Pick<TlsSettings, 'minVersion' | 'maxVersion'> {
  const least = entry.get('min-version').choice(VERSIONS) ?? '1.2';
  const most = entry.get('max-version').choice(VERSIONS) ?? '1.3';
  if (least > most) entry.get('max-version').report(faults.badTls('`max-version` is below `min-version`', 'raise `max-version`'));
  return { minVersion: `TLSv${least}`, maxVersion: `TLSv${most}` };
}

function readIdentity(entry: Entry, directory: string): TlsIdentity | undefined {
  const [certificate, key, pfx] = (['certificate', 'key', 'pfx'] as const).map((name) => entry.get(name).text());
  const password = entry.get('password').text() ?? '';
  if ((certificate === undefined) === (pfx === undefined) || (certificate !== undefined && key === undefined)) {
    entry.report(
      faults.badTls(`\`${entry.name}\` names no certificate with its key`, 'write `certificate` and `key`, or `pfx` and `password`'),
    );
    return undefined;
  }
  try {
    return pfx === undefined
      ? tlsIdentity(resolve(directory, certificate ?? ''), resolve(directory, key ?? ''))
      : usable(identityOfPfx(resolve(directory, pfx), password));
  } catch (error) {
    entry.report(faults.badCertificate(entry.name, reasonOf(error)));
    return undefined;
  }
}

/** A certificate (with its chain) and its key from PEM files. Throws an Error with a reason when they cannot be used. */
function tlsIdentity(certificatePath: string, keyPath: string): TlsIdentity {
  const [certificate, key] = [readText(certificatePath), readText(keyPath)];
  if (pemBlocks(certificate).length === 0) throw new Error(`\`${certificatePath}\` holds no PEM certificate`);
  if (!key.includes('PRIVATE KEY-----')) throw new Error(`\`${keyPath}\` holds no PEM private key`);
  return usable({ certificate, key });
}

function identityOfPfx(path: string, password: string): TlsIdentity {
  const { certificates, key } = openPfx(readBytes(path), password);
  if (key === undefined) throw new Error(`\`${path}\` holds no private key`);
  return { certificate: certificates.join(''), key };
}

/** Node's own judgement, before anything listens: a key that does not fit, a text that is no PEM. */
function usable(identity: TlsIdentity): TlsIdentity {
  createSecureContext({ cert: identity.certificate, key: identity.key });
  return identity;
}

/** What the flags of `portico run` change: a certificate in place of portico.yaml's, a mode in place of its mode. */
export interface TlsOverride {
  readonly certificate?: string;
  readonly key?: string;
  readonly authorities?: readonly string[];
  readonly clientCertificate?: ClientCertificateMode;
}

/** What the command line says about TLS cannot be done. */
export class TlsError extends Error {}

/** Throws TlsError when files cannot be used or nothing names a certificate. */
export function overriddenTls(settings: TlsSettings | undefined, override: TlsOverride | undefined): TlsSettings | undefined {
  if (!override) return settings;
  try {
    return overridden(settings, override);
  } catch (error) {
    throw new TlsError(reasonOf(error));
  }
}

function overridden(settings: TlsSettings | undefined, override: TlsOverride): TlsSettings {
  const { certificate, key, clientCertificate } = override;
  if ((certificate === undefined) !== (key === undefined))
    throw new Error('a certificate and its key go together: --tls-cert and --tls-key');
  const identity = certificate !== undefined && key !== undefined ? tlsIdentity(certificate, key) : settings?.identity;
  if (!identity) throw new Error('client certificates need TLS: --tls-cert and --tls-key, or `tls` in portico.yaml');
  const base = settings ?? DEFAULTS;
  const authorities = (override.authorities ?? []).flatMap((path) => pemBlocks(readText(path)));
  return {
    ...base,
    identity,
    authorities: [...base.authorities, ...authorities],
    clientCertificate: clientCertificate ?? base.clientCertificate,
  };
}

const DEFAULTS: Omit<TlsSettings, 'identity'> = {
  sni: new Map(),
  clientCertificate: 'none',
  authorities: [],
  revocationLists: [],
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  http2: true,
};

function filesOf(entry: Entry, directory: string): string[] {
  return entry.texts().map((name) => resolve(directory, name));
}

function readAuthorities(entry: Entry, path: string): string[] {
  return attempt(entry, path, () => {
    const blocks = pemBlocks(readText(path));
    if (blocks.length === 0) throw new Error(`\`${path}\` holds no PEM certificate`);
    createSecureContext({ ca: blocks });
    return blocks;
  });
}

function readList(entry: Entry, path: string): Uint8Array[] {
  return attempt(entry, path, () => {
    const bytes = readBytes(path);
    readRevocationList(bytes);
    return [bytes];
  });
}

function attempt<T>(entry: Entry, path: string, read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    entry.report(faults.unreadable(`\`${path}\`: ${reasonOf(error)}`));
    return [];
  }
}

/** Each certificate of a PEM text, in order. */
export function pemBlocks(text: string): string[] {
  return text.match(/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g) ?? [];
}

function readText(path: string): string {
  return readBytes(path).toString('utf8');
}

function readBytes(path: string): Buffer {
  if (!existsSync(path)) throw new Error(`there is no file \`${path}\``);
  return readFileSync(path);
}

/** OpenSSL's words for what people get wrong most. */
const OPENSSL: ReadonlyMap<string, string> = new Map([['key values mismatch', 'the key does not belong to the certificate']]);

/** OpenSSL's reason alone: its error texts begin with numbers and names of libraries. */
function reasonOf(error: unknown): string {
  const { reason } = error as { reason?: unknown };
  return typeof reason === 'string' ? (OPENSSL.get(reason) ?? reason) : messageOf(error);
}
