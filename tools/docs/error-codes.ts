/** The page of all error codes that are ours, from the functions that word them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GENERATED, page, table } from './markdown.ts';

export interface Wording {
  readonly code: string;
  readonly message: string;
  readonly help: string | undefined;
  readonly severity: string;
}

const FAMILIES: Readonly<Record<string, string>> = {
  PTC0: 'XML',
  PTC1: 'The form of a policy document',
  PTC2: 'Values of policies',
  PTC3: 'Policy expressions',
  PTC4: 'Running',
  PTC5: 'The policy directory, portico.yaml and test files',
};

/** What stands in for parameters that take no text; all others get their name in braces. */
const STAND_INS: Readonly<Record<string, unknown>> = {
  known: ['…'],
  allowed: ['…'],
  names: ['…'],
  values: ['…'],
  choices: ['…'],
  /** Of a character that XML does not know. */
  code: 0xfffe,
  help: undefined,
};

/** Arguments where a name in braces says too little. */
const ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = { expressionNotClosed: ['unclosed', undefined] };

export async function errorCodePages(): Promise<[string, string][]> {
  const wordings = await collectWordings();
  const families = Object.entries(FAMILIES).filter(([start]) => wordings.some(({ code }) => code.startsWith(start)));
  return [
    [
      'docs/error-codes.md',
      page([
        GENERATED,
        '# Error codes',
        "Every problem that is printed has a code. `CSxxxx` codes are the C# compiler's own: code and sentence are the compiler's, too. `PTCxxxx` codes are listed here; `{…}` stands for what depends on your text. Errors refuse a document, warnings do not; `--lenient` makes warnings of PTC1001, PTC1006, PTC1010, PTC1026, PTC1032 and PTC1033.",
        ...families.flatMap(([start, title]) => [
          `## ${start}xxx: ${title}`,
          wordingTable(wordings.filter(({ code }) => code.startsWith(start))),
        ]),
      ]),
    ],
  ];
}

function wordingTable(wordings: readonly Wording[]): string {
  return table(
    ['code', 'severity', 'message', 'help'],
    wordings.map(({ code, severity, message, help }) => [`<a id="${code.toLowerCase()}"></a>${code}`, severity, message, help ?? '']),
  );
}

/** Calls every wording function of the sources with its parameters' names and keeps what is a `PTCxxxx` message. */
export async function collectWordings(): Promise<readonly Wording[]> {
  const found = new Map<string, Wording>();
  for (const file of wordingFiles()) {
    const module = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
    // Not every loader sorts the names of a module, and the first of two sentences with one code stands in the page.
    for (const [name, make] of Object.entries(module).sort(([one], [other]) => (one < other ? -1 : 1))) {
      const wording = typeof make === 'function' ? wordingOf(name, make as WordingFunction) : undefined;
      if (wording && !found.has(wording.code)) found.set(wording.code, wording);
    }
  }
  return [...found.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** Source files that word messages of ours. */
function wordingFiles(): string[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('faults.ts'))
    .map((name) => join('src', name))
    .filter((name) => readFileSync(name, 'utf8').includes('PTC'))
    .sort();
}

type WordingFunction = (...args: readonly unknown[]) => unknown;

function wordingOf(name: string, make: WordingFunction): Wording | undefined {
  const result = called(name, make) as Partial<Record<'code' | 'message' | 'help' | 'severity', unknown>> | null | undefined;
  if (typeof result !== 'object' || result === null || typeof result.code !== 'string' || !result.code.startsWith('PTC')) return undefined;
  return {
    code: result.code,
    message: String(result.message),
    help: result.help === undefined ? undefined : String(result.help),
    severity: result.severity === undefined ? 'error' : String(result.severity),
  };
}

/** Calls with names for texts; when that throws, with a list in place of one of them. Helpers that are no wordings may throw on both. */
function called(name: string, make: WordingFunction): unknown {
  const plain = ARGUMENTS[name] ?? parametersOf(make).map(placeholder);
  const withList = plain.map((_, at) => plain.map((argument, index) => (index === at ? ['…'] : argument)));
  for (const argumentsToTry of [plain, ...withList]) {
    try {
      return make(...argumentsToTry);
    } catch {
      // The next form may fit.
    }
  }
  return undefined;
}

function parametersOf(make: WordingFunction): string[] {
  const list = /^(?:function\s*\w*\s*)?\(([^)]*)\)|^(\w+)\s*=>/.exec(String(make));
  const text = list?.[1] ?? list?.[2] ?? '';
  return text
    .split(',')
    .map((part) => part.replace(/=.*/s, '').trim())
    .filter((part) => part !== '');
}

function placeholder(name: string): unknown {
  return name in STAND_INS ? STAND_INS[name] : `{${name}}`;
}
