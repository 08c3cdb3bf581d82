/** Certificates made by openssl in a folder of their own: authorities, chains, revocation lists. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const HAS_OPENSSL = ['/usr/bin/openssl', '/usr/local/bin/openssl', '/opt/homebrew/bin/openssl'].some(existsSync);

export interface Leaf {
  /** Who signs; none signs itself. */
  readonly issuer?: string;
  readonly subject?: string;
  /** `subjectAltName` */
  readonly names?: string;
  /** May issue certificates; a number limits how many authorities may stand below. */
  readonly authority?: boolean | number;
  /** `20200101000000Z` */
  readonly from?: string;
  readonly to?: string;
  /** More extension lines. */
  readonly extensions?: readonly string[];
}

export class CertificateFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'portico-tls-'));

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  file(name: string): string {
    return join(this.path, name);
  }

  text(name: string): string {
    return readFileSync(this.file(name), 'utf8');
  }

  /** Makes `<name>.key` and `<name>.pem`. */
  make(name: string, leaf: Leaf = {}): void {
    const subject = leaf.subject ?? `/CN=${name}`;
    this.#run(
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      subject,
    );
    const issuer = leaf.issuer ?? name;
    this.#prepare(issuer);
    const constraints =
      leaf.authority === undefined || leaf.authority === false
        ? 'CA:FALSE'
        : leaf.authority === true
          ? 'CA:TRUE'
          : `CA:TRUE,pathlen:${leaf.authority}`;
    const lines = [
      `basicConstraints=critical,${constraints}`,
      ...(leaf.names ? [`subjectAltName=${leaf.names}`] : []),
      ...(leaf.extensions ?? []),
    ];
    writeFileSync(this.file(`${name}.cnf`), `${CONFIG(issuer)}\n[ext]\n${lines.join('\n')}\n`);
    const dates = ['-startdate', leaf.from ?? '20200101000000Z', '-enddate', leaf.to ?? '20491231000000Z'];
    const signer = leaf.issuer === undefined ? ['-selfsign'] : ['-cert', `${issuer}.pem`];
    this.#run(
      'ca',
      '-batch',
      '-notext',
      '-config',
      `${name}.cnf`,
      '-extensions',
      'ext',
      ...signer,
      '-keyfile',
      `${issuer}.key`,
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
      ...dates,
    );
  }

  /** Marks a certificate as revoked and writes `<issuer>.crl`. */
  revoke(issuer: string, ...names: readonly string[]): void {
    this.#prepare(issuer);
    writeFileSync(this.file('crl.cnf'), CONFIG(issuer));
    for (const name of names)
      this.#run('ca', '-config', 'crl.cnf', '-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`, '-revoke', `${name}.pem`);
    this.#run(
      'ca',
      '-config',
      'crl.cnf',
      '-cert',
      `${issuer}.pem`,
      '-keyfile',
      `${issuer}.key`,
      '-gencrl',
      '-crldays',
      '3650',
      '-out',
      `${issuer}.crl`,
    );
  }

  /** `<name>.pfx` with the certificate, its key and more certificates. */
  pfx(name: string, password: string, options: readonly string[] = []): Uint8Array {
    this.#run(
      'pkcs12',
      '-export',
      '-in',
      `${name}.pem`,
      '-inkey',
      `${name}.key`,
      '-out',
      `${name}.pfx`,
      '-passout',
      `pass:${password}`,
      ...options,
    );
    return readFileSync(this.file(`${name}.pfx`));
  }

  /** One file of several. */
  join(name: string, ...parts: readonly string[]): void {
    writeFileSync(this.file(name), parts.map((part) => this.text(part)).join(''));
  }

  #prepare(issuer: string): void {
    const folder = this.file(`${issuer}.db`);
    if (existsSync(folder)) return;
    mkdirSync(folder);
    writeFileSync(join(folder, 'index.txt'), '');
    writeFileSync(join(folder, 'index.txt.attr'), 'unique_subject = no\n');
    writeFileSync(join(folder, 'crlnumber'), '01\n');
  }

  #run(...args: readonly string[]): void {
    execFileSync('openssl', args, { cwd: this.path, stdio: ['ignore', 'ignore', 'pipe'] });
  }
}

const CONFIG = (issuer: string) => `[ca]
default_ca = main
[main]
new_certs_dir = .
database = ${issuer}.db/index.txt
crlnumber = ${issuer}.db/crlnumber
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = optional
organizationName = optional
countryName = optional
`;
