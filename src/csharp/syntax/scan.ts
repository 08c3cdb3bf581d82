/** Looking ahead without reading: is this a type, a cast, a lambda, a list of type arguments (ECMA-334, 6.2.5 and 12.9.7)? */
import type { Cursor } from './cursor.ts';
import { PREDEFINED_TYPES } from './token.ts';

/** `must`: can only be a type; `generic`: has type arguments; `maybe`: could be an expression as well. */
export type TypeLook = 'must' | 'nullable' | 'generic' | 'tuple' | 'maybe';

export interface TypeScan {
  readonly look: TypeLook;
  /** Index of the token behind the type. */
  readonly next: number;
}

const MAX_SCAN_DEPTH = 100;

/** Scans a type at the token with index `at`; undefined when there is none. */
export function scanType(c: Cursor, at: number, depth = 0): TypeScan | undefined {
  if (depth > MAX_SCAN_DEPTH) return undefined;
  let scan = scanSimpleType(c, at, depth);
  while (scan !== undefined) {
    const kind = c.token(scan.next).kind;
    const rankEnd = kind === '[' ? scanRank(c, scan.next) : undefined;
    if (rankEnd !== undefined) scan = { look: 'must', next: rankEnd };
    else if (kind === '?' && scan.look !== 'nullable') scan = { look: 'nullable', next: scan.next + 1 };
    else return scan;
  }
  return undefined;
}

function scanSimpleType(c: Cursor, at: number, depth: number): TypeScan | undefined {
  const token = c.token(at);
  if (PREDEFINED_TYPES.has(token.kind)) return { look: 'must', next: behindStars(c, at + 1) };
  if (token.kind === '(') return scanTupleType(c, at, depth);
  return token.kind === 'identifier' ? scanQualifiedName(c, at, depth) : undefined;
}

/** A keyword's type can only be a pointer where a `*` follows. */
function behindStars(c: Cursor, at: number): number {
  let next = at;
  while (c.token(next).kind === '*') next++;
  return next;
}

function scanQualifiedName(c: Cursor, at: number, depth: number): TypeScan | undefined {
  let look: TypeLook = 'maybe';
  let next = at;
  for (;;) {
    if (c.token(next).kind !== 'identifier') return undefined;
    next++;
    if (c.token(next).kind === '<') {
      const args = scanTypeArguments(c, next, depth + 1);
      if (args === undefined) return undefined;
      look = 'generic';
      next = args.next;
    }
    const separator = c.token(next).kind;
    if (separator !== '.' && separator !== '::') return { look, next };
    next++;
  }
}

/** `(int a, string b)` at `at`; undefined when it is no tuple type. */
export function scanTupleType(c: Cursor, at: number, depth: number): TypeScan | undefined {
  let next = at;
  let count = 0;
  do {
    const element = scanType(c, next + 1, depth + 1);
    if (element === undefined) return undefined;
    next = element.next;
    if (c.token(next).kind === 'identifier') next++;
    count++;
  } while (c.token(next).kind === ',');
  return c.token(next).kind === ')' && count > 1 ? { look: 'tuple', next: next + 1 } : undefined;
}

/** `[]`, `[,]`: gives the index behind the bracket, undefined when sizes or indexes stand inside. */
export function scanRank(c: Cursor, at: number): number | undefined {
  let next = at + 1;
  while (c.token(next).kind === ',') next++;
  return c.token(next).kind === ']' ? next + 1 : undefined;
}

/** Scans `<…>` at `at`; `definite` when its content cannot be an expression. */
function scanTypeArguments(c: Cursor, at: number, depth = 0): { readonly next: number; readonly definite: boolean } | undefined {
  let next = at + 1;
  let definite = false;
  if (c.token(next).kind === ',' || c.token(next).kind === '>') {
    while (c.token(next).kind === ',') next++;
    return c.token(next).kind === '>' ? { next: next + 1, definite: true } : undefined;
  }
  for (;;) {
    const argument = scanType(c, next, depth + 1);
    if (argument === undefined) return undefined;
    next = argument.next;
    const kind = c.token(next).kind;
    definite ||= argument.look === 'must' && (kind === ',' || kind === '>');
    if (kind === '>') return { next: next + 1, definite };
    if (kind !== ',') return undefined;
    next++;
  }
}

const AFTER_TYPE_ARGUMENTS: ReadonlySet<string> = new Set('( ) ] } : ; , . ? == != | ^ && || & [ { < <= >= > is as => end'.split(' '));

/** In an expression: does the `<` at `at` open type arguments, and not a comparison? */
export function opensTypeArguments(c: Cursor, at: number): boolean {
  if (c.token(at).kind !== '<') return false;
  const scan = scanTypeArguments(c, at);
  if (scan === undefined) return false;
  return scan.definite || AFTER_TYPE_ARGUMENTS.has(c.token(scan.next).kind);
}

const CAST_OPERAND: ReadonlySet<string> = new Set(
  (
    '( ! ~ identifier literal interpolated base checked default delegate false new null sizeof stackalloc static this throw true typeof ' +
    'unchecked ref ' +
    [...PREDEFINED_TYPES].join(' ')
  ).split(' '),
);

/** At `(`: is this a cast? `(A)b` is one, `(A)-b` is a subtraction, `(int)-b` a cast. */
export function looksLikeCast(c: Cursor): boolean {
  const type = scanType(c, c.position + 1);
  if (type === undefined || c.token(type.next).kind !== ')') return false;
  if (type.look === 'must' || type.look === 'nullable') return true;
  const operand = c.token(type.next + 1);
  if (operand.kind === 'identifier' && c.inQuery && QUERY_WORDS.has(operand.text)) return false;
  return CAST_OPERAND.has(operand.kind);
}

/** Words that end an expression inside a query. */
export const QUERY_WORDS: ReadonlySet<string> = new Set(
  'from where select group into orderby join let in on equals by ascending descending'.split(' '),
);

/** Does a lambda start here: `x =>`, `(…) =>`, with `async` or `static` before it? */
export function looksLikeLambda(c: Cursor): boolean {
  let at = c.position;
  while (c.token(at).kind === 'static' || (isAsync(c, at) && c.token(at + 1).kind !== '=>')) at++;
  const token = c.token(at);
  if (token.kind === 'identifier') return c.token(at + 1).kind === '=>';
  if (token.kind !== '(') return false;
  return parenthesizedParameters(c, at);
}

function isAsync(c: Cursor, at: number): boolean {
  const token = c.token(at);
  return token.kind === 'identifier' && token.text === 'async' && token.verbatim !== true;
}

/** Scans only what may stand in a parameter list, so that deep parentheses cost no more than their own length. */
function parenthesizedParameters(c: Cursor, at: number): boolean {
  let next = at + 1;
  if (c.token(next).kind === ')') return c.token(next + 1).kind === '=>';
  for (;;) {
    const kind = c.token(next).kind;
    if (kind === 'ref' || kind === 'out' || kind === 'in' || kind === 'params') next++;
    const type = scanType(c, next);
    if (type === undefined) return false;
    next = c.token(type.next).kind === 'identifier' ? type.next + 1 : type.next;
    const after = c.token(next).kind;
    if (after === ')') return c.token(next + 1).kind === '=>';
    if (after !== ',') return false;
    next++;
  }
}

/** A designation at `at`: `x`, or `(x, (y, _))` where `parts` allows it; gives the index behind it. */
export function scanDesignation(c: Cursor, at: number, parts: boolean, depth = 0): number | undefined {
  if (c.token(at).kind === 'identifier') return at + 1;
  if (!parts || c.token(at).kind !== '(' || depth > MAX_SCAN_DEPTH) return undefined;
  let next = at;
  do {
    const part = scanDesignation(c, next + 1, true, depth + 1);
    if (part === undefined) return undefined;
    next = part;
  } while (c.token(next).kind === ',');
  return c.token(next).kind === ')' ? next + 1 : undefined;
}

const STARTS_EXPRESSION: ReadonlySet<string> = new Set(
  (
    'typeof default sizeof base false this true new null delegate checked unchecked ( literal interpolated ref throw stackalloc .. ' +
    'identifier + - ! ~ ++ -- & * ^ ' +
    [...PREDEFINED_TYPES].filter((t) => t !== 'void').join(' ')
  ).split(' '),
);
const BINARY_STARTS: ReadonlySet<string> = new Set('% << | && || ?? == != < > <= >= is as / = += -= *= /= %= &= |= ^= <<= ??='.split(' '));

/** Can this token start an expression? Operators count too, their left side is then missing. */
export function isPossibleExpression(kind: string): boolean {
  return STARTS_EXPRESSION.has(kind) || BINARY_STARTS.has(kind);
}

/** Can this token start an expression that lacks nothing? */
export function canStartExpression(kind: string): boolean {
  return STARTS_EXPRESSION.has(kind);
}
