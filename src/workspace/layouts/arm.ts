import type { Files } from '../files.ts';
import type { Resource } from '../resources.ts';
import type { Parameters } from './read.ts';
export function isTemplate(_path: string): boolean {
  return false;
}
export function readTemplates(
  _files: Files,
  _directory: string,
  _paths: readonly string[],
  _parameters: Parameters,
  _root: Resource,
): void {}
