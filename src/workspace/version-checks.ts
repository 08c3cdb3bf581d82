/** What does not fit together in versions and revisions (gateway-model, section 7). */
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';
import type { WorkspaceApi } from './model.ts';
import type { Resource } from './resources.ts';

export function checkVersions(root: Resource, apis: readonly WorkspaceApi[]): void {
  const current = new Map<string, string>();
  for (const api of apis) {
    if (api.space) continue;
    const facts = root.find('apis', api.folder ?? api.info.id)?.facts;
    if (facts) checkVersion(api, facts);
    if (!api.info.isCurrentRevision) continue;
    const key = api.info.id.toLowerCase();
    const other = current.get(key);
    if (other !== undefined) place(facts, 'isCurrent')?.report(faults.twoCurrent(api.info.id, other, api.info.revision));
    current.set(key, api.info.revision);
  }
  for (const { info, space, folder } of apis) {
    const key = info.id.toLowerCase();
    if (space || current.has(key)) continue;
    current.set(key, info.revision);
    root.find('apis', folder ?? info.id)?.facts?.report(faults.noCurrent(info.id, info.revision));
  }
}

/** The path of an API is without its version: one that ends in it has the version twice, literally. */
function checkVersion({ info: { path, version }, versioning }: WorkspaceApi, facts: Entry): void {
  if (!version) return;
  // A set that is named and missing was told.
  if (!versioning) return saysSet(facts) ? undefined : facts.get('apiVersion').report(faults.versionWithoutSet(version));
  const last = path.split('/').pop() ?? '';
  if (versioning.scheme === 'Segment' && last.toLowerCase() === version.toLowerCase() && facts.get('path').exists)
    facts.get('path').report(faults.versionInPath(path, version));
}

function saysSet(facts: Entry): boolean {
  const set = facts.get('apiVersionSetId');
  return set.exists && set.plain() !== '';
}

function place(facts: Entry | undefined, name: string): Entry | undefined {
  const entry = facts?.get(name);
  return entry?.exists ? entry : facts;
}
