/** What a stand-in does wrong or differently when told to. */

/**
 * Where a provider stands in changing its signing key. `announced`: the new key is published, the old one signs;
 * `switched`: both published, the new one signs; `finished`: only the new one; `unannounced`: the new one signs and is not
 * published.
 */
const ROTATIONS = ['none', 'announced', 'switched', 'finished', 'unannounced'] as const;
export type Rotation = (typeof ROTATIONS)[number];

/**
 * How a document is answered. `slow`: after 15 s, longer than the gateway waits; `down`: no connection; `error`: 503;
 * `not-json`: a page; `incomplete`: without jwks_uri, or an empty set.
 */
const CONDITIONS = ['ok', 'slow', 'down', 'error', 'not-json', 'incomplete'] as const;
export type Condition = (typeof CONDITIONS)[number];

export interface ProviderSwitches {
  readonly rotation: Rotation;
  /** Tokens carry an issuer that the discovery document does not. */
  readonly wrongIssuer: boolean;
  /** Tokens carry no `aud`. */
  readonly missingAudience: boolean;
  /** Another key with the same id stands before the right one. */
  readonly duplicateKeyIds: boolean;
  /** Keys and tokens without `kid`. */
  readonly noKeyIds: boolean;
  /** Keys as certificates alone, without n and e. */
  readonly certificatesOnly: boolean;
  /** Tokens are signed with keys of the application, which only `?appid=` leads to (Entra's claims mapping). */
  readonly customSigningKeys: boolean;
  readonly discovery: Condition;
  readonly keys: Condition;
}

export const NO_SWITCHES: ProviderSwitches = {
  rotation: 'none',
  wrongIssuer: false,
  missingAudience: false,
  duplicateKeyIds: false,
  noKeyIds: false,
  certificatesOnly: false,
  customSigningKeys: false,
  discovery: 'ok',
  keys: 'ok',
};

/** Names in test files, in portico.yaml and of options. */
export const SWITCH_NAMES = {
  rotation: 'rotation',
  'wrong-issuer': 'wrongIssuer',
  'missing-audience': 'missingAudience',
  'duplicate-key-ids': 'duplicateKeyIds',
  'no-key-ids': 'noKeyIds',
  'certificates-only': 'certificatesOnly',
  'custom-signing-keys': 'customSigningKeys',
  discovery: 'discovery',
  keys: 'keys',
} as const satisfies Readonly<Record<string, keyof ProviderSwitches>>;
export type SwitchName = keyof typeof SWITCH_NAMES;

/** What a switch may be set to. */
export function switchValues(name: SwitchName): readonly string[] {
  if (name === 'rotation') return ROTATIONS;
  return name === 'discovery' || name === 'keys' ? CONDITIONS : ['true', 'false'];
}

export function isSwitch(name: string): name is SwitchName {
  return Object.hasOwn(SWITCH_NAMES, name);
}

/** A switch's value as the program holds it; undefined when it is none of `switchValues`. */
export function switchValue(name: SwitchName, text: string): string | boolean | undefined {
  if (!switchValues(name).includes(text)) return undefined;
  return text === 'true' ? true : text === 'false' ? false : text;
}
