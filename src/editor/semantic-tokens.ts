/** What the words of C# inside a document are, for colours: the grammar of an editor sees XML only. */
import type { BoundExpression } from '../csharp/check/bound.ts';
import type { ExpressionEngine } from '../csharp/compile.ts';
import { lex } from '../csharp/syntax/lexer.ts';
import { KEYWORDS, type Token } from '../csharp/syntax/token.ts';
import { IMPORTED_NAMESPACES } from '../csharp/types/keywords.ts';
import type { Span } from '../source/span.ts';
import type { PolicyDocument, Value, XmlNode } from '../xml/tree.ts';
import { bindCode, boundExpressions } from './code-model.ts';
import { Recent } from './recent.ts';

export const TOKEN_TYPES = [
  'keyword',
  'string',
  'number',
  'comment',
  'type',
  'method',
  'property',
  'variable',
  'parameter',
  'operator',
] as const;
export type TokenType = (typeof TOKEN_TYPES)[number];

export interface SemanticToken {
  /** In the file, on one line. */
  readonly span: Span;
  readonly type: TokenType;
}

/** Words that are keywords in their places only (C# 7). */
const CONTEXTUAL: ReadonlySet<string> = new Set(
  'var when nameof from where select group into orderby join let in on equals by ascending descending async await'.split(' '),
);

/** An expression that did not change is not looked at again. */
export class SemanticTokens {
  readonly #engine: ExpressionEngine;
  readonly #known = new Recent<readonly CodeToken[]>();

  constructor(engine: ExpressionEngine) {
    this.#engine = engine;
  }

  /** In the order of the document; `within` leaves out what stands elsewhere. */
  of(document: PolicyDocument, within?: Span): SemanticToken[] {
    return expressionsIn(document.nodes)
      .filter(({ span }) => within === undefined || (span.start < within.end && within.start < span.end))
      .flatMap((value) => this.#tokens(value).flatMap(({ start, end, type }) => lines(value, start, end).map((span) => ({ span, type }))));
  }

  #tokens({ kind, text: { text } }: Value): readonly CodeToken[] {
    const form = kind === 'multi' ? 'multi' : 'single';
    return this.#known.get(`${form} ${text}`, () => tokensOf(text, form, this.#engine));
  }
}

/** In the text of an expression. */
interface CodeToken {
  readonly start: number;
  readonly end: number;
  readonly type: TokenType;
}

function expressionsIn(nodes: readonly XmlNode[]): Value[] {
  return nodes.flatMap((node) => {
    if (node.kind !== 'element') return 'value' in node && node.value.kind !== 'literal' ? [node.value] : [];
    const own = node.attributes.map(({ value }) => value).filter(({ kind }) => kind !== 'literal');
    return [...own, ...expressionsIn(node.children)];
  });
}

function tokensOf(text: string, form: 'single' | 'multi', engine: ExpressionEngine): CodeToken[] {
  const meanings = meaningsIn(text, form, engine);
  const found: CodeToken[] = [];
  const add = (start: number, end: number, type: TokenType | undefined): void => {
    if (type !== undefined) found.push({ start, end, type });
  };
  let last = 0;
  for (const token of flat(
    text,
    lex(text, 0, text.length, () => undefined),
  )) {
    addComments(text, last, token.start, add);
    add(token.start, token.end, typeOf(token, meanings, engine));
    last = token.end;
  }
  addComments(text, last, text.length, add);
  return found;
}

/** Between tokens there are blanks and comments only. */
function addComments(text: string, start: number, end: number, add: (start: number, end: number, type: TokenType) => void): void {
  for (const match of text.slice(start, end).matchAll(/\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g))
    add(start + match.index, start + match.index + match[0].length, 'comment');
}

/** The tokens with those of the holes of interpolated strings, in order. */
function flat(text: string, tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => {
    if (token.kind !== 'interpolated') return [token];
    const pieces: Token[] = [];
    let at = token.start;
    const piece = (end: number): void => {
      if (end > at) pieces.push({ ...token, kind: 'literal', start: at, end });
    };
    for (const part of token.parts ?? []) {
      if (part.kind !== 'hole') continue;
      piece(part.start + 1);
      pieces.push(
        ...flat(
          text,
          lex(text, part.start + 1, part.codeEnd, () => undefined),
        ),
      );
      at = part.codeEnd;
    }
    piece(token.end);
    return pieces;
  });
}

function typeOf(token: Token, meanings: ReadonlyMap<number, TokenType>, { types }: ExpressionEngine): TokenType | undefined {
  if (token.kind === 'literal')
    return token.literal !== undefined && !['string', 'char'].includes(token.literal.type) ? 'number' : 'string';
  if (token.kind !== 'identifier') return KEYWORDS.has(token.kind) ? 'keyword' : undefined;
  const known = meanings.get(token.start);
  if (known) return known;
  if (CONTEXTUAL.has(token.text)) return 'keyword';
  return [0, 1, 2].some((arity) => types.find(token.text, arity, IMPORTED_NAMESPACES).length > 0) ? 'type' : 'variable';
}

/** What the checker took names for, by where they begin. */
function meaningsIn(text: string, form: 'single' | 'multi', engine: ExpressionEngine): Map<number, TokenType> {
  const meanings = new Map<number, TokenType>();
  const program = bindCode(text, form, engine);
  for (const one of program ? boundExpressions(program) : []) {
    const [name, type] = meaningOf(one);
    if (type === undefined) continue;
    const at = placeOfName(text, one.span, name);
    if (at !== undefined && !meanings.has(at)) meanings.set(at, type);
    if (one.kind === 'local') {
      const declared = placeOfName(text, one.local.declaredAt, name);
      if (declared !== undefined) meanings.set(declared, type);
    }
  }
  return meanings;
}

function meaningOf(one: BoundExpression): readonly [string, TokenType | undefined] {
  switch (one.kind) {
    case 'call':
      return [one.method.name, 'method'];
    case 'property':
      return [one.property.name, 'property'];
    case 'field':
      return [one.field.name, 'property'];
    case 'local':
      return [one.local.name, one.local.kind === 'parameter' ? 'parameter' : 'variable'];
    case 'context':
      return ['context', 'variable'];
    default:
      return ['', undefined];
  }
}

/** A member's name is the last one of its expression: behind its dot, before its arguments. */
function placeOfName(text: string, { start, end }: Span, name: string): number | undefined {
  let found: number | undefined;
  for (let at = text.indexOf(name, start); at >= 0 && at + name.length <= end; at = text.indexOf(name, at + 1)) {
    if (!/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + name.length] ?? '')) found = at;
  }
  return found;
}

/** The parts of a place, line by line, in the file. */
function lines(value: Value, start: number, end: number): Span[] {
  const whole = value.text.sourceSpan({ start, end });
  const parts: Span[] = [];
  let at = whole.start;
  for (const line of value.text.file.text.slice(whole.start, whole.end).split(/(?<=\n)/)) {
    const length = line.replace(/\r?\n$/, '').length;
    if (length > 0) parts.push({ start: at, end: at + length });
    at += line.length;
  }
  return parts;
}
