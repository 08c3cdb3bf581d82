/** Builds token trees from text: JToken.Parse and its kin. */
import { Budget } from '../../csharp/runtime/budget.ts';
import { argumentNull } from '../../csharp/runtime/exception.ts';
import { readerException, serializationException, writerException } from './errors.ts';
import { KIND } from './kinds.ts';
import { JsonScanner, type ReadOptions } from './scanner.ts';
import { readStrict } from './strict-reader.ts';
import { JArray, JConstructor, type JContainer, JObject, JProperty, type JToken, JValue } from './tokens.ts';

/** What a root must be; `JToken` takes anything. */
export type RootName = 'JToken' | 'JObject' | 'JArray' | 'JConstructor' | 'JProperty';

const STARTS: Readonly<Record<string, readonly [token: string, what: string]>> = {
  JObject: ['StartObject', 'an object'],
  JArray: ['StartArray', 'an array'],
  JConstructor: ['StartConstructor', 'a constructor'],
  JProperty: ['PropertyName', 'a property'],
};

/** LoadSettings that matter: 0 Ignore and 1 Load for comments; 0 Replace, 1 Ignore, 2 Error for duplicate names. */
export interface LoadOptions extends ReadOptions {
  readonly comments?: number;
  readonly duplicates?: number;
  /** Whether tokens remember where they stood. Default true. */
  readonly lines?: boolean;
  /** Whether a comment before the root is itself the root, as JToken.Parse has it. Default false. */
  readonly commentRoot?: boolean;
  /**
   * Who reads, which decides what a text without its end becomes: LINQ to JSON (the default), a serializer that copies tokens,
   * one that fills an object of no type, or one that fills a typed collection.
   */
  readonly into?: 'tree' | 'tokens' | 'object' | 'typed';
  /** Whether anything may follow the root. Default false. */
  readonly additionalContent?: boolean;
}

/**
 * Reads the whole text, which must hold one root of the wanted class and nothing after it but comments. Each value costs a
 * step of the budget: a caller's text of a few kilobytes, compressed, may hold millions. Throws JsonReaderException and
 * BudgetExhausted.
 */
export function parseText(
  text: string | null,
  root: RootName = 'JToken',
  options: LoadOptions = {},
  budget: Budget = new Budget(),
): JToken {
  if (text === null) throw argumentNull('s');
  const strict = strictRoot(text, root, options, budget);
  if (strict !== undefined) return strict;
  const scanner = new JsonScanner(text, options);
  const token = new TreeReader(scanner, options, budget).root(root);
  if (options.additionalContent !== true) while (scanner.read()) budget.step();
  return token;
}

const DEFAULT_DEPTH = 64;

/** The root of a strict text, where the options ask for nothing that only the full reader gives. */
function strictRoot(text: string, root: RootName, options: LoadOptions, budget: Budget): JToken | undefined {
  const { maxDepth = DEFAULT_DEPTH, dates = true, lines = true } = options;
  if (maxDepth === null || maxDepth > DEFAULT_DEPTH || options.keepRaw === true || options.additionalContent === true) return undefined;
  const token = readStrict(text, { maxDepth, dates, lines, budget });
  return token !== undefined && (root === 'JToken' || token.className === root) ? token : undefined;
}

/** Parses JSON as JToken.Parse does. */
export function parseJson(text: string): JToken {
  return parseText(text);
}

const SIMPLE: Readonly<Record<string, number>> = {
  Integer: KIND.Integer,
  Float: KIND.Float,
  String: KIND.String,
  Boolean: KIND.Boolean,
  Date: KIND.Date,
  Null: KIND.Null,
  Undefined: KIND.Undefined,
  Comment: KIND.Comment,
};

/** Reads one root from a scanner; text after it is the caller's business. */
class TreeReader {
  readonly #scanner: JsonScanner;
  readonly #options: LoadOptions;
  readonly #budget: Budget;
  /** Errors about a missing end name the class of the outermost container. */
  #rootClass: string | undefined;
  /** Whether anything was read after the start of the root. */
  #isInside = false;
  /** How many containers are open. */
  #open = 0;

  constructor(scanner: JsonScanner, options: LoadOptions, budget: Budget) {
    this.#scanner = scanner;
    this.#options = options;
    this.#budget = budget;
  }

  root(wanted: RootName): JToken {
    const scanner = this.#scanner;
    const takesComment = wanted === 'JToken' && (this.#options.comments === 1 || this.#options.commentRoot === true);
    if (!(takesComment ? scanner.read() : scanner.readContent()))
      throw readerException(`Error reading ${wanted} from JsonReader.`, scanner.place);
    const start = STARTS[wanted];
    if (start !== undefined && scanner.token !== start[0])
      throw readerException(
        `Error reading ${wanted} from JsonReader. Current JsonReader item is not ${start[1]}: ${scanner.token}.`,
        scanner.place,
      );
    return this.#current() ?? scanner.fail(`Error reading JToken from JsonReader. Unexpected token: ${scanner.token}.`);
  }

  /** The token the scanner stands on; undefined for an end. */
  #current(): JToken | undefined {
    this.#budget.step();
    const { token } = this.#scanner;
    if (token === 'StartObject') return this.#opened(() => this.#object());
    if (token === 'StartArray') return this.#opened(() => this.#list(new JArray(), 'EndArray'));
    if (token === 'StartConstructor')
      return this.#opened(() => this.#list(new JConstructor(String(this.#scanner.value)), 'EndConstructor'));
    const kind = SIMPLE[token];
    return kind === undefined ? undefined : this.#scalar(kind);
  }

  #opened<T>(read: () => T): T {
    this.#open += 1;
    const container = read();
    this.#open -= 1;
    return container;
  }

  #scalar(kind: number): JValue {
    const value = new JValue(this.#scanner.value, kind);
    value.raw = this.#scanner.raw;
    return this.#placed(value);
  }

  #placed<T extends JToken>(token: T): T {
    this.#rootClass ??= token.className;
    if (this.#options.lines === false) return token;
    token.line = this.#scanner.line;
    token.position = this.#scanner.position;
    return token;
  }

  /** Next token inside a container; comments are left out unless they are to be loaded. False at an end that is let pass. */
  #next(container: JContainer, afterName = false): boolean {
    const { comments } = this.#options;
    do {
      if (!this.#scanner.read()) return this.#atEnd(container, afterName);
      this.#isInside = true;
    } while (this.#scanner.token === 'Comment' && comments !== 1);
    return true;
  }

  /** A text that ends inside of the container: false where it counts as whole all the same. */
  #atEnd(container: JContainer, afterName: boolean): false {
    const { into = 'tree' } = this.#options;
    const scanner = this.#scanner;
    if (into === 'tree') scanner.fail(this.#missingEnd(container));
    const isRoot = this.#open === 1;
    const copies = into === 'tokens' || (into === 'object' && (this.#rootClass === 'JArray' || (!isRoot && scanner.expectsValue)));
    if (copies && scanner.expectsValue) throw writerException('Unexpected end when reading token.', scanner.containerPath);
    if (copies) return false;
    if (into === 'typed' && container instanceof JArray)
      throw serializationException('Unexpected end when deserializing array.', scanner.place);
    const isBare = into === 'typed' ? scanner.expectsValue && container.children.length === 0 : !this.#isInside;
    const message = isBare && !afterName ? 'Unexpected end when reading JSON.' : 'Unexpected end when deserializing object.';
    throw serializationException(message, scanner.place);
  }

  /** A root that ends where it starts is worded another way than one that ends further on. */
  #missingEnd(container: JContainer): string {
    const name = this.#rootClass ?? container.className;
    return this.#isInside ? `Unexpected end of content while loading ${name}.` : `Error reading ${name} from JsonReader.`;
  }

  #list<T extends JContainer>(container: T, end: string): T {
    this.#placed(container);
    for (;;) {
      if (!this.#next(container) || this.#scanner.token === end) return container;
      const item = this.#current();
      if (item !== undefined) container.append(item);
    }
  }

  #object(): JObject {
    const object = this.#placed(new JObject());
    for (;;) {
      if (!this.#next(object) || this.#scanner.token === 'EndObject') return object;
      if (this.#scanner.token === 'PropertyName') this.#property(object);
    }
  }

  #property(object: JObject): void {
    const property = this.#placed(new JProperty(String(this.#scanner.value)));
    const existing = object.property(property.name);
    if (existing !== null && this.#options.duplicates === 2)
      this.#scanner.fail(`Property with the name '${property.name}' already exists in the current JSON object.`);
    this.#next(object, true);
    const value = this.#current();
    if (value === undefined) this.#scanner.fail(`Unexpected end of content while loading ${this.#rootClass ?? object.className}.`);
    else if (existing === null) {
      property.append(value);
      object.append(property);
    } else if (this.#options.duplicates !== 1) existing.value = value;
  }
}
