/** All provider packs by name. */
import { nearestName } from '../../source/nearest.ts';
import { AUTH0 } from './auth0.ts';
import { COGNITO } from './cognito.ts';
import { ENTRA_PACKS } from './entra.ts';
import { B2C, EXTERNAL_ID } from './entra-customers.ts';
import { GENERIC } from './generic.ts';
import { KEYCLOAK } from './keycloak.ts';
import { OKTA_CUSTOM, OKTA_ORG } from './okta.ts';
import type { ProviderPack } from './pack.ts';
import { PING_FEDERATE, PING_ONE } from './ping.ts';

export const PACKS: readonly ProviderPack[] = [
  ...ENTRA_PACKS,
  EXTERNAL_ID,
  B2C,
  OKTA_CUSTOM,
  OKTA_ORG,
  PING_ONE,
  PING_FEDERATE,
  AUTH0,
  KEYCLOAK,
  COGNITO,
  GENERIC,
];

/** By name or alias, whatever the case. */
export function findPack(name: string): ProviderPack | undefined {
  const wanted = name.toLowerCase();
  return PACKS.find((pack) => pack.name === wanted || pack.aliases.includes(wanted));
}

/** The pack's name that is nearest to a wrong one. */
export function nearestPack(name: string): string | undefined {
  return nearestName(
    name,
    PACKS.map((pack) => pack.name),
  );
}
