/** Files with what was made of their texts, which the next load of a directory takes over where the text is the same. */
import { isCollection } from 'yaml';
import type { Diagnostic } from '../source/diagnostic.ts';
import { withoutComments } from '../source/json-comments.ts';
import { type JsonTrouble, jsonFault } from '../source/json-syntax.ts';
import type { SourceFile } from '../source/source-file.ts';
import { type ReadResult, readFile } from '../xml/reader.ts';
import { entryOf, type ParsedConfig, parseConfig, type Report } from './config-file.ts';
import { type Fault, jsonComma, jsonComment, jsonQuotes, jsonUnexpected } from './faults.ts';
import { type ImportedSpecification, importOpenApi } from './openapi.ts';

/** What it gives is shared between loads: nobody changes it, and nothing in it depends on more than name and text. */
export class ParsedFile {
  readonly file: SourceFile;
  #policy: ReadResult | undefined;
  #template: ParsedConfig | undefined;
  #artifact: ParsedConfig | undefined;
  #openApi: OpenApiFile | undefined;

  constructor(file: SourceFile) {
    this.file = file;
  }

  policy(): ReadResult {
    this.#policy ??= readFile(this.file);
    return this.#policy;
  }

  /** JSON that may have comments, and texts over several lines, as Azure Resource Manager takes it. */
  template(): ParsedConfig {
    this.#template ??= parseConfig(this.file, withoutComments(this.file.text));
    return this.#template;
  }

  /** JSON, which publishers take by the letter. */
  artifact(): ParsedConfig {
    this.#artifact ??= parseArtifact(this.file);
    return this.#artifact;
  }

  openApi(): OpenApiFile {
    this.#openApi ??= new OpenApiFile(this.file);
    return this.#openApi;
  }
}

/** What YAML reads in it is of use all the same; it says less well what is wrong. */
function parseArtifact(file: SourceFile): ParsedConfig {
  const parsed = parseConfig(file);
  const isOther = !isCollection(parsed.contents) || parsed.problems.some(({ code }) => code !== BAD_SYNTAX);
  const fault = isOther ? undefined : jsonFault(file.text);
  if (!fault) return parsed;
  const problem: Diagnostic = { severity: 'error', ...JSON_FAULTS[fault.trouble](fault.text), file, span: fault.span };
  return { ...parsed, problems: [problem] };
}

const BAD_SYNTAX = 'PTC5002';

const JSON_FAULTS: Readonly<Record<JsonTrouble, (text: string) => Fault>> = {
  comment: jsonComment,
  comma: jsonComma,
  quotes: jsonQuotes,
  unexpected: jsonUnexpected,
};

interface Imported {
  readonly content: ImportedSpecification;
  readonly problems: readonly Diagnostic[];
}

/** An OpenAPI document. Its tree, many times as large as its text, is held until its operations were asked for. */
export class OpenApiFile {
  readonly file: SourceFile;
  /** Of the syntax. */
  readonly problems: readonly Diagnostic[];
  #parsed: ParsedConfig | undefined;
  #imported: Imported | undefined;

  constructor(file: SourceFile) {
    this.file = file;
    this.#parsed = parseConfig(file);
    this.problems = this.#parsed.problems;
  }

  imported(): Imported {
    this.#imported ??= imported({ ...(this.#parsed ?? parseConfig(this.file)), problems: [] });
    this.#parsed = undefined;
    return this.#imported;
  }
}

function imported(parsed: ParsedConfig): Imported {
  const problems: Diagnostic[] = [];
  return { content: importOpenApi(entryOf(parsed, (problem) => problems.push(problem))), problems };
}

/** The OpenAPI document behind an API. */
export interface OpenApiSpecification {
  readonly kind: 'openapi';
  readonly source: SourceFile;
  /** What is wrong with its operations is reported when they are first asked for. */
  imported(): ImportedSpecification;
}

/** Reports what is wrong with its syntax. */
export function openApiSpecification(parsed: OpenApiFile, report: Report): OpenApiSpecification {
  let told = false;
  for (const problem of parsed.problems) report(problem);
  const imported = (): ImportedSpecification => {
    const { content, problems } = parsed.imported();
    if (!told) for (const problem of problems) report(problem);
    told = true;
    const isBroken = [...parsed.problems, ...problems].some(({ severity }) => severity === 'error');
    return isBroken ? { ...content, isBroken } : content;
  };
  return { kind: 'openapi', source: parsed.file, imported };
}
