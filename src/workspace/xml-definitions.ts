/** WSDL and WADL files that no import takes: without a word their operations would be missing. */
import { XMLValidator } from 'fast-xml-parser';
import type { SourceFile } from '../source/source-file.ts';
import { type Span, span } from '../source/span.ts';
import * as faults from './faults.ts';
import type { Files } from './files.ts';
import { elements, parseXmlData } from './xml-data.ts';

/** The root of WSDL 1.1 (the service takes no other), and of WADL. */
const ROOTS = { wsdl: 'definitions', wadl: 'application' } as const;

/** Reports a file that is none of its kind; true when it is one. */
export function checkXmlDefinition(kind: keyof typeof ROOTS, file: SourceFile, files: Files): boolean {
  const fault = syntaxFault(file) ?? rootFault(kind, file);
  if (fault) files.report({ severity: 'error', ...faults.badSpecification(fault.reason), file, span: fault.span });
  return fault === undefined;
}

interface DefinitionFault {
  readonly reason: string;
  readonly span: Span;
}

function syntaxFault(file: SourceFile): DefinitionFault | undefined {
  const verdict = XMLValidator.validate(file.text);
  if (verdict === true) return undefined;
  const { msg, line, col } = verdict.err;
  const at = Math.min(file.lineStart(line) + (col ?? 1) - 1, file.text.length);
  return { reason: wordingOf(msg), span: span(at) };
}

/** Elements that are never closed come as a list of their names, which may be long. */
function wordingOf(message: string): string {
  if (message.includes("' found")) return 'it ends inside an element';
  return `${message.charAt(0).toLowerCase()}${message.slice(1).replace(/\.$/, '')}`;
}

function rootFault(kind: keyof typeof ROOTS, { text }: SourceFile): DefinitionFault | undefined {
  const root = ROOTS[kind];
  const data = parseXmlData(text);
  if (elements(data, root).length > 0) return undefined;
  // What is XML and cannot be read all the same is beyond the reader's bounds.
  const isRead = Object.keys(data).length > 0;
  return { reason: isRead ? `its root is not \`${root}\`` : 'its elements nest too deep', span: span(0) };
}
