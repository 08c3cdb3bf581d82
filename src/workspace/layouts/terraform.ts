import type { Files } from '../files.ts';
import type { Resource } from '../resources.ts';
import type { Parameters } from './read.ts';
export function readTerraform(
  _files: Files,
  _directory: string,
  _paths: readonly string[],
  _parameters: Parameters,
  _root: Resource,
): void {}
