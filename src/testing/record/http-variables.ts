/** `{{name}}` in `.http` files: variables of the file and of environments, and what editors make up anew each time. */

/** Where values come from besides the file. */
export interface HttpSetting {
  /** Bytes of a file that a body names, relative to the `.http` file. */
  readonly read: (path: string) => Uint8Array;
  /** Variables of the environment that was chosen. */
  readonly variables: Readonly<Record<string, string>>;
  /** `{{$processEnv NAME}}` and `{{$dotenv NAME}}`. */
  readonly environment: (name: string) => string | undefined;
  /** Requests that stand as curl commands. */
  readonly curl: (command: string) => HttpRequest;
  /** Hears of what has no counterpart. */
  readonly warn: (message: string) => void;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}

/** Most replacements in one text: variables may mention each other. */
const DEEPEST = 10;

/** Where the clock of tests starts; made-up values are the same each time. */
const NOW = new Date(Date.UTC(2026, 0, 1));
const GUID = '00000000-0000-4000-8000-000000000001';

const MADE_UP: Readonly<Record<string, (words: readonly string[]) => string>> = {
  uuid: () => GUID,
  guid: () => GUID,
  'random.uuid': () => GUID,
  timestamp: () => String(NOW.getTime() / 1000),
  isoTimestamp: () => NOW.toISOString(),
  datetime: momentIn,
  localDatetime: momentIn,
  randomInt: ([from = '0']) => from,
  'random.integer': ([from = '0']) => from,
  'random.float': ([from = '0']) => from,
  'random.alphabetic': ([length = '10']) => 'a'.repeat(Math.min(Number(length) || 0, 1000)),
  'random.alphanumeric': ([length = '10']) => 'a'.repeat(Math.min(Number(length) || 0, 1000)),
  'random.hexadecimal': ([length = '10']) => '0'.repeat(Math.min(Number(length) || 0, 1000)),
  'random.email': () => 'someone@example.org',
};

function momentIn([format = 'iso8601']: readonly string[]): string {
  if (format === 'rfc1123') return NOW.toUTCString();
  return /^iso8601$/i.test(format) ? NOW.toISOString() : NOW.toISOString().slice(0, 10);
}

/** `@name = value` lines of the file. */
export function variablesIn(lines: readonly string[]): ReadonlyMap<string, string> {
  const pairs = lines.flatMap((line): [string, string][] => {
    const match = /^\s*@([\w.-]+)\s*=\s*(.*)$/.exec(line);
    return match ? [[match[1] ?? '', (match[2] ?? '').trim().replace(/^"(.*)"$/, '$1')]] : [];
  });
  return new Map(pairs);
}

/** Fills in what has a value; the rest stays as it stands, and is told. */
export function fillerOf(own: ReadonlyMap<string, string>, setting: HttpSetting): (text: string) => string {
  const told = new Set<string>();
  const variable = (name: string): string | undefined =>
    own.get(name) ?? (Object.hasOwn(setting.variables, name) ? setting.variables[name] : undefined);
  const fill = (text: string, depth: number): string =>
    depth > DEEPEST
      ? text
      : text.replace(/\{\{\s*([^{}\n]+?)\s*\}\}/g, (all, name: string) => {
          const value = name.startsWith('$') ? madeUp(name.slice(1), setting) : variable(name);
          if (value !== undefined) return fill(value, depth + 1);
          if (!told.has(name)) setting.warn(`\`${all}\` has no value here and stays as it is`);
          told.add(name);
          return all;
        });
  return (text) => fill(text, 0);
}

/** `$randomInt 1 10`, `$random.integer(1, 10)`, `$processEnv NAME`. */
function madeUp(call: string, { environment }: HttpSetting): string | undefined {
  const [name = '', ...words] = call.split(/[\s(),]+/).filter((word) => word !== '');
  if (name === 'processEnv' || name === 'dotenv') return environment((words[0] ?? '').replace(/^%/, ''));
  return Object.hasOwn(MADE_UP, name) ? MADE_UP[name]?.(words) : undefined;
}
