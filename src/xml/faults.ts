/** Wording of everything that can be wrong with the XML of a policy document; one function per message. */
import type { Diagnostic } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import type { ScanFailure } from './expression-scan.ts';

type Fault = Omit<Diagnostic, 'file' | 'span' | 'severity'> & { readonly severity?: Diagnostic['severity'] };

/** Places a fault in a file. */
export function place(file: SourceFile, at: Span, { severity = 'error', ...fault }: Fault): Diagnostic {
  return { ...fault, severity, file, span: at };
}

export const emptyDocument = (): Fault => ({
  code: 'PTC0001',
  message: 'the document holds no element',
  help: 'write a `<policies>` or `<fragment>` element',
});

export const doctypeRefused = (): Fault => ({
  code: 'PTC0002',
  message: 'a policy document may not have a document type',
  help: 'remove `<!DOCTYPE …>`; entities other than `&amp; &lt; &gt; &quot; &apos;` and numeric ones are not supported',
});

export const unclosedElement = (name: string): Fault => ({
  code: 'PTC0003',
  message: `\`<${name}>\` is never closed`,
  help: `add \`</${name}>\``,
});

export const mismatchedEnd = (found: string, expected: string): Fault => ({
  code: 'PTC0004',
  message: `\`</${found}>\` does not close \`<${expected}>\``,
  help: `write \`</${expected}>\` here`,
});

export const unexpectedEnd = (name: string): Fault => ({
  code: 'PTC0005',
  message: `\`</${name}>\` closes nothing`,
  help: 'remove it, or add its start tag',
});

export const malformedTag = (what: string): Fault => ({
  code: 'PTC0006',
  message: what,
  help: 'write tags as `<name attribute="value">`; inside text write `&lt;` for `<`',
});

export const bareAmpersand = (text: string): Fault => ({
  code: 'PTC0007',
  message: `\`${text}\` is not an entity`,
  help: 'write `&amp;` for `&` outside of expressions',
});

export const attributeSyntax = (name: string): Fault => ({
  code: 'PTC0008',
  message: `attribute \`${name}\` has no quoted value`,
  help: `write \`${name}="…"\``,
});

export const attributeRepeated = (name: string): Fault => ({
  code: 'PTC0009',
  message: `attribute \`${name}\` stands twice in one element`,
  help: 'keep one of them',
});

export const unclosedAttribute = (name: string): Fault => ({
  code: 'PTC0010',
  message: `the value of attribute \`${name}\` is never closed`,
  help: 'add the closing quote',
});

const SCAN_FAILURES: Readonly<Record<ScanFailure, string>> = {
  unclosed: 'the brackets of the expression are not closed',
  unclosedString: 'a string inside the expression is not closed',
  unclosedComment: 'a comment inside the expression is not closed',
  mismatch: 'the brackets of the expression do not match',
};

export const expressionNotClosed = (reason: ScanFailure, attribute: string | undefined): Fault => ({
  code: 'PTC0011',
  message: attribute === undefined ? SCAN_FAILURES[reason] : `${SCAN_FAILURES[reason]} in attribute \`${attribute}\``,
  help: 'close every bracket, quote and comment between `@` and the end of the value',
});

export const textBehindExpression = (text: string): Fault => ({
  code: 'PTC0012',
  message: `\`${text}\` stands behind the end of the expression`,
  help: 'the whole value must be one expression: put the text inside it, such as `@("…" + x)`',
});

export const mixedValue = (): Fault => ({
  code: 'PTC0013',
  severity: 'warning',
  message: 'text around `@(…)` makes the whole value a literal, the expression will not run',
  help: 'write one expression, such as `@($"text {x}")`',
});

export const unclosedSection = (what: string): Fault => ({
  code: 'PTC0014',
  message: `${what} is never closed`,
  help: `close ${what}`,
});

export const illegalCharacter = (code: number): Fault => ({
  code: 'PTC0015',
  message: `the character U+${code.toString(16).toUpperCase().padStart(4, '0')} may not stand in XML`,
  help: 'remove it',
});

export const textOutsideRoot = (): Fault => ({
  code: 'PTC0016',
  message: 'text stands outside of the root element',
  help: 'move it inside, or make it a comment',
});

export const tooDeep = (limit: number): Fault => ({
  code: 'PTC0017',
  message: `elements are nested more than ${limit} deep`,
  help: 'flatten the document',
});

export const notWellFormed = (text: string): Fault => ({
  code: 'PTC0018',
  message: `not well-formed: ${text}`,
  help: 'correct the XML at this place',
});

/** XML 1.0, section 2.5; samples of the reference have it all the same. */
export const dashesInComment = (): Fault => ({
  code: 'PTC0019',
  severity: 'warning',
  message: 'a comment may not hold `--`, and strict readers of XML refuse the document',
  help: 'write `-` or `:`',
});
