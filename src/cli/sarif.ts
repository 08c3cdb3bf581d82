/** SARIF 2.1.0 as GitHub's code scanning reads it. */
import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LintDiagnostic } from '../lint/lint.ts';
import type { Diagnostic, Severity } from '../source/diagnostic.ts';
import { inOuterFile } from '../source/embedded.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };
/** Where the pages of the package are read by their addresses. */
const PAGES = 'https://portico.dev/docs';

type Problem = Diagnostic & Partial<Pick<LintDiagnostic, 'about' | 'fix' | 'silenced'>>;

export function sarif(problems: readonly Diagnostic[], version: string): object {
  const codes = [...new Set(problems.map(({ code }) => code))].sort();
  const first = new Map([...problems].reverse().map((problem) => [problem.code, problem as Problem]));
  const rules = codes.flatMap((code) => ruleOf(first.get(code)));
  const hashes = new LineHashes();
  // All results of a run say what suppresses them, or none does (SARIF 2.1.0, 3.27.23).
  const suppresses = problems.some((problem) => 'silenced' in problem);
  const results = problems.map((problem) => resultOf(problem, codes.indexOf(problem.code), hashes, suppresses));
  const driver = { name: 'portico', version, semanticVersion: version, informationUri: PAGES, rules };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: true }],
        artifacts: artifactsOf(problems),
        results,
      },
    ],
  };
}

// ------------------------------------------------------------ rules

function ruleOf(problem: Problem | undefined): object[] {
  if (problem === undefined) return [];
  const { code, severity, about } = problem;
  const page = pageOf(code);
  const level = LEVELS[about?.severity ?? severity];
  return [
    {
      id: code,
      name: about?.name ?? code,
      shortDescription: { text: sentence(about?.summary ?? general(problem.message)) },
      fullDescription: { text: fullText(problem) },
      ...(page === undefined ? {} : { helpUri: page }),
      help: helpOf(problem),
      defaultConfiguration: { level },
      properties: propertiesOf(code, about?.severity ?? severity),
    },
  ];
}

function fullText({ about, message }: Problem): string {
  if (about) return about.reason === undefined ? sentence(about.summary) : `${sentence(about.summary)} ${about.reason}`;
  return `${sentence(general(message))} Azure API Management refuses the document, or will not do what it says.`;
}

function helpOf({ about, help = '', code }: Problem): { readonly text: string; readonly markdown: string } {
  if (about?.bad === undefined || about.good === undefined) {
    const text = help === '' ? `See ${pageOf(code) ?? 'the reference of the C# compiler'}.` : sentence(general(help));
    return { text, markdown: text };
  }
  const why = about.reason ?? about.summary;
  const part = (title: string, snippet: string) => `${title}\n\n\`\`\`xml\n${snippet}\n\`\`\``;
  return {
    text: `${why}\n\nReported:\n${about.bad}\n\nNot reported:\n${about.good}`,
    markdown: [why, part('Reported:', about.bad), part('Not reported:', about.good)].join('\n\n'),
  };
}

/** The message of a rule holds for all documents: what it quotes from one of them is left out. */
function general(message: string): string {
  return message.replace(/`[^`]*`/g, '`…`').replace(/'[^']*'/g, "'…'");
}

function sentence(text: string): string {
  const first = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

function pageOf(code: string): string | undefined {
  if (code.startsWith('CS')) return `https://learn.microsoft.com/dotnet/csharp/misc/${code.toLowerCase()}`;
  return /^PT[CL]\d/.test(code) ? `${PAGES}/${code.startsWith('PTL') ? 'lint' : 'error-codes'}.md#${code.toLowerCase()}` : undefined;
}

/** Groups of rules by the digit behind `PTL`. */
const TAGS: Readonly<Record<string, string>> = {
  PTL1: 'body',
  PTL2: 'variables',
  PTL3: 'null',
  PTL4: 'flow',
  PTL5: 'limits',
  PTL6: 'secrets',
  PTL7: 'access',
  PTL8: 'transport',
  PTL9: 'maintainability',
};

/** What it finds may be used by an attacker: counters that callers choose, secrets, checks of callers, addresses. */
export function isSecurity(code: string): boolean {
  return /^PTL(?:50[345]|6|7|80[1238])/.test(code);
}

/** On GitHub: 7 and more is high, 4 and more medium. */
const SECURITY: Readonly<Record<Severity, string>> = { error: '8.0', warning: '6.0', info: '3.0' };

function propertiesOf(code: string, severity: Severity): object {
  const group = TAGS[code.slice(0, 4)];
  return {
    tags: [...(isSecurity(code) ? ['security'] : []), ...(group === undefined ? ['correctness'] : [group])],
    precision: 'high',
    'problem.severity': severity === 'info' ? 'recommendation' : severity,
    ...(isSecurity(code) ? { 'security-severity': SECURITY[severity] } : {}),
  };
}

// ------------------------------------------------------------ results

function resultOf(problem: Problem, ruleIndex: number, hashes: LineHashes, suppresses: boolean): object {
  const { code, severity, message, help, related = [], fix } = problem;
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: help === undefined ? message : `${message} (${help})` },
    locations: [{ physicalLocation: physical(problem.file, problem.span, true) }],
    partialFingerprints: { primaryLocationLineHash: hashes.of(problem) },
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((place, id) => ({
            id: id + 1,
            message: { text: place.message },
            physicalLocation: physical(place.file, place.span),
          })),
        }),
    ...(fix === undefined ? {} : { fixes: [fixOf(problem, fix)] }),
    ...(suppresses ? { suppressions: suppressionsOf(problem) } : {}),
  };
}

function suppressionsOf({ silenced }: Problem): object[] {
  return silenced === undefined ? [] : [{ kind: 'inSource', ...(silenced === '' ? {} : { justification: silenced }) }];
}

function fixOf({ file, help }: Problem, fix: NonNullable<Problem['fix']>): object {
  const replacements = fix.map(({ span, text }) => ({ deletedRegion: regionOf(file, span), insertedContent: { text } }));
  return { description: { text: help ?? 'repair' }, artifactChanges: [{ artifactLocation: { uri: uriOf(file) }, replacements }] };
}

function physical(file: SourceFile, span: Span, snippet = false): object {
  const region = regionOf(file, span);
  const text = file.text.slice(span.start, Math.min(span.end, span.start + LONGEST_SNIPPET));
  return { artifactLocation: { uri: uriOf(file) }, region: snippet && text !== '' ? { ...region, snippet: { text } } : region };
}

const LONGEST_SNIPPET = 400;

/** Of a policy inside another file the place in that file. */
function regionOf(file: SourceFile, span: Span): object {
  const [start, end] = [file.positionAt(span.start), file.positionAt(span.end)];
  const outer = inOuterFile({ code: '', severity: 'info', message: '', file, span }).span;
  return {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
    charOffset: outer.start,
    charLength: Math.max(0, outer.end - outer.start),
  };
}

/** Relative to where the command runs; blanks and the like are escaped, as in every URI. */
function uriOf({ name }: SourceFile): string {
  if (isAbsolute(name)) return pathToFileURL(name).href;
  return name.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}

function artifactsOf(problems: readonly Diagnostic[]): object[] {
  const files = new Map(problems.map(({ file }) => [uriOf(file), inOuterFileOf(file)]));
  return [...files].map(([uri, { name }]) => ({ location: { uri }, mimeType: /\.json$/i.test(name) ? 'application/json' : 'text/xml' }));
}

function inOuterFileOf(file: SourceFile): SourceFile {
  return inOuterFile({ code: '', severity: 'info', message: '', file, span: { start: 0, end: 0 } }).file;
}

/** Stays when lines move: the text of the line, counted when a rule finds several of the same. */
export class LineHashes {
  readonly #seen = new Map<string, number>();

  of({ code, file, span }: Diagnostic): string {
    const line = file.lineText(file.positionAt(span.start).line).replace(/\s+/g, '');
    const hash = createHash('sha256').update(line).digest('hex').slice(0, 16);
    const key = `${file.name} ${code} ${hash}`;
    const count = (this.#seen.get(key) ?? 0) + 1;
    this.#seen.set(key, count);
    return `${hash}:${count}`;
  }
}
