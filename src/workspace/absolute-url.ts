/** URLs of configuration files. */
import { Url } from '../exchange/url.ts';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';

/** An http, https, ws or wss URL; reports anything else. */
export function absoluteUrl(entry: Entry): string | undefined {
  const text = entry.text();
  if (text === undefined) return undefined;
  if (Url.parse(text) && /^(?:https?|wss?):/i.test(text)) return text;
  entry.report(faults.badUrl(entry.name, text));
  return undefined;
}
