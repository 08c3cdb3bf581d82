/** A template as read once, and run for each call. */
import { LiquidSyntaxError } from './errors.ts';
import { readOutput } from './expression.ts';
import type { Output } from './output.ts';
import { type Piece, scan } from './scan.ts';
import type { Scope } from './scope.ts';
import { readTag } from './tags.ts';
import { textOf } from './values.ts';

/** `break` and `continue` end what is around them up to the loop. */
export type Ending = 'break' | 'continue' | undefined;

/** One part of a template. */
export type Node = (scope: Scope, output: Output) => Ending;

/** Nodes up to a tag that ends or divides the block, with that tag. */
export interface Block {
  readonly body: Node;
  /** First word and the rest of the tag that was met. */
  readonly end: string;
  readonly markup: string;
}

/** The whole template between `{{{` and `}}}` is plain text, between `{#` and `#}` nothing (DotLiquid 2.0's short forms). */
const LITERAL = /^\{\{\{\s?(.*)\}\}\}$/;
const COMMENT = /^\{#.*#\}$/;

/** Reads a template. Throws LiquidSyntaxError. */
export function readTemplate(text: string): Node {
  const literal = LITERAL.exec(text.trim())?.[1]?.trimEnd();
  if (literal !== undefined) return writing(literal);
  if (COMMENT.test(text.trim())) return writing('');
  const reader = new TemplateReader(scan(text));
  return reader.block('the template', []).body;
}

/** Deepest nesting of blocks. */
const DEEPEST = 100;

export class TemplateReader {
  readonly #pieces: readonly Piece[];
  #at = 0;
  #depth = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  /** Reads to the first of the tags named; none given: to the end of the template. */
  block(of: string, ends: readonly string[]): Block {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new LiquidSyntaxError(`blocks are nested more than ${DEEPEST} deep`);
    const nodes: Node[] = [];
    for (;;) {
      const piece = this.#pieces[this.#at];
      this.#at += 1;
      if (!piece) {
        if (ends.length > 0) throw new LiquidSyntaxError(`\`${of}\` is not closed by \`${ends[0] ?? ''}\``);
        return { body: sequence(nodes), end: '', markup: '' };
      }
      const { name, markup } = wordsOf(piece);
      if (piece.kind === 'tag' && ends.includes(name)) {
        this.#depth -= 1;
        return { body: sequence(nodes), end: name, markup };
      }
      nodes.push(this.#node(piece, name, markup));
    }
  }

  /** The source up to the end tag, read as plain text. */
  raw(of: string): string {
    let text = '';
    for (;;) {
      const piece = this.#pieces[this.#at];
      this.#at += 1;
      if (!piece) throw new LiquidSyntaxError(`\`${of}\` is not closed by \`end${of}\``);
      if (piece.kind === 'tag' && wordsOf(piece).name === `end${of}`) return text;
      text += piece.source;
    }
  }

  #node(piece: Piece, name: string, markup: string): Node {
    const at = this.#at - 1;
    try {
      return this.#read(piece, name, markup);
    } catch (error) {
      if (!(error instanceof LiquidSyntaxError) || error.place) throw error;
      throw new LiquidSyntaxError(error.message, { text: piece.content, before: this.#countBefore(piece.content, at) });
    }
  }

  #countBefore(text: string, at: number): number {
    return this.#pieces.slice(0, at).reduce((sum, { source }) => sum + (text === '' ? 0 : source.split(text).length - 1), 0);
  }

  #read(piece: Piece, name: string, markup: string): Node {
    if (piece.kind === 'tag') return readTag(name, markup, this);
    if (piece.kind === 'output') return outputNode(piece.content);
    return writing(piece.content);
  }
}

function writing(text: string): Node {
  return (_scope, output) => {
    output.write(text);
    return undefined;
  };
}

function wordsOf(piece: Piece): { readonly name: string; readonly markup: string } {
  const match = piece.kind === 'tag' ? /^(\w*)\s*([\s\S]*)$/.exec(piece.content) : null;
  return { name: match?.[1] ?? '', markup: match?.[2] ?? '' };
}

function outputNode(markup: string): Node {
  const read = readOutput(markup);
  return (scope, output) => {
    output.write(textOf(read(scope)));
    return undefined;
  };
}

function sequence(nodes: readonly Node[]): Node {
  return (scope, output) => {
    for (const node of nodes) {
      const ending = node(scope, output);
      if (ending !== undefined) return ending;
    }
    return undefined;
  };
}
