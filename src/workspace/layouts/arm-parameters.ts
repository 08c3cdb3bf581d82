/** Values of a template's parameters from `azuredeploy.parameters.json` and the like beside it. */
import { basename } from 'node:path';
import type { Entry } from '../config-file.ts';
import { type Files, startOf } from '../files.ts';
import * as faults from './faults.ts';

const SCHEMA = /"\$schema"\s*:\s*"[^"]*deploymentParameters\.json/i;

/** Older releases of the resource kit write the schema of templates into their file of parameters. */
const NAME = /parameters\.json$/i;

/** By name in lower case. The file that is named after a template wins, then the first; one that says otherwise is told, unless `own` decides. */
export function parametersBeside(files: Files, templates: readonly string[], own: ReadonlyMap<string, Entry>): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const path of parameterFiles(files, templates)) {
    for (const [name, entry] of files.template(path)?.get('parameters').members() ?? []) {
      const value = entry.isMapping ? entry.get('value') : undefined;
      if (!value?.exists) continue;
      const before = found.get(name.toLowerCase());
      if (!before) found.set(name.toLowerCase(), value);
      else if (!own.has(name.toLowerCase()) && !sameValue(before, value))
        value.report(faults.otherParameter(name, basename(before.context.file.name)));
    }
  }
  return found;
}

function parameterFiles(files: Files, templates: readonly string[]): string[] {
  const candidates = [...new Set(templates.flatMap((path) => files.beside(path)))].filter(isParameterFile);
  const named = new Set(templates.map((path) => path.replace(/\.json$/i, '.parameters.json')));
  return [...candidates.filter((path) => named.has(path)), ...candidates.filter((path) => !named.has(path))];
}

function isParameterFile(path: string): boolean {
  if (!/\.json$/i.test(path)) return false;
  const start = startOf(path, 20_000);
  return SCHEMA.test(start) || (NAME.test(path) && /"parameters"\s*:\s*\{\s*"[^"]+"\s*:\s*\{\s*"value"/.test(start));
}

function sameValue(one: Entry, other: Entry): boolean {
  return JSON.stringify(one.plain()) === JSON.stringify(other.plain());
}
