/** Counts tokens as OpenAI's models do, by the optional package gpt-tokenizer. */

export const ENCODINGS = ['o200k_base', 'cl100k_base'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** The package is not installed. */
export class TokenizerMissing extends Error {
  constructor(cause: unknown) {
    super('`settings.tokenizer` needs the package `gpt-tokenizer`, which is not installed: run `npm install gpt-tokenizer`', { cause });
  }
}

interface Tokenizer {
  countTokens(text: string, options: { readonly disallowedSpecial: ReadonlySet<string> }): number;
}

/** Loads an encoding, which takes a moment, and gives what counts with it. Texts of special tokens count as plain text. */
export async function loadTokenizer(encoding: Encoding): Promise<(text: string) => number> {
  const { countTokens } = await load(encoding);
  const disallowedSpecial = new Set<string>();
  return (text) => piecesOf(text).reduce((sum, piece) => sum + countTokens(piece, { disallowedSpecial }), 0);
}

/** The name is computed, so that the package's own types, which need a browser's, stay out of ours. */
async function load(encoding: Encoding): Promise<Tokenizer> {
  try {
    return (await import(`gpt-tokenizer/encoding/${encoding}`)) as Tokenizer;
  } catch (error) {
    throw new TokenizerMissing(error);
  }
}

/** The package's time grows with the square of a text without spaces. */
const LONGEST_PIECE = 256;

/** Cut in front of a space where there is one, since a token has its space in front. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = cutBehind(text, at);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

function cutBehind(text: string, at: number): number {
  const end = at + LONGEST_PIECE;
  if (end >= text.length) return text.length;
  const space = text.lastIndexOf(' ', end);
  return space > at ? space : end;
}
