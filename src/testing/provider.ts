/**
 * The identity providers of tests: they mint tokens and answer discovery. Without a pack one provider stands in for all
 * of them; with packs each answers at its own genuine addresses, and nothing else does.
 */
import { HostError, type OutgoingRequest } from '../host/host.ts';
import { GENERIC } from '../identity/providers/generic.ts';
import { TOKEN_KINDS, type TokenKind, WELL_KNOWN } from '../identity/providers/pack.ts';
import { findPack } from '../identity/providers/packs.ts';
import { type MintRequest, type ProviderAnswer, StandInProvider } from '../identity/providers/stand-in.ts';
import { FOREIGN_KEY } from '../identity/providers/stand-in-keys.ts';
import type { SharedKey } from './shared-key.ts';
import type { Answer } from './stubs.ts';

export interface TestProvider {
  /** Makes a token of a test's `token:`; what it leaves out has defaults that a policy accepts; `shared` signs it. */
  mint(token: Readonly<Record<string, unknown>>, now: number, audience: readonly string[], shared?: SharedKey): Promise<string>;
  /** Discovery document and key set; undefined for any other request. */
  answer(request: OutgoingRequest): Answer | undefined;
  /** These providers in place of the one that stands in for all. None: this one. */
  with(standIns: readonly StandInProvider[]): TestProvider;
}

/** Makes the provider of tests that name no pack. */
export async function createTestProvider(): Promise<TestProvider> {
  return new AnyProvider();
}

/** Answers every discovery address with the same keys. */
class AnyProvider implements TestProvider {
  readonly #standIn = new StandInProvider({ pack: GENERIC });

  async mint(token: Readonly<Record<string, unknown>>, now: number, audience: readonly string[], shared?: SharedKey): Promise<string> {
    if (packNamed(token)) return new PackProviders([]).mint(token, now, audience);
    // Who asks for no audience gets a token without one.
    const { 'signed-by': signer, ...rest } = token;
    const claims = { ...(audience.length === 0 ? { aud: null } : {}), ...(shared?.issuer ? { iss: shared.issuer } : {}), ...rest };
    return this.#standIn.mint({ claims, now, audience, ...(shared ? { key: shared.signing } : {}), ...signedBy(signer, this.#standIn) });
  }

  answer({ origin, path }: OutgoingRequest): Answer | undefined {
    const wellKnown = path.includes(WELL_KNOWN);
    const answer = this.#standIn.answer(wellKnown ? this.#standIn.discoveryUrl : origin + path);
    return answer && played(answer);
  }

  with(standIns: readonly StandInProvider[]): TestProvider {
    return standIns.length === 0 ? this : new PackProviders(standIns);
  }
}

class PackProviders implements TestProvider {
  readonly #standIns: readonly StandInProvider[];

  constructor(standIns: readonly StandInProvider[]) {
    this.#standIns = standIns;
  }

  async mint(token: Readonly<Record<string, unknown>>, now: number, audience: readonly string[]): Promise<string> {
    const { provider, kind, claims, header, 'signed-by': signer, ...rest } = token;
    const standIn = this.#find(packNamed(token) ? String(provider) : undefined);
    const named = packNamed(token) ? {} : { provider };
    const isKind = TOKEN_KINDS.some((one) => one === kind);
    return standIn.mint({
      now,
      audience,
      claims: { ...rest, ...(isKind ? {} : { kind }), ...named, ...mapping(claims) },
      ...(isKind ? { kind: kind as TokenKind } : {}),
      ...(header === undefined ? {} : { header: mapping(header) }),
      ...signedBy(signer, standIn),
    });
  }

  answer({ origin, path }: OutgoingRequest): Answer | undefined {
    for (const standIn of this.#standIns) {
      const answer = standIn.answer(origin + path);
      if (answer) return played(answer);
    }
    if (!path.includes(WELL_KNOWN)) return undefined;
    const known = this.#standIns.map((one) => `${one.pack.name} answers ${one.discoveryUrl}`).join(', ');
    throw new HostError('connect', `no provider of \`identity:\` has the address ${origin}${path}: ${known}`);
  }

  with(standIns: readonly StandInProvider[]): TestProvider {
    return standIns.length === 0 ? this : new PackProviders(standIns);
  }

  #find(name: string | undefined): StandInProvider {
    const pack = name === undefined ? undefined : findPack(name);
    const found = pack ? this.#standIns.find((one) => one.pack === pack) : this.#standIns[0];
    return found ?? new StandInProvider({ pack: pack ?? GENERIC });
  }
}

/** Whether `provider` of a token names a pack, and is no claim of that name. */
function packNamed({ provider }: Readonly<Record<string, unknown>>): boolean {
  return typeof provider === 'string' && findPack(provider) !== undefined;
}

/** Another key than the provider's. */
function signedBy(signer: unknown, standIn: StandInProvider): Pick<MintRequest, 'key'> {
  if (signer === undefined) return {};
  if (signer !== 'stranger') throw new Error(`\`signed-by\` of a token is \`stranger\`, or left out: it is \`${String(signer)}\``);
  return { key: { jwk: FOREIGN_KEY.jwk, algorithm: 'RS256', kid: keyIdOf(standIn) } };
}

/** The id that the provider's own tokens carry: a stranger pretends to have that key. */
function keyIdOf(standIn: StandInProvider): string | undefined {
  const kid = standIn.keys()[0]?.kid;
  return typeof kid === 'string' ? kid : undefined;
}

function mapping(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function played({ status, type, body, delay, down }: ProviderAnswer): Answer {
  return { status, reason: undefined, headers: ['Content-Type', type], body, delay, fault: down ? 'refuse' : undefined };
}
