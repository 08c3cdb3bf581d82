/** The tokens of C#. Punctuation and keywords have their own text as kind. */

/** One piece of an interpolated string as the lexer sees it; the parser reads the holes. */
export type StringPart = { readonly kind: 'text'; readonly text: string; readonly start: number; readonly end: number } | StringHole;

/** `{ expression, alignment : format }`; offsets in the whole text. */
export interface StringHole {
  readonly kind: 'hole';
  /** Offset of `{`. */
  readonly start: number;
  /** Offset behind `}`. */
  readonly end: number;
  /** Where expression and alignment end: at `:` or `}`. */
  readonly codeEnd: number;
  readonly format?: string;
  readonly closed: boolean;
}

/** The value of a literal token. */
export interface LiteralValue {
  readonly type: 'int' | 'uint' | 'long' | 'ulong' | 'float' | 'double' | 'decimal' | 'string' | 'char';
  readonly value: string | number | bigint;
  readonly text: string;
}

export interface Token {
  /** `identifier`, `literal`, `interpolated`, `end`, or the text of a keyword or punctuator. */
  readonly kind: string;
  /** As written; for identifiers the name without `@` and with escapes resolved. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** A line ends between the token before and this one. */
  readonly afterNewline: boolean;
  /** `@name`: never a contextual keyword. */
  readonly verbatim?: boolean;
  readonly literal?: LiteralValue;
  readonly parts?: readonly StringPart[];
}

/** The reserved words of C# (ECMA-334, 6.4.4). */
export const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event ' +
    'explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null ' +
    'object operator out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc static ' +
    'string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while'
  ).split(' '),
);

export const PREDEFINED_TYPES: ReadonlySet<string> = new Set(
  'bool byte char decimal double float int long object sbyte short string uint ulong ushort void'.split(' '),
);

/** Punctuators, longest first; `>` stays single because of `List<List<int>>`, the parser joins shifts. */
export const PUNCTUATORS: readonly string[] = [
  ...['<<=', '??='],
  ...['=>', '==', '!=', '<=', '>=', '&&', '||', '??', '++', '--', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '->', '::', '<<', '..'],
  ...'(){}[];,.:+-*/%&|^!~=<>?'.split(''),
];
