/** JSONPath as Newtonsoft understands it: parsing of paths and of filters, and their evaluation. */
import { argumentNull } from '../../csharp/runtime/exception.ts';
import { jsonException } from './errors.ts';
import { parsePath } from './path-parser.ts';
import { applyStep, type Search } from './path-steps.ts';
import type { JToken } from './tokens.ts';

/** SelectTokens: lazily, in document order. With `errorWhenNoMatch` a missing member throws JsonException. */
export function* selectTokens(root: JToken, path: string | null, search: Search): Generator<JToken> {
  if (path === null) throw argumentNull('expression');
  let current: Iterable<JToken> = [root];
  for (const step of parsePath(path)) current = applyStep(step, root, current, search);
  yield* current;
}

/** SelectToken: the only match, or null; several matches throw. */
export function selectToken(root: JToken, path: string | null, search: Search): JToken | null {
  let found: JToken | null = null;
  for (const token of selectTokens(root, path, search)) {
    if (found !== null) throw jsonException('Path returned multiple tokens.');
    found = token;
  }
  return found;
}
