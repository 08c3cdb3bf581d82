/** Recognises the layout of a directory or file and reads its resources (gateway-model, sections 17 and 18). */
import { statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { SourceFile } from '../../source/source-file.ts';
import { span } from '../../source/span.ts';
import { isSystemError } from '../../source/system-error.ts';
import { entriesOf, type Files, startOf } from '../files.ts';
import type { Paced } from '../paced.ts';
import { Resource } from '../resources.ts';
import { isTemplate, readTemplates } from './arm.ts';
import { isEditorLayout, isKitPolicies, readEditorFiles, readKitPolicies } from './editor-files.ts';
import * as faults from './faults.ts';
import { isExport, isFolderLayout, readFolders } from './folders.ts';
import type { Parameters } from './parameters.ts';
import { readTerraform } from './terraform.ts';

export type Layout = 'folders' | 'template' | 'terraform' | 'editor' | 'kit-policies' | 'empty';

/** Everything that the path holds; what is wrong goes to `files`. */
export function* readResources(files: Files, path: string, isDocument: boolean, parameters: Parameters): Paced<Resource> {
  const root = new Resource('');
  if (!isDocument) yield* files.reading(path, read(files, path, parameters, root));
  return root;
}

function* read(files: Files, path: string, parameters: Parameters, root: Resource): Paced<void> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return yield* readOneFile(files, path, parameters, root);
  switch (layoutOf(path)) {
    case 'folders':
      return yield* readFolders(files, path, root);
    case 'terraform':
      return yield* readTerraform(files, path, filesEndingIn(path, '.tf'), parameters, root);
    case 'template':
      return yield* readTemplates(files, path, templatesIn(path), parameters, root);
    case 'editor':
      return yield* readEditorFiles(files, path, root);
    case 'kit-policies':
      return yield* readKitPolicies(files, path, root);
    default:
      return undefined;
  }
}

function* readOneFile(files: Files, path: string, parameters: Parameters, root: Resource): Paced<void> {
  const directory = join(path, '..');
  switch (extname(path).toLowerCase()) {
    case '.tf':
      return yield* readTerraform(files, directory, [path], parameters, root);
    case '.bicep':
      return report(files, path, faults.bicepSource(basename(path)));
    default:
      if (!isTemplate(path)) return report(files, path, faults.unknownLayout());
      return yield* readTemplates(files, directory, [path], parameters, root);
  }
}

function report(files: Files, path: string, fault: ReturnType<typeof faults.unknownLayout>): void {
  files.report({ severity: 'error', ...fault, file: new SourceFile(files.shown(path), ''), span: span(0) });
}

/** The native folders win over files that lie beside them, unless these deploy what might only look like native folders. */
export function layoutOf(directory: string): Layout {
  if (isFolderLayout(directory)) return (isExport(directory) ? undefined : deployedFrom(directory)) ?? 'folders';
  if (filesEndingIn(directory, '.tf').length > 0) return 'terraform';
  if (templatesIn(directory, readableNames).length > 0) return 'template';
  if (isEditorLayout(directory)) return 'editor';
  return isKitPolicies(directory) ? 'kit-policies' : 'empty';
}

/** Bytes of a file in which its first API or policy is looked for. */
const MOST_LOOKED_AT = 1024 * 1024;

const DEPLOYS =
  /azurerm_api_management_(?:api|product|policy|backend|named_value)|Microsoft\.ApiManagement\/service\/(?:apis|products|policies|backends|namedValues)/i;

/** Terraform files or templates right in the directory that deploy APIs or policies, as documents in folders beside them do not. */
function deployedFrom(directory: string): 'terraform' | 'template' | undefined {
  const deploys = (path: string) => DEPLOYS.test(startOf(path, MOST_LOOKED_AT));
  if (filesEndingIn(directory, '.tf', readableNames).some(deploys)) return 'terraform';
  const templates = filesEndingIn(directory, '.json', readableNames).filter(isTemplate);
  return templates.some(deploys) ? 'template' : undefined;
}

function filesEndingIn(directory: string, ending: string, names = entriesOf): string[] {
  return names(directory)
    .filter((name) => name.toLowerCase().endsWith(ending))
    .map((name) => join(directory, name));
}

/** A folder that must not be read is no sign of a layout; it is told once the layout that is there is read. */
function readableNames(directory: string): string[] {
  try {
    return entriesOf(directory);
  } catch (error) {
    if (isSystemError(error)) return [];
    throw error;
  }
}

/** The resource kit writes its templates one folder deep when it splits them by API. */
function templatesIn(directory: string, names = entriesOf): string[] {
  const own = filesEndingIn(directory, '.json');
  const below = entriesOf(directory).flatMap((name) => filesEndingIn(join(directory, name), '.json', names));
  return [...own, ...below].filter(isTemplate);
}
