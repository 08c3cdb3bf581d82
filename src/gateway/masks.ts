/** What never leaves the process for those who look on (logs, traces, the console): known secrets in every spelling, and whatever looks like one. */
import { isSecretName, MASK, Masking } from '../exchange/masking.ts';
import { decodeOrKeep } from '../exchange/query.ts';
import type { Workspace } from '../workspace/model.ts';
import { TextSet } from './text-set.ts';

/** Shorter values would blank out half of every text; events are masked for them nevertheless (`Exchange.emit`). */
const SHORTEST = 3;
/** From this length on the Base64 of a secret inside a longer text can be told from chance. */
const SHORTEST_ENCODED = 6;
/** Of what a caller sends. */
const LONGEST_CREDENTIAL = 8 * 1024;
/** Texts beyond it are cut before they are looked at. */
const LONGEST = 64 * 1024;

export class Masks {
  readonly #shape = new Masking();
  readonly #known: TextSet;
  /** Headers and parameters that carry subscription keys. */
  readonly #names: ReadonlySet<string>;
  /** Knows more. */
  readonly #base: Masks | undefined;

  /** Of a directory; or what `base` masks, and more texts that are secret. */
  constructor(base: Workspace | Masks, more: readonly string[] = []) {
    const isDerived = base instanceof Masks;
    this.#base = isDerived ? base : undefined;
    this.#names = isDerived ? base.#names : keyNames(base);
    this.#known = new TextSet([...(isDerived ? [] : secretsOf(base)), ...more].flatMap(spellings));
  }

  /** With what one call's headers carry as credentials, wherever a policy puts it. */
  forCall(raw: readonly string[]): Masks {
    const own = raw.flatMap((name, at) => (at % 2 === 0 ? this.#credentials(name.toLowerCase(), raw[at + 1] ?? '') : []));
    return own.length === 0 ? this : new Masks(this, own);
  }

  #credentials(name: string, value: string): string[] {
    if (name === 'authorization' || name === 'proxy-authorization') return credentialsOf(value);
    if (name === 'cookie') return value.split(';').flatMap((one) => longEnough(one.slice(one.indexOf('=') + 1).trim()));
    return this.isSecretName(name) ? longEnough(value) : [];
  }

  /** Only texts that are known to be secrets; names, codes and messages stay readable. */
  known(text: string): string {
    const less = this.#known.replace(text, MASK);
    return this.#base?.known(less) ?? less;
  }

  text(text: string): string {
    const plain = this.#shape.text(this.#prepared(text)).replace(/\b(Basic|Bearer)(\s{1,20})[\w+/=.~-]{4,}/gi, `$1$2${MASK}`);
    // Bodies, messages and expressions quote URLs.
    return this.#parameters(plain, /([?&])([\w.~-]{1,100})=([^&#\s"'<>\\]+)/g);
  }

  header(name: string, value: string): string {
    if (this.#names.has(name.toLowerCase())) return MASK;
    return this.#shape.header(name, this.text(value));
  }

  /** Name and value of each line, in wire order. */
  headers(raw: readonly string[]): [string, string][] {
    return raw.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, this.header(name, raw[at + 1] ?? '')]] : []));
  }

  parameter(name: string, value: string): string {
    return this.isSecretName(name) ? MASK : this.text(value);
  }

  isSecretName(name: string): boolean {
    return isSecretName(name) || this.#names.has(name.toLowerCase());
  }

  url(url: string): string {
    const prepared = this.#prepared(url).replace(/\/\/[^/@\s]*@/, `//${MASK}@`);
    return this.#parameters(prepared, /([?&])([^=&#?]{1,200})=([^&#]*)/g);
  }

  body(text: string): string {
    const prepared = this.#prepared(text);
    try {
      return this.text(this.#shape.body(prepared));
    } catch {
      // JSON too deep to be walked through.
      return this.text(prepared);
    }
  }

  /** Cut, without known secrets and tokens; what follows looks at short words only, so that no text takes long. */
  #prepared(text: string): string {
    return this.known(cut(text)).replace(/[\w.-]{20,}/g, (word) => (/\beyJ/.test(word) ? `eyJ${MASK}` : word));
  }

  /** `pattern` finds mark, name and value. */
  #parameters(text: string, pattern: RegExp): string {
    return text.replace(pattern, (all, mark: string, name: string) =>
      this.isSecretName(decodeOrKeep(name)) ? `${mark}${name}=${MASK}` : all,
    );
  }
}

/** What follows the scheme; of Basic the password, too. */
function credentialsOf(value: string): string[] {
  const [, scheme = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(value) ?? ['', '', value];
  const plain = scheme.toLowerCase() === 'basic' ? Buffer.from(rest, 'base64').toString('utf8') : '';
  return [...longEnough(rest), ...longEnough(plain.slice(plain.indexOf(':') + 1))];
}

/** Short ones are found everywhere by chance, long ones are not repeated. */
function longEnough(text: string): string[] {
  return text.length >= SHORTEST_ENCODED && text.length <= LONGEST_CREDENTIAL ? [text] : [];
}

function keyNames({ apis }: Workspace): ReadonlySet<string> {
  return new Set(
    apis.flatMap(({ info: { subscriptionKeyParameterNames: names } }) => [names.header.toLowerCase(), names.query.toLowerCase()]),
  );
}

/** Made once for each state of the directory. */
export function masksByWorkspace(workspace: () => Workspace): () => Masks {
  const known = new WeakMap<Workspace, Masks>();
  return () => {
    const current = workspace();
    const found = known.get(current) ?? new Masks(current);
    known.set(current, found);
    return found;
  };
}

/** Everything in a directory that nobody may read off a screen. */
function secretsOf({ namedValues, subscriptions, backends, connections, apis }: Workspace): string[] {
  const spaces = [...new Set(apis.flatMap(({ space }) => (space ? [space] : [])))];
  const values = [namedValues, ...spaces.map((space) => space.namedValues)].flatMap((map) => [...map.values()]);
  const entities = [backends, ...spaces.map((space) => space.backends)].flatMap((map) => [...map.values()]);
  return [
    ...values.flatMap(({ value, secret }) => (secret && value !== undefined ? [value] : [])),
    ...subscriptions.flatMap(({ info }) => [info.primaryKey, info.secondaryKey]),
    ...entities.flatMap(({ credentials }) => [
      credentials?.authorization?.parameter ?? '',
      ...Object.values(credentials?.headers ?? {}).flat(),
      ...Object.values(credentials?.query ?? {}).flat(),
    ]),
    ...[...connections.values()].flatMap(({ accessToken, claims }) => [accessToken, ...Object.values(claims)]),
  ].filter((secret) => secret.trim().length >= SHORTEST);
}

/** As it is, in a URL, in JSON, in Base64 at each of the three places where it may begin. */
function spellings(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    ...(secret.length < SHORTEST_ENCODED ? [] : encoded(secret)),
  ];
}

function encoded(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and the last characters depend on what stands beside it.
    return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
