/** What ARM templates link to: nothing is downloaded, but files of the same names may lie beside the templates. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SourceFile } from '../../source/source-file.ts';
import { span } from '../../source/span.ts';
import type { Entry } from '../config-file.ts';
import { entriesOf, type Files } from '../files.ts';
import { isKitDocument } from './editor-files.ts';
import * as faults from './faults.ts';

/** Where the resource kit puts linked documents, as seen from its templates; the last is shared with other folders of them. */
const OWN_FOLDERS = ['policies', '.'];
const FOLDERS = [...OWN_FOLDERS, '../policies'];

export class Links {
  readonly #files: Files;
  readonly #directory: string;
  readonly #templates: ReadonlySet<string>;
  #hasDocuments = false;

  /** `templates`: paths of those that are read anyway. */
  constructor(files: Files, directory: string, templates: readonly string[]) {
    this.#files = files;
    this.#directory = directory;
    this.#templates = new Set(templates.map((path) => basename(path).toLowerCase()));
  }

  /** The file that a link to a policy document stands for; where there is none, that is reported. */
  document(place: Entry, url: string): string | undefined {
    this.#hasDocuments = true;
    const name = nameIn(url, 'xml');
    const path = name === undefined ? undefined : FOLDERS.map((folder) => join(this.#directory, folder, name)).find(existsSync);
    if (path === undefined) place.report(faults.linkedText(basename(name ?? url)));
    return path;
  }

  /** Templates of the directory are read whether others link to them or not; those that are not there may hold anything. */
  template(place: Entry, url: string): void {
    const name = nameIn(url, 'json');
    if (name === undefined) place.report(faults.linkedTemplate());
    else if (!this.#templates.has(name.toLowerCase())) place.report(faults.missingTemplate(name));
  }

  /** Documents under the kit's names to which no template links are easily taken for live. */
  reportUnused(): void {
    if (!this.#hasDocuments) return;
    const read = new Set(this.#files.read);
    for (const folder of OWN_FOLDERS) {
      for (const name of entriesOf(join(this.#directory, folder)).filter(isKitDocument)) {
        const path = join(this.#directory, folder, name);
        const file = new SourceFile(this.#files.shown(path), '');
        if (!read.has(path)) this.#files.report({ ...faults.unlinkedDocument(), file, span: span(0) });
      }
    }
  }
}

/** The last segment of an address that may have a query behind it, or stand in one; of what is not known nothing is a name. */
function nameIn(url: string, ending: 'xml' | 'json'): string | undefined {
  return (ending === 'xml' ? /([^/?#\uFDD1\uFDD2]+\.xml)/i : /([^/?#&=\uFDD1\uFDD2]+\.json)/i).exec(url)?.[1]?.trim();
}
