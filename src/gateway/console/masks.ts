/** What never leaves the process for the console's page: known secrets in every spelling, and whatever looks like one. */
import { isSecretName, MASK, Masking } from '../../testing/record/masking.ts';
import type { Workspace } from '../../workspace/model.ts';

/** Shorter values would blank out half of every text; events are masked for them nevertheless (`Exchange.emit`). */
const SHORTEST = 3;
/** From this length on the Base64 of a secret inside a longer text can be told from chance. */
const SHORTEST_ENCODED = 6;
/** Texts beyond it are cut before they are looked at. */
const LONGEST = 64 * 1024;

export class Masks {
  readonly #shape = new Masking();
  readonly #known: RegExp | undefined;
  /** Headers and parameters that carry subscription keys. */
  readonly #names: ReadonlySet<string>;

  constructor(workspace: Workspace) {
    const texts = [...new Set(secretsOf(workspace).flatMap(spellings))].sort((a, b) => b.length - a.length);
    this.#known = texts.length === 0 ? undefined : new RegExp(texts.map(escaped).join('|'), 'g');
    this.#names = new Set(
      workspace.apis.flatMap(({ info: { subscriptionKeyParameterNames: names } }) => [
        names.header.toLowerCase(),
        names.query.toLowerCase(),
      ]),
    );
  }

  /** Only texts that are known to be secrets; names, codes and messages stay readable. */
  known(text: string): string {
    return this.#known ? text.replace(this.#known, MASK) : text;
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
    return text.replace(pattern, (all, mark: string, name: string) => (this.isSecretName(decoded(name)) ? `${mark}${name}=${MASK}` : all));
  }
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

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
