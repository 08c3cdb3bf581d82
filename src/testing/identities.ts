/** Identity providers as code names them: the words of `identity:` in test files. */
import type { StandInProvider } from '../identity/providers/stand-in.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { readConfig } from '../workspace/config-file.ts';
import { readStandIns } from '../workspace/stand-ins.ts';

/** A pack's name, settings and switches such as `{ provider: 'okta-custom', rotation: 'switched' }`, or several. */
export type Identity = string | Readonly<Record<string, unknown>> | readonly (string | Readonly<Record<string, unknown>>)[];

/** Throws an Error that says what is wrong. A mapping without `provider` changes the first of `base`. */
export function standInsOf(identity: Identity, base: readonly StandInProvider[] = []): readonly StandInProvider[] {
  const problems: Diagnostic[] = [];
  const entry = readConfig(JSON.stringify({ identity }), 'identity', (problem) => problems.push(problem));
  const found = readStandIns(entry.get('identity'), base);
  const [first] = problems;
  if (first) throw new Error(first.help === undefined ? first.message : `${first.message}: ${first.help}`);
  return found;
}
