/** Which revision of an API is the current one, and what the others take from it (gateway-model, section 7). */
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';
import { lastSegment, type Resource } from './resources.ts';

export class Revisions {
  /** By the id that they share. */
  readonly #byId = new Map<string, Resource[]>();

  constructor(apis: readonly Resource[]) {
    for (const api of apis) {
      const others = this.#byId.get(idOf(api));
      if (others) others.push(api);
      else this.#byId.set(idOf(api), [api]);
    }
  }

  /** From which this one takes path, version, names and key rule; undefined for the current one itself. */
  currentOf(api: Resource): Resource | undefined {
    const all = this.#of(api);
    const found = all.find(saysCurrent) ?? all.find(({ name }) => name === (releasedOf(all, idOf(api)) ?? idOf(api)));
    return found === api ? undefined : found;
  }

  /** Exactly one is current: one that says so, else one that was released, else the one without a suffix. */
  isMeantCurrent(api: Resource): boolean {
    const all = this.#of(api);
    return !all.some(saysCurrent) && api.name === (releasedOf(all, idOf(api)) ?? idOf(api));
  }

  #of(api: Resource): readonly Resource[] {
    return this.#byId.get(idOf(api)) ?? [];
  }
}

function idOf({ name }: Resource): string {
  return name.split(';rev=')[0] ?? name;
}

function saysCurrent({ facts }: Resource): boolean {
  return facts?.given('isCurrent')?.boolean() === true;
}

/** A release makes a revision current; where one names that without a suffix, too, nobody knows which came last. */
function releasedOf(revisions: readonly Resource[], id: string): string | undefined {
  const own = revisions.find(({ name }) => name === id)?.facts;
  const released = revisions
    .flatMap((revision) => revision.all('releases'))
    .map(({ facts }) => lastSegment(facts?.get('apiId').text() ?? '').toLowerCase());
  const plain = [id, `${id};rev=${own?.given('apiRevision')?.text() ?? '1'}`].map((name) => name.toLowerCase());
  if (released.some((name) => plain.includes(name))) return undefined;
  return revisions.findLast(({ name }) => released.includes(name.toLowerCase()))?.name;
}

const INHERITED = ['path', 'protocols', 'subscriptionRequired', 'apiVersion', 'displayName', 'description', 'type'] as const;

/** What a revision says otherwise than the current one has no effect. */
export function checkInherited(facts: Entry, current: Entry): void {
  for (const name of INHERITED) {
    const [own, other] = [facts.given(name), current.given(name)];
    if (own && other && JSON.stringify(own.plain()) !== JSON.stringify(other.plain())) own.report(faults.inheritedEntry(name));
  }
}
