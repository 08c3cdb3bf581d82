/**
 * A provider that is not there: answers discovery and key set at the genuine addresses, and mints tokens of the genuine
 * shape. Tests ask it without sockets, `portico run` serves it, `portico token mint` signs with its keys.
 */
import type { JWK } from 'jose';
import { type PackSettings, type ProviderPack, publicPart, type TokenContext, type TokenKind } from './pack.ts';
import { CURRENT_KEY, FOREIGN_KEY, NEXT_KEY, type StandInKey } from './stand-in-keys.ts';
import { type Condition, NO_SWITCHES, type ProviderSwitches } from './switches.ts';

export interface StandInOptions {
  readonly pack: ProviderPack;
  /** Win over the pack's defaults; `issuer` is known to every pack. */
  readonly settings?: PackSettings;
  readonly switches?: Partial<ProviderSwitches>;
}

/** An answer of a stand-in; `down` means that there is no connection at all. */
export interface ProviderAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /** Milliseconds before it comes. */
  readonly delay: number;
  readonly down: boolean;
}

export interface MintRequest {
  /** Default `access`. */
  readonly kind?: TokenKind;
  /** Win over the shape's own; null leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** For whom, where the provider lets one choose. Default: the pack's. */
  readonly audience?: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Seconds. Default: as long as the provider's tokens are valid. */
  readonly lifetime?: number;
  /** Signs in place of the stand-in's own key. */
  readonly key?: SigningKey;
}

/** A private key with the algorithm it signs with, and its id where it has one. */
export interface SigningKey {
  readonly jwk: JWK;
  readonly algorithm: string;
  readonly kid: string | undefined;
}

/** Longer than discovery waits (10 s). */
const SLOW = 15_000;

export class StandInProvider {
  readonly pack: ProviderPack;
  readonly settings: PackSettings;
  readonly switches: ProviderSwitches;

  constructor({ pack, settings = {}, switches = {} }: StandInOptions) {
    this.pack = pack;
    this.settings = { ...pack.settings, ...settings };
    this.switches = { ...NO_SWITCHES, ...switches };
  }

  /** The same provider with other switches. */
  with(switches: Partial<ProviderSwitches>): StandInProvider {
    return new StandInProvider({ pack: this.pack, settings: this.settings, switches: { ...this.switches, ...switches } });
  }

  get discoveryUrl(): string {
    return this.pack.discoveryUrl(this.settings);
  }

  /** `iss` of its tokens. */
  get issuer(): string {
    return this.settings.issuer ?? this.pack.issuer(this.settings);
  }

  /** The discovery document with addresses as the provider has them. */
  document(application?: string): Readonly<Record<string, unknown>> {
    const { pack, settings } = this;
    const query = application === undefined ? '' : `?appid=${encodeURIComponent(application)}`;
    const jwksUri = this.switches.discovery === 'incomplete' ? {} : { jwks_uri: pack.jwksUri(settings) + query };
    return { issuer: settings.issuer ?? (pack.documentIssuer ?? pack.issuer)(settings), ...pack.document(settings), ...jwksUri };
  }

  /** The key set at its present rotation. */
  keys(application?: string): readonly JWK[] {
    if (this.switches.keys === 'incomplete') return [];
    const signing = publishedKeys(this.switches, application !== undefined && this.#hasOwnKeys).map((key) => this.#labelled(key));
    return [...this.#impostors(signing), ...signing, ...(this.pack.moreKeys?.(this.settings) ?? [])];
  }

  /** What an address of this provider answers to a GET; undefined for an address that is none of its. */
  answer(address: string): ProviderAnswer | undefined {
    if (!URL.canParse(address)) return undefined;
    const url = new URL(address);
    const application = url.searchParams.get('appid') ?? undefined;
    const bare = url.origin + url.pathname;
    if (bare === this.discoveryUrl) return answered(this.switches.discovery, this.document(application));
    if (bare === this.pack.jwksUri(this.settings)) return answered(this.switches.keys, { keys: this.keys(application) });
    return undefined;
  }

  async mint(request: MintRequest): Promise<string> {
    const jose = await import('jose');
    const { kind = 'access' } = request;
    const key = signingKey(this.switches, this.#hasOwnKeys, this.pack.unpublished?.includes(kind) ?? false);
    const signer = request.key ?? {
      jwk: key.jwk as JWK,
      algorithm: 'RS256',
      kid: this.switches.noKeyIds ? undefined : this.pack.kid(key, this.settings),
    };
    const context = this.#context(kind, request);
    const header = {
      ...this.pack.header(context, key),
      alg: signer.algorithm,
      ...(signer.kid === undefined ? {} : { kid: signer.kid }),
      ...request.header,
    };
    const imported = await jose.importJWK(signer.jwk, signer.algorithm);
    return new jose.SignJWT(this.#payload(context, request)).setProtectedHeader(present(header) as { alg: string }).sign(imported);
  }

  get #hasOwnKeys(): boolean {
    return this.switches.customSigningKeys && this.pack.customSigningKeys === true;
  }

  #context(kind: TokenKind, { now, lifetime, claims = {} }: MintRequest): TokenContext {
    const seconds = Math.floor(now / 1000);
    const valid = lifetime ?? this.pack.lifetime;
    // A token is never valid from after its end: one that ended before now was issued a lifetime earlier.
    const ended =
      typeof claims.exp === 'number' && claims.exp <= seconds ? claims.exp : seconds + valid <= seconds ? seconds + valid : undefined;
    const issuedAt = ended === undefined ? seconds : ended - this.pack.lifetime;
    return { settings: this.settings, kind, issuedAt, expiresAt: ended ?? seconds + valid };
  }

  #payload(context: TokenContext, { claims = {}, audience = [] }: MintRequest): Record<string, unknown> {
    const chosen = this.pack.audienceChosen(context.kind) && audience.length > 0;
    const own = chosen ? (audience.length === 1 ? audience[0] : audience) : this.pack.audience(context);
    const aud = own === null || this.switches.missingAudience ? {} : { aud: own };
    const iss = this.switches.wrongIssuer ? wrongIssuer(this.issuer) : this.issuer;
    return present({ iss, ...aud, ...this.pack.claims(context), ...claims });
  }

  #labelled(key: StandInKey): JWK {
    const published = this.pack.publish(key, this.settings);
    const { n, e, kid, ...rest } = published;
    const material = this.switches.certificatesOnly ? { x5c: [key.certificate] } : { n, e };
    return { ...rest, ...(this.switches.noKeyIds ? {} : { kid }), ...material } as JWK;
  }

  /** A key of somebody else under each id that is used. */
  #impostors(signing: readonly JWK[]): readonly JWK[] {
    if (!this.switches.duplicateKeyIds) return [];
    return signing.map(({ kid, use }) => ({ ...publicPart(FOREIGN_KEY), use, kid }) as JWK);
  }
}

function publishedKeys({ rotation }: ProviderSwitches, application: boolean): readonly StandInKey[] {
  if (application) return [FOREIGN_KEY];
  if (rotation === 'finished') return [NEXT_KEY];
  return rotation === 'announced' || rotation === 'switched' ? [CURRENT_KEY, NEXT_KEY] : [CURRENT_KEY];
}

function signingKey({ rotation }: ProviderSwitches, application: boolean, unpublished: boolean): StandInKey {
  if (application || unpublished) return FOREIGN_KEY;
  return rotation === 'none' || rotation === 'announced' ? CURRENT_KEY : NEXT_KEY;
}

/** Right but for its end, as after a move to another tenant or a copy that lost a slash. */
function wrongIssuer(issuer: string): string {
  return issuer.endsWith('/') ? `${issuer}other/` : `${issuer}/other`;
}

function present(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));
}

function answered(condition: Condition, document: object): ProviderAnswer {
  const json = { status: 200, type: 'application/json', body: JSON.stringify(document), delay: 0, down: false };
  switch (condition) {
    case 'slow':
      return { ...json, delay: SLOW };
    case 'down':
      return { ...json, down: true };
    case 'error':
      return { ...json, status: 503, body: JSON.stringify({ error: 'temporarily_unavailable' }) };
    case 'not-json':
      return { ...json, type: 'text/html', body: '<!doctype html><title>Sign in</title>' };
    default:
      return json;
  }
}
