/** A real provider looked at through the eyes of validate-jwt: what of its documents would break token checks. */
import type { Host, IncomingResponse } from '../../host/host.ts';
import { errorText } from '../../source/error-text.ts';
import { readAnswer } from '../http-answer.ts';
import { valueText } from '../token-parts.ts';
import { WELL_KNOWN } from './pack.ts';

export interface ProviderFinding {
  readonly severity: 'error' | 'warning' | 'info';
  /** What was looked at: `address`, `discovery`, `issuer`, `jwks_uri`, `keys`, `key <kid>`. */
  readonly subject: string;
  readonly message: string;
  readonly help: string | undefined;
}

export interface ProviderCheck {
  /** The discovery document's address. */
  readonly url: string;
  readonly issuer: string | undefined;
  readonly jwksUri: string | undefined;
  readonly keys: readonly KeyRow[];
  readonly milliseconds: { readonly discovery: number; readonly keys: number | undefined };
  readonly findings: readonly ProviderFinding[];
}

export interface KeyRow {
  readonly kid: string | undefined;
  readonly kty: string | undefined;
  readonly alg: string | undefined;
  readonly use: string | undefined;
  /** Bits of an RSA modulus. */
  readonly bits: number | undefined;
  readonly x5c: boolean;
}

/** The gateway waits so long for one document. */
const TIMEOUT = 10_000;

/** Slower than this, and the first callers after an hour notice. */
const SLOW = 2000;

const LARGEST_DOCUMENT = 1024 * 1024;

/** RSA keys below are refused by the .NET library that Azure checks with. */
const LEAST_BITS = 2048;

const SIGNATURES = new Set(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512']);
const CURVES = new Set(['P-256', 'P-384', 'P-521']);

const finding = (severity: ProviderFinding['severity'], subject: string, message: string, help?: string): ProviderFinding => ({
  severity,
  subject,
  message,
  help,
});

/** An issuer stands for the document that belongs to it. */
export function discoveryAddress(url: string): string {
  return url.includes(WELL_KNOWN) || /\.well-known\//.test(url) ? url : `${url.replace(/(?<!\/)\/+$/, '')}${WELL_KNOWN}`;
}

/** Fetches discovery document and key set once each. Throws only for what is no URL. */
export async function checkProvider(address: string, host: Host): Promise<ProviderCheck> {
  const url = discoveryAddress(address);
  const findings = [...schemeFindings('address', url)];
  const document = await fetchJson(url, host);
  if ('failure' in document) {
    const broken = finding(
      'error',
      'discovery',
      `\`${url}\` ${document.failure}`,
      'every token is refused while no keys are known: correct the address, or open the way to it',
    );
    return {
      url,
      issuer: undefined,
      jwksUri: undefined,
      keys: [],
      milliseconds: { discovery: document.milliseconds, keys: undefined },
      findings: [...findings, broken],
    };
  }
  findings.push(
    ...slowFindings('discovery', document.milliseconds),
    ...issuerFindings(url, document.value),
    ...documentFindings(document.value),
  );
  const jwksUri = typeof document.value.jwks_uri === 'string' ? document.value.jwks_uri : undefined;
  const issuer = typeof document.value.issuer === 'string' ? document.value.issuer : undefined;
  const set = jwksUri === undefined ? undefined : await keySet(jwksUri, host);
  findings.push(
    ...(set?.findings ?? [
      finding('error', 'jwks_uri', 'the document has no `jwks_uri`', 'point `<openid-config>` to an OpenID Connect discovery document'),
    ]),
  );
  return {
    url,
    issuer,
    jwksUri,
    keys: set?.rows ?? [],
    milliseconds: { discovery: document.milliseconds, keys: set?.milliseconds },
    findings,
  };
}

function schemeFindings(subject: string, url: string): ProviderFinding[] {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:') return [];
  if (/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname))
    return [finding('info', subject, 'it is http on this machine, which only a local gateway reaches')];
  return [finding('error', subject, 'it is http: whoever sits in between decides who may come in', 'use https')];
}

function slowFindings(subject: string, milliseconds: number): ProviderFinding[] {
  if (milliseconds <= SLOW) return [];
  const message = `it took ${Math.round(milliseconds)} ms: the first callers after each hour wait that long`;
  return [finding('warning', subject, message, 'the gateway gives up after 10 s')];
}

function issuerFindings(url: string, { issuer }: Readonly<Record<string, unknown>>): ProviderFinding[] {
  if (typeof issuer !== 'string' || issuer === '')
    return [
      finding('error', 'issuer', 'the document has no `issuer`', 'name the issuer in `<issuers>`: without any, the issuer is not checked'),
    ];
  if (issuer.includes('{tenantid}'))
    return [
      finding(
        'warning',
        'issuer',
        `\`${issuer}\` is filled in from the token's \`tid\`: every tenant is let in`,
        'require the claim `tid`, or name the issuers and use the address of one tenant',
      ),
    ];
  const expected = url.split(WELL_KNOWN)[0] ?? '';
  if (issuer === expected) return [];
  const slash = issuer.replace(/\/$/, '') === expected.replace(/\/$/, '');
  if (slash)
    return [finding('info', 'issuer', `\`${issuer}\` and the address differ in the slash at the end; tokens must have \`iss\` exactly so`)];
  const known = KNOWN_ISSUERS.some((pattern) => pattern.test(issuer));
  const message = `\`${issuer}\` is not the address \`${expected}\`${known ? ', as it is usual with this provider' : ''}; tokens must have \`iss\` exactly so`;
  return [
    finding(known ? 'info' : 'warning', 'issuer', message, known ? undefined : 'compare it with `iss` of a token: `portico token explain`'),
  ];
}

/** Providers whose issuer is documented to differ from the address. */
const KNOWN_ISSUERS: readonly RegExp[] = [
  /^https:\/\/sts\.(?:windows\.net|chinacloudapi\.cn)\//,
  /^https:\/\/login\.microsoftonline\.(?:com|us)\//,
  /^https:\/\/[^/]+\.(?:b2clogin|ciamlogin)\.com\//,
];

function documentFindings(document: Readonly<Record<string, unknown>>): ProviderFinding[] {
  const list = document.id_token_signing_alg_values_supported;
  if (!Array.isArray(list) || list.some((one) => SIGNATURES.has(valueText(one)))) return [];
  return [
    finding(
      'error',
      'discovery',
      `it signs with ${list.map(valueText).join(', ')}, which validate-jwt does not take from a provider`,
      'have it sign with RS256, PS256 or ES256',
    ),
  ];
}

interface KeySet {
  readonly rows: readonly KeyRow[];
  readonly milliseconds: number;
  readonly findings: readonly ProviderFinding[];
}

async function keySet(jwksUri: string, host: Host): Promise<KeySet> {
  if (!URL.canParse(jwksUri)) return { rows: [], milliseconds: 0, findings: [finding('error', 'jwks_uri', `\`${jwksUri}\` is no URL`)] };
  const answer = await fetchJson(jwksUri, host);
  if ('failure' in answer) {
    const broken = finding('error', 'jwks_uri', `\`${jwksUri}\` ${answer.failure}`, 'every token is refused while no keys are known');
    return { rows: [], milliseconds: answer.milliseconds, findings: [broken] };
  }
  const { keys } = answer.value;
  const list = Array.isArray(keys) ? keys.filter((key): key is Record<string, unknown> => typeof key === 'object' && key !== null) : [];
  const rows = list.map((key) => rowOf(key));
  const findings = [
    ...schemeFindings('jwks_uri', jwksUri),
    ...slowFindings('jwks_uri', answer.milliseconds),
    ...(list.length === 0 ? [finding('error', 'keys', 'the set has no keys: no signature can be verified')] : []),
    ...list.flatMap((key, at) => keyFindings(key, rows[at] ?? rowOf(key), host)),
    ...setFindings(rows),
  ];
  return { rows, milliseconds: answer.milliseconds, findings };
}

function rowOf(key: Readonly<Record<string, unknown>>): KeyRow {
  const text = (name: string) => (typeof key[name] === 'string' ? key[name] : undefined);
  const modulus = text('n')?.replace(/^A+/, '');
  return {
    kid: text('kid'),
    kty: text('kty'),
    alg: text('alg'),
    use: text('use'),
    bits: modulus === undefined ? undefined : Math.floor((modulus.length * 6) / 8) * 8,
    x5c: Array.isArray(key.x5c) && key.x5c.length > 0,
  };
}

function setFindings(rows: readonly KeyRow[]): ProviderFinding[] {
  const signing = rows.filter(({ use }) => use !== 'enc');
  const ids = signing.flatMap(({ kid }) => kid ?? []);
  const repeated = [...new Set(ids.filter((kid, at) => ids.indexOf(kid) !== at))];
  const usable = signing.some(({ kty, alg }) => (kty === 'RSA' || kty === 'EC') && (alg === undefined || SIGNATURES.has(alg)));
  return [
    ...repeated.map((kid) =>
      finding(
        'warning',
        'keys',
        `the id \`${kid}\` is there more than once: each of these keys is tried`,
        'have the provider give each key an id of its own',
      ),
    ),
    ...(rows.length > 0 && !usable ? [finding('error', 'keys', 'no key of the set can verify a signature')] : []),
  ];
}

function keyFindings(key: Readonly<Record<string, unknown>>, row: KeyRow, host: Host): ProviderFinding[] {
  const subject = row.kid === undefined ? 'key without id' : `key ${row.kid}`;
  if (row.use === 'enc') return [finding('info', subject, 'it is for encryption, and passed over')];
  return [
    ...(row.kid === undefined
      ? [
          finding(
            'warning',
            'keys',
            'a key has no `kid`: it is tried for every token, and a change of keys is not noticed by its id',
            'have the provider set `kid`',
          ),
        ]
      : []),
    ...kindFindings(subject, key, row),
    ...(row.kty === 'RSA' ? rsaFindings(subject, key, row, host) : []),
  ];
}

function kindFindings(subject: string, key: Readonly<Record<string, unknown>>, { kty, alg }: KeyRow): ProviderFinding[] {
  if (kty === 'oct')
    return [
      finding(
        'error',
        subject,
        'a symmetric key is published: whoever reads it can make tokens',
        'take it out of the set at once, and change it',
      ),
    ];
  if (key.d !== undefined)
    return [finding('error', subject, 'the private half is published: whoever reads it can make tokens', 'change the key at once')];
  if (kty !== 'RSA' && kty !== 'EC')
    return [finding('warning', subject, `\`kty\` is \`${kty ?? 'absent'}\`, which validate-jwt does not know: it is passed over`)];
  if (kty === 'EC' && !CURVES.has(valueText(key.crv)))
    return [finding('warning', subject, `the curve \`${valueText(key.crv)}\` is not known to validate-jwt: it is passed over`)];
  if (alg !== undefined && !SIGNATURES.has(alg))
    return [
      finding(
        'warning',
        subject,
        `\`alg\` is \`${alg}\`, with which validate-jwt verifies nothing`,
        'have the provider sign with RS256, PS256 or ES256',
      ),
    ];
  return [];
}

function rsaFindings(subject: string, key: Readonly<Record<string, unknown>>, { bits, x5c }: KeyRow, host: Host): ProviderFinding[] {
  if (bits !== undefined) {
    if (bits >= LEAST_BITS) return [];
    return [finding('error', subject, `it has ${bits} bits: Azure refuses RSA keys below 2048`, 'have the provider make a larger key')];
  }
  if (!x5c) return [finding('error', subject, 'it has neither `n` and `e` nor `x5c`: it cannot verify anything')];
  const found = [finding('info', subject, 'it is a certificate alone (`x5c`), which both Azure and this gateway read')];
  return readable(key, host) ? found : [finding('error', subject, 'its certificate (`x5c`) cannot be read')];
}

function readable({ x5c }: Readonly<Record<string, unknown>>, { crypto }: Host): boolean {
  try {
    const [first] = x5c as readonly string[];
    crypto.certificate(new TextEncoder().encode(`-----BEGIN CERTIFICATE-----\n${first}\n-----END CERTIFICATE-----\n`));
    return true;
  } catch {
    return false;
  }
}

type Fetched =
  | { readonly value: Readonly<Record<string, unknown>>; readonly milliseconds: number }
  | { readonly failure: string; readonly milliseconds: number };

async function fetchJson(url: string, host: Host): Promise<Fetched> {
  const started = host.elapsed();
  const since = () => host.elapsed() - started;
  try {
    const { origin, pathname, search, host: authority } = new URL(url);
    const answer = await host.send({
      method: 'GET',
      origin,
      path: pathname + search,
      headers: ['Host', authority, 'Accept', 'application/json'],
      body: null,
      timeoutMilliseconds: TIMEOUT,
      followRedirects: true,
    });
    return { ...(await jsonOf(answer)), milliseconds: since() };
  } catch (error) {
    return { failure: `cannot be reached: ${errorText(error)}`, milliseconds: since() };
  }
}

async function jsonOf(
  answer: IncomingResponse,
): Promise<{ readonly value: Readonly<Record<string, unknown>> } | { readonly failure: string }> {
  const text = new TextDecoder().decode(await readAnswer(answer, LARGEST_DOCUMENT));
  if (answer.status !== 200) return { failure: `answered ${answer.status}` };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value: value as Record<string, unknown> };
  } catch {
    return { failure: 'answered something that is no JSON' };
  }
  return { failure: 'answered JSON that is no object' };
}
