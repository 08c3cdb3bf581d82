/** Renaming: every place that holds a name, and the file or folder that carries it. */
import { basename, dirname, join, resolve } from 'node:path';
import { parseExpression } from '../csharp/syntax/parser.ts';
import { EmbeddedSource } from '../source/embedded.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import { backendFolder } from './config-names.ts';
import { type Location, type NameUse, outermost } from './names.ts';
import { configUses, type Surroundings, usesOf } from './navigation.ts';

export interface Renaming {
  /** Places whose text becomes the new name. */
  readonly places: readonly Location[];
  /** A file or folder that gets another name, after the changes of text. */
  readonly move?: { readonly from: string; readonly to: string };
}

/** The name cannot be changed from here: the message says why. */
export class RenameRefused extends Error {}

type Name = Pick<NameUse, 'kind' | 'name'>;

/** What the new name must look like. */
const FORMS: Readonly<Record<NameUse['kind'], RegExp>> = {
  variable: /^[^"'<>&\\{}\s][^"'<>&\\{}]*$/,
  'named value': /^[A-Za-z0-9._-]{1,256}$/,
  fragment: /^[A-Za-z0-9](?:[\w.-]{0,78}[A-Za-z0-9])?$/,
  backend: /^[A-Za-z0-9](?:[\w.-]{0,78}[A-Za-z0-9])?$/,
};

/** @throws RenameRefused when the name is defined outside of what can be edited. */
export function checkRenamable(use: Name, around: Surroundings): void {
  if (use.kind !== 'variable') carrierOf(use, around);
}

/** @throws RenameRefused */
export function renaming(use: Name, newName: string, document: PolicyDocument | undefined, around: Surroundings): Renaming {
  if (!isNameFor(use.kind, newName)) throw new RenameRefused(`\`${newName}\` cannot be the name of a ${use.kind}`);
  const carrier = use.kind === 'variable' ? undefined : carrierOf(use, around);
  if (use.kind !== 'variable' && newName !== use.name && exists({ ...use, name: newName }, around))
    throw new RenameRefused(`there is a ${use.kind} \`${newName}\` already`);
  const places = usesOf(use, document, around).map((place) => editable(place));
  return carrier === undefined ? { places } : { places, move: { from: carrier, to: moved(carrier, use.name, newName) } };
}

/** A name that may stand in an attribute and in a C# string without escapes; ids and named values are narrower. */
export function isNameFor(kind: NameUse['kind'], name: string): boolean {
  return FORMS[kind].test(name) && (kind !== 'variable' || parseExpression(`"${name}"`, 'single').errors.length === 0);
}

/** The file or folder that is named so; undefined when the name stands in a text only. */
function carrierOf(use: Name, around: Surroundings): string | undefined {
  const { workspace } = around;
  if (workspace === undefined)
    throw new RenameRefused(`this file lies in no policy directory: where the ${use.kind} \`${use.name}\` is defined is not known`);
  if (!exists(use, around)) throw new RenameRefused(`the ${use.kind} \`${use.name}\` does not exist`);
  if (use.kind === 'fragment') return fragmentCarrier(use.name, around);
  const folder = use.kind === 'backend' ? workspace.files.map((path) => backendFolder(path, use.name)).find(Boolean) : undefined;
  if (folder !== undefined || configUses(use, around).some(({ isDefinition }) => isDefinition)) return folder;
  throw new RenameRefused(`the ${use.kind} \`${use.name}\` is not defined in a file that can be edited from here`);
}

/** `fragments/hello/policy.xml` is carried by the folder, `fragments/hello.xml` by the file. */
function fragmentCarrier(id: string, { workspace }: Surroundings): string | undefined {
  const file = workspace?.fragments.get(id)?.file;
  const path = file === undefined ? '' : resolve(file.name);
  if (file !== undefined && !(file instanceof EmbeddedSource)) {
    if (basename(dirname(path)) === id) return dirname(path);
    if (new RegExp(`^${escaped(id)}\\.(?:[\\w.]+\\.)?(?:xml|cshtml)$`).test(basename(path))) return path;
  }
  throw new RenameRefused(`the fragment \`${id}\` is defined in \`${file?.name ?? ''}\`, whose text names it: rename it there`);
}

function moved(path: string, from: string, to: string): string {
  return join(dirname(path), to + basename(path).slice(from.length));
}

function exists({ kind, name }: Name, { workspace }: Surroundings): boolean {
  const known = { 'named value': workspace?.namedValues, fragment: workspace?.fragments, backend: workspace?.backends };
  return kind !== 'variable' && known[kind]?.has(name) === true;
}

/** @throws RenameRefused when the place does not hold the name as it is written, such as a computed text of a template. */
function editable(use: NameUse): Location {
  const place = outermost(use);
  if (place.file.text.slice(place.span.start, place.span.end) === use.name) return place;
  const { line } = place.file.positionAt(place.span.start);
  throw new RenameRefused(`\`${use.name}\` is computed at ${place.file.name}:${line}: rename it there first`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
