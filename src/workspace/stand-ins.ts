/** `identity:` of portico.yaml and of test files: which stand-in providers there are, and what they do wrong on purpose. */
import type { PackSettings, ProviderPack } from '../identity/providers/pack.ts';
import { findPack, nearestPack, PACKS } from '../identity/providers/packs.ts';
import { StandInProvider } from '../identity/providers/stand-in.ts';
import {
  isSwitch,
  type ProviderSwitches,
  SWITCH_NAMES,
  type SwitchName,
  switchValue,
  switchValues,
} from '../identity/providers/switches.ts';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';

/**
 * A pack's name, a mapping, or a list of either. A mapping without `provider` changes the providers of `base`: the first
 * one gets its settings and switches.
 */
export function readStandIns(entry: Entry, base: readonly StandInProvider[] = [], alsoKnown: readonly string[] = []): StandInProvider[] {
  if (!entry.exists) return [...base];
  if (entry.isList) return entry.items().flatMap((item) => readOne(item, undefined, alsoKnown) ?? []);
  const [first, ...others] = base;
  const named = !entry.isMapping || entry.get('provider').exists;
  const one = readOne(entry, named ? undefined : first, alsoKnown);
  return one ? [one, ...(named ? [] : others)] : [];
}

function readOne(entry: Entry, base: StandInProvider | undefined, alsoKnown: readonly string[]): StandInProvider | undefined {
  if (!entry.isMapping) return standIn(packOf(entry), {}, {});
  if (!base && !entry.get('provider').exists) entry.report(faults.missingEntry('provider'));
  const pack = base?.pack ?? packOf(entry.get('provider'));
  if (!pack) return undefined;
  const settingNames = [...Object.keys(pack.settings), 'issuer'];
  entry.onlyMembers(['provider', ...settingNames, ...Object.keys(SWITCH_NAMES), ...alsoKnown]);
  const members = entry.members().filter(([name]) => name !== 'provider' && !alsoKnown.includes(name));
  const settings = members.flatMap(([name, value]): [string, string][] =>
    settingNames.includes(name) ? [[name, value.text() ?? '']] : [],
  );
  const switches = members.flatMap(([name, value]) => (isSwitch(name) ? readSwitch(name, value) : []));
  return standIn(pack, { ...base?.settings, ...Object.fromEntries(settings) }, { ...base?.switches, ...Object.fromEntries(switches) });
}

function standIn(pack: ProviderPack | undefined, settings: PackSettings, switches: Partial<ProviderSwitches>): StandInProvider | undefined {
  return pack && new StandInProvider({ pack, settings, switches });
}

function packOf(entry: Entry): ProviderPack | undefined {
  const name = entry.text();
  if (name === undefined) return undefined;
  const pack = findPack(name);
  if (!pack)
    entry.report(
      faults.unknownEntry(
        name,
        nearestPack(name),
        PACKS.map((one) => one.name),
      ),
    );
  return pack;
}

function readSwitch(name: SwitchName, entry: Entry): [string, string | boolean][] {
  const value = switchValue(name, entry.text() ?? '');
  if (value !== undefined) return [[SWITCH_NAMES[name], value]];
  entry.report(faults.wrongChoice(entry.name, switchValues(name)));
  return [];
}
