/** A text that stands inside a file: a policy in a JSON string, in a Terraform heredoc, in a YAML block. */
import type { Diagnostic } from './diagnostic.ts';
import type { MappedText } from './mapped-text.ts';
import { type Position, SourceFile } from './source-file.ts';
import { type Span, span } from './span.ts';

/**
 * Reads like a file of its own, while every place that is asked for is one of the file around it: an error in a policy
 * inside an ARM template points to the right character of the template.
 */
export class EmbeddedSource extends SourceFile {
  /** The decoded text with its map into the file around it. */
  readonly content: MappedText;

  constructor(content: MappedText) {
    super(content.file.name, content.text);
    this.content = content;
  }

  override positionAt(offset: number): Position {
    return this.content.file.positionAt(this.content.sourceOffset(Math.min(offset, this.text.length)));
  }

  /** A line of the file around it: that is what `positionAt` counts. */
  override lineText(line: number): string {
    return this.content.file.lineText(line);
  }
}

/** The same diagnostic with its spans in the outermost file, so that two texts of one file are told apart. */
export function inOuterFile(diagnostic: Diagnostic): Diagnostic {
  const { file } = diagnostic;
  if (!(file instanceof EmbeddedSource)) return diagnostic;
  return inOuterFile({ ...diagnostic, file: file.content.file, span: outerSpan(file, diagnostic.span) });
}

function outerSpan({ content }: EmbeddedSource, { start, end }: Span): Span {
  return content.text.length === 0 ? span(content.sourceOffset(0)) : content.sourceSpan({ start, end });
}
