/** `portico token mint`: a token of a provider's shape, signed with the stand-in's key or with one of the user's. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { TOKEN_KINDS, type TokenKind } from '../identity/providers/pack.ts';
import { findPack, nearestPack } from '../identity/providers/packs.ts';
import { type SigningKey, StandInProvider } from '../identity/providers/stand-in.ts';
import { isSwitch, SWITCH_NAMES, switchValue, switchValues } from '../identity/providers/switches.ts';
import { tryJson } from '../source/json.ts';
import { nearestName } from '../source/nearest.ts';
import { UsageError } from './output.ts';
import { readText } from './token-files.ts';
import { momentOf } from './token-input.ts';

export interface MintOptions {
  readonly provider: string;
  readonly kind?: string;
  readonly claim: readonly string[];
  readonly header: readonly string[];
  readonly audience: readonly string[];
  readonly issuer?: string;
  readonly subject?: string;
  readonly scope?: string;
  readonly expiresIn?: string;
  readonly set: readonly string[];
  readonly key?: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly at?: string;
}

export async function mint(options: MintOptions): Promise<void> {
  const provider = providerOf(options);
  if (options.alg !== undefined && options.key === undefined)
    throw new UsageError("`--alg` needs `--key`: the stand-ins' key signs with RS256 alone");
  const key = options.key === undefined ? undefined : signingKey(options.key, options);
  const claims = {
    ...(options.scope === undefined ? {} : scopeClaim(provider, options.scope)),
    ...(options.subject === undefined ? {} : { sub: options.subject }),
    ...pairs(options.claim, '--claim'),
  };
  const lifetime = options.expiresIn === undefined ? undefined : seconds(options.expiresIn);
  // Whoever names an audience gets it, whether the provider lets one choose or not.
  const named = options.audience.length > 0 ? { aud: options.audience.length === 1 ? options.audience[0] : options.audience } : {};
  const token = await provider.mint({
    now: momentOf(options.at),
    kind: kindOf(options.kind),
    claims: { ...named, ...claims },
    header: { ...(options.kid === undefined ? {} : { kid: options.kid }), ...pairs(options.header, '--header') },
    ...(lifetime === undefined ? {} : { lifetime }),
    ...(key ? { key } : {}),
  });
  process.stdout.write(`${token}\n`);
}

function providerOf({ provider, issuer, set }: MintOptions): StandInProvider {
  const pack = findPack(provider);
  if (!pack) {
    const near = nearestPack(provider);
    throw new UsageError(
      `there is no provider \`${provider}\`: ${near === undefined ? '`portico token providers list` names them' : `did you mean \`${near}\`?`}`,
    );
  }
  const settings: Record<string, string> = issuer === undefined ? {} : { issuer };
  const switches: Record<string, string | boolean> = {};
  const known = [...Object.keys(pack.settings), 'issuer', ...Object.keys(SWITCH_NAMES)];
  for (const text of set) {
    const [name, value] = pair(text, '--set');
    if (!known.includes(name)) throw new UsageError(unknownSetting(name, pack.name, known));
    if (isSwitch(name)) switches[SWITCH_NAMES[name]] = switchOf(name, value);
    else settings[name] = value;
  }
  return new StandInProvider({ pack, settings, switches });
}

function unknownSetting(name: string, pack: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  return `\`${pack}\` has no setting \`${name}\`: ${near === undefined ? `write one of ${known.join(', ')}` : `did you mean \`${near}\`?`}`;
}

function switchOf(name: keyof typeof SWITCH_NAMES, text: string): string | boolean {
  const value = switchValue(name, text);
  if (value === undefined) throw new UsageError(`\`${name}\` is one of ${switchValues(name).join(', ')}`);
  return value;
}

function kindOf(text: string | undefined): TokenKind {
  if (text === undefined) return 'access';
  const aliases: Readonly<Record<string, TokenKind>> = {
    app: 'client-credentials',
    application: 'client-credentials',
    'id-token': 'id',
    user: 'access',
  };
  const kind = TOKEN_KINDS.find((one) => one === text) ?? (Object.hasOwn(aliases, text) ? aliases[text] : undefined);
  if (kind === undefined) throw new UsageError(`\`--kind\` is one of ${TOKEN_KINDS.join(', ')}`);
  return kind;
}

/** Scopes under the provider's own name for them, as text or as a list. */
function scopeClaim(provider: StandInProvider, scope: string): Record<string, unknown> {
  const shape = provider.pack.claims({ settings: provider.settings, kind: 'access', issuedAt: 0, expiresAt: 0 });
  const name = 'scope' in shape ? 'scope' : 'scp';
  return { [name]: Array.isArray(shape[name]) ? scope.split(/[\s,]+/) : scope };
}

/** `name=value`: JSON where the value is JSON (numbers, true, lists, mappings, null leaves the claim out), else text. */
function pairs(texts: readonly string[], option: string): Record<string, unknown> {
  const entries = texts.map((text): [string, unknown] => {
    const [name, value] = pair(text, option);
    return [name, jsonOrText(value)];
  });
  return Object.fromEntries(entries);
}

function pair(text: string, option: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new UsageError(`\`${option} ${text}\`: write it as name=value`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/** A long row of digits stays text: it would lose digits as a number. */
function jsonOrText(text: string): unknown {
  const value = /^(?:true|false|null|-?\d{1,15}(?:\.\d+)?|[[{"].*)$/s.test(text) ? tryJson(text) : undefined;
  return value === undefined ? text : value;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `300`, `5m`, `-1h`. */
function seconds(text: string): number {
  const match = /^([+-]?\d+(?:\.\d+)?)\s*(s|m|h|d)?$/.exec(text.trim());
  if (!match) throw new UsageError(`\`--expires-in ${text}\`: write seconds, or 5m, 2h, 1d; a minus makes a token that has ended`);
  return Math.round(Number(match[1]) * (UNITS[match[2] ?? 's'] ?? 1));
}

/** PEM (PKCS#8, PKCS#1, SEC 1), a private JWK, or the first private key of a set. */
function signingKey(file: string, { alg, kid }: MintOptions): SigningKey {
  const jwk = privateJwk(file, readText(file));
  const algorithm = alg ?? (typeof jwk.alg === 'string' ? jwk.alg : defaultAlgorithm(jwk));
  const id = kid ?? (typeof jwk.kid === 'string' ? jwk.kid : undefined);
  return { jwk, algorithm, kid: id };
}

function privateJwk(file: string, text: string): JWK {
  try {
    if (/^\s*\{/.test(text)) return fromJson(JSON.parse(text) as { keys?: readonly JWK[] } & JWK);
    const key: KeyObject = createPrivateKey(text);
    return key.export({ format: 'jwk' }) as JWK;
  } catch {
    throw new UsageError(`\`${file}\` holds no private key: PEM without password, or a private JWK`);
  }
}

function fromJson(value: { readonly keys?: readonly JWK[] } & JWK): JWK {
  const candidates = value.keys ?? [value];
  const found = candidates.find(({ d, k }) => d !== undefined || k !== undefined);
  if (!found) throw new Error('no private key');
  return found;
}

function defaultAlgorithm({ kty, crv }: JWK): string {
  if (kty === 'oct') return 'HS256';
  if (kty !== 'EC') return 'RS256';
  return crv === 'P-384' ? 'ES384' : crv === 'P-521' ? 'ES512' : 'ES256';
}
