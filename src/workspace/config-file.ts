/** JSON and YAML files with the place of every entry, so that a wrong one is an error with line and column. */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError, type YAMLMap } from 'yaml';
import type { Diagnostic } from '../source/diagnostic.ts';
import { tryJson } from '../source/json.ts';
import { nearestName } from '../source/nearest.ts';
import { SourceFile } from '../source/source-file.ts';
import { type Span, span } from '../source/span.ts';
import { isSystemError, messageOf } from '../source/system-error.ts';
import * as faults from './faults.ts';
import { resolveAliases } from './yaml-aliases.ts';
import { isTooDeep, MOST_LEVELS } from './yaml-depth.ts';

/** Collects what is wrong. */
export type Report = (diagnostic: Diagnostic) => void;

/** Gives `${env:NAME}` and `${env:NAME:-default}` their values. */
export type Environment = (name: string) => string | undefined;

export interface ConfigContext {
  readonly file: SourceFile;
  readonly report: Report;
  readonly environment: Environment;
  /** Names of members ignore case, as the management API reads them. */
  readonly ignoresCase?: boolean;
  /** Nodes that came from other files, with where they came from. */
  readonly foreign?: WeakMap<object, ConfigContext>;
}

/** Reads a text as JSON or YAML (1.2, where JSON is a part of YAML). Syntax errors are reported; the entry holds what could be read. */
export function readConfig(text: string, name: string, report: Report, environment: Environment = () => undefined): Entry {
  return readConfigFile(new SourceFile(name, text), report, environment);
}

/** The same for a text that is a file already, or stands in one. */
export function readConfigFile(file: SourceFile, report: Report, environment: Environment = () => undefined): Entry {
  return entryOf(parseConfig(file), report, environment);
}

/** What a text holds, apart from whoever reads it. */
export interface ParsedConfig {
  readonly file: SourceFile;
  readonly contents: Node | undefined;
  /** Of the syntax. */
  readonly problems: readonly Diagnostic[];
}

/** Reports what is wrong with the syntax, and gives the whole as one entry. */
export function entryOf(
  { file, contents, problems }: ParsedConfig,
  report: Report,
  environment: Environment = () => undefined,
  ignoresCase = false,
): Entry {
  for (const problem of problems) report(problem);
  const others: Report = (problem) => {
    if (!problems.some((told) => isWithin(told.span, problem.span))) report(problem);
  };
  return new Entry({ file, report: problems.length === 0 ? report : others, environment, ignoresCase }, contents, '', span(0, 0));
}

/** What holds a place whose syntax is wrong is wrong for that reason. */
function isWithin(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** `text`: what is read in place of the file's own, character by character at the same places. */
export function parseConfig(file: SourceFile, text = file.text): ParsedConfig {
  if (isTooDeep(text))
    return { file, contents: undefined, problems: [{ ...faults.tooDeep(MOST_LEVELS), severity: 'error', file, span: span(0) }] };
  const document = parseDocument(text, {
    lineCounter: new LineCounter(),
    prettyErrors: false,
    uniqueKeys: true,
  } as object);
  const problems = withoutConsequences(document.errors).map((error): Diagnostic => {
    return { ...syntaxFault(error, file.text), severity: 'error', file, span: span(error.pos[0], error.pos[1]) };
  });
  // Most files have none, and some are large.
  if (/\*\S|<</.test(file.text))
    resolveAliases(document, (node, trouble) => {
      const [start = 0, end = 0] = node.range ?? [];
      problems.push({ ...ALIAS_FAULTS[trouble](file.text.slice(start, end)), severity: 'error', file, span: span(start, end) });
    });
  return { file, contents: document.contents ?? undefined, problems };
}

/** Kept as it is, with all seven digits of .NET's second. */
const UTC = /^\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,7})?Z?$/;

const ALIAS_FAULTS = { cycle: faults.aliasCycle, size: faults.aliasTooLarge, unknown: faults.aliasUnknown } as const;

/** `{ a: ${name} }`, `{ a: /[b]/ }`: the braces and brackets of the template or pattern are YAML's. */
function syntaxFault({ message, code, pos }: YAMLError, text: string): faults.Fault {
  if (code === 'MULTIPLE_DOCS') return faults.severalDocuments();
  const [template] = /^\$\{[^{}\n]*\}/.exec(text.slice(Math.max(0, pos[0] - 1), pos[0] + 200)) ?? [barePattern(text, pos[0])];
  return template === undefined ? faults.badSyntax(wordingOf(message.split('\n')[0] ?? code)) : faults.bareTemplate(template);
}

/** The pattern that an offset lies in, as far as one can tell without quotes: behind a blank, up to a slash and its flags. */
function barePattern(text: string, offset: number): string | undefined {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).slice(-200);
  const before = /(?<=[\s[{])\/[^\s"']*$/.exec(line)?.[0];
  const behind = /^[^\s"']{0,200}?\/[ismu]*(?=[\s,}\]]|$)/.exec(text.slice(offset, offset + 210))?.[0];
  return before === undefined || behind === undefined ? undefined : before + behind;
}

/** The parser's sentence; it names a token that it did not wait for by its own word for it. */
function wordingOf(message: string): string {
  const [, token] = /^Unexpected [\w-]+ token in YAML stream: (".*")$/.exec(message) ?? [];
  if (token !== undefined) return `\`${String(tryJson(token))}\` cannot stand here`;
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** What follows the first place that cannot be read is mostly its consequence; a key that stands twice is a fault of its own. */
function withoutConsequences(errors: readonly YAMLError[]): YAMLError[] {
  const first = errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  return errors.filter((error) => error === first || error.code === 'DUPLICATE_KEY');
}

/** One value of a file: asked for a type, it gives the value or reports what should stand there. */
export class Entry {
  readonly context: ConfigContext;
  readonly name: string;
  readonly span: Span;
  readonly #node: Node | undefined;
  /** A variable in its text has no value: that is told, and nothing about the text that is left. */
  #isUnfilled = false;

  /** The node behind it, for readers of languages that stand inside JSON or YAML. */
  get node(): Node | undefined {
    return this.#node;
  }

  constructor(context: ConfigContext, node: Node | undefined, name: string, place: Span) {
    this.context = (node && context.foreign?.get(node)) ?? context;
    this.#node = node;
    this.name = name;
    this.span = node?.range ? span(node.range[0], node.range[1]) : place;
  }

  /** False when the entry is absent or null. */
  get exists(): boolean {
    return this.#node !== undefined && !(isScalar(this.#node) && (this.#node.value === null || this.#node.value === undefined));
  }

  report(fault: faults.Fault, place: Span = this.span): void {
    if (this.#isUnfilled) return;
    this.context.report({ severity: 'error', ...fault, file: this.context.file, span: place });
  }

  /** A member of a mapping; an absent one gives an entry that does not exist. */
  get(key: string): Entry {
    const node = isMap(this.#node) ? ((this.#node.get(key, true) as Node | undefined) ?? this.#inAnyCase(this.#node, key)) : undefined;
    return new Entry(this.context, node, this.name === '' ? key : `${this.name}.${key}`, this.span);
  }

  /** A member that exists. */
  given(key: string): Entry | undefined {
    const entry = this.get(key);
    return entry.exists ? entry : undefined;
  }

  #inAnyCase({ items }: YAMLMap, key: string): Node | undefined {
    if (!this.context.ignoresCase) return undefined;
    const wanted = key.toLowerCase();
    return items.find((item) => isScalar(item.key) && String(item.key.value).toLowerCase() === wanted)?.value as Node | undefined;
  }

  /** Members of a mapping in order; reports anything but a mapping. */
  members(): [string, Entry][] {
    if (!this.exists) return [];
    if (!isMap(this.#node)) {
      this.report(faults.wrongType(this.name, 'a mapping'));
      return [];
    }
    return this.#node.items.map((item) => {
      const key = String(isScalar(item.key) ? item.key.value : item.key);
      const place = (item.key as Node | null)?.range;
      return [
        key,
        new Entry(
          this.context,
          (item.value as Node | null) ?? undefined,
          this.name === '' ? key : `${this.name}.${key}`,
          place ? span(place[0], place[1]) : this.span,
        ),
      ];
    });
  }

  /** Items of a list; reports anything but a list. */
  items(): Entry[] {
    if (!this.exists) return [];
    if (!isSeq(this.#node)) {
      this.report(faults.wrongType(this.name, 'a list'));
      return [];
    }
    return this.#node.items.map((item, at) => new Entry(this.context, item as Node, `${this.name}[${at}]`, this.span));
  }

  get isMapping(): boolean {
    return isMap(this.#node);
  }

  get isList(): boolean {
    return isSeq(this.#node);
  }

  /** Text; numbers and booleans count as their text. `${env:NAME}` is filled in. */
  text(): string | undefined {
    if (!this.exists) return undefined;
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    if (typeof value === 'string') return this.#fill(value);
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
    this.report(faults.wrongType(this.name, 'a text'));
    return undefined;
  }

  requiredText(): string | undefined {
    if (!this.exists) this.report(faults.missingEntry(this.name));
    return this.text();
  }

  number(): number | undefined {
    const text = this.text();
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value)) return value;
    this.report(faults.wrongType(this.name, 'a number'));
    return undefined;
  }

  boolean(): boolean | undefined {
    const text = this.text();
    if (text === undefined || text === 'true' || text === 'false') return text === undefined ? undefined : text === 'true';
    this.report(faults.wrongType(this.name, '`true` or `false`'));
    return undefined;
  }

  /** A day, or a day and a time, of ISO 8601; in UTC. */
  date(): string | undefined {
    const text = this.text();
    if (text === undefined || UTC.test(text)) return text;
    const time = /^\d{4}-\d\d-\d\d(?:$|T\d\d:\d\d)/.test(text) ? Date.parse(text) : Number.NaN;
    if (!Number.isNaN(time)) return new Date(time).toISOString();
    this.report(faults.wrongType(this.name, 'a date of ISO 8601 such as `2026-01-31T00:00:00Z`'));
    return undefined;
  }

  choice<T extends string>(choices: readonly T[]): T | undefined {
    const text = this.text();
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
    if (found === undefined) this.report(faults.wrongChoice(this.name, choices));
    return found;
  }

  /** Texts of a list, or one text as a list of one. */
  texts(): string[] {
    const entries = this.isList ? this.items() : this.exists ? [this] : [];
    return entries.flatMap((entry) => entry.text() ?? []);
  }

  /** Reports members that are not in the list, with the nearest known name; `choices` says where a long list is found. */
  onlyMembers(known: readonly string[], choices?: string): void {
    if (!this.exists) return;
    if (!isMap(this.#node)) return this.report(faults.wrongType(this.name, 'a mapping'));
    for (const { key: node } of this.#node.items) {
      const key = String(isScalar(node) ? node.value : node);
      const place = (node as Node | null)?.range;
      const at = place ? span(place[0], place[1]) : this.span;
      if (!known.includes(key)) this.report(faults.unknownEntry(key, nearestName(key, known), known, choices), at);
    }
  }

  /** The same entry with another node behind it: rows of a table fill in their values this way. */
  changed(change: (node: Node) => Node): Entry {
    return new Entry(this.context, this.#node && change(this.#node), this.name, this.span);
  }

  /** The same entry, in other surroundings. */
  inContext(context: ConfigContext): Entry {
    return new Entry(context, this.#node, this.name, this.span);
  }

  /** The value as plain JavaScript data. */
  plain(): unknown {
    return (this.#node as { toJSON?: () => unknown } | undefined)?.toJSON?.();
  }

  #variable(name: string): string | undefined {
    try {
      return this.context.environment(name);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.report(faults.unreadableVariable(name, messageOf(error)));
      return '';
    }
  }

  #fill(text: string): string {
    let isUnfilled = false;
    const filled = text.replace(/\$\{env:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g, (_all, name: string, fallback: string | undefined) => {
      const value = this.#variable(name) ?? fallback;
      if (value === undefined) this.report(faults.missingVariable(name));
      isUnfilled ||= value === undefined;
      return value ?? '';
    });
    this.#isUnfilled = isUnfilled;
    return filled;
  }
}
