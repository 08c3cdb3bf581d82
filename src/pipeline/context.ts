/** What is shared while one document is compiled. */
import type { ScopeName, SectionName } from '../exchange/events.ts';
import { maskSecrets } from '../exchange/exchange.ts';
import type { Fault } from '../policies/faults.ts';
import type { StepList } from '../policies/step.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import type { PolicyEnvironment } from './environment.ts';

/** One document, at one scope. */
export interface DocumentContext {
  readonly environment: PolicyEnvironment;
  readonly file: SourceFile;
  /** Undefined when a lone file may be of any scope. */
  readonly scope: ScopeName | undefined;
  /** What `<base />` stands for in a section. */
  inherited(section: SectionName): StepList;
  readonly diagnostics: Diagnostic[];
  readonly secrets: Set<string>;
}

/** Where in the document we are. */
export interface PlaceContext {
  readonly document: DocumentContext;
  /** The file the elements stand in: that of the document, or of a fragment. */
  readonly file: SourceFile;
  /** Undefined inside a fragment that is checked alone. */
  readonly section: SectionName | undefined;
  /** Path before the elements of this list: empty, or `choose[1]/when[2]/`. */
  readonly prefix: string;
  readonly inFragment: boolean;
  /** The enclosing policy that takes only some policies, if any. */
  readonly container: { readonly name: string; readonly only?: readonly string[]; readonly except?: readonly string[] } | undefined;
  /** Names of all enclosing policies, outermost first. */
  readonly within: readonly string[];
}

/** Bodies a step reads, gathered while its element is compiled. */
export interface ReadsSoFar {
  request: boolean;
  response: boolean;
}

/** Adds a problem; in lenient mode those marked so are warnings. */
export function report(document: DocumentContext, file: SourceFile, at: Span, fault: Fault, lenient = fault.lenient ?? false): void {
  const { code, message, help } = fault;
  const severity = lenient && document.environment.lenient ? 'warning' : (fault.severity ?? 'error');
  document.diagnostics.push(withoutSecrets({ code, message, help, severity, file, span: at }, document.secrets));
}

/** Problems are printed and logged: they never show the value of a secret named value. */
export function withoutSecrets(diagnostic: Diagnostic, secrets: ReadonlySet<string>): Diagnostic {
  if (secrets.size === 0) return diagnostic;
  const { message, help } = diagnostic;
  const hidden = (text: string) => maskSecrets(text, [...secrets]);
  return { ...diagnostic, message: hidden(message), ...(help === undefined ? {} : { help: hidden(help) }) };
}
