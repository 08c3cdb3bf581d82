/** Local variables, constants and functions (ECMA-334, 13.6). */
import { span } from '../../source/span.ts';
import type {
  ArrayCreation,
  Block,
  Declarator,
  Expression,
  FunctionParameter,
  LocalDeclaration,
  LocalFunction,
  Name,
  Statement,
  TypeSyntax,
} from './ast.ts';
import { parseBlock } from './blocks.ts';
import { parseArrayInitializer, parseStackArray } from './creation.ts';
import type { Cursor } from './cursor.ts';
import { parseExpressionNode } from './expressions.ts';
import {
  arraySizeInDeclaration,
  badArrayDeclarator,
  badModifier,
  constNeedsValue,
  expected,
  featureUnavailable,
  syntaxError,
} from './faults.ts';
import { scanType } from './scan.ts';
import type { Token } from './token.ts';
import { PREDEFINED_TYPES } from './token.ts';
import { parseType } from './types.ts';

const MODIFIERS: ReadonlySet<string> = new Set(
  'const static readonly volatile extern abstract sealed public private protected internal unsafe'.split(' '),
);

/** Decides between a declaration and an expression (ECMA-334, 13.6.2 and the compiler's look-ahead). */
export function isPossibleLocalDeclaration(c: Cursor): boolean {
  const kind = c.current.kind;
  if (MODIFIERS.has(kind)) return true;
  if (kind === 'ref') return scanType(c, c.position + (c.peek(1).kind === 'readonly' ? 2 : 1)) !== undefined;
  if (PREDEFINED_TYPES.has(kind)) return c.peek(1).kind !== '.' && c.peek(1).kind !== '(';
  if (c.isWord('async') && startsAsyncFunction(c)) return true;
  if (kind !== 'identifier' && kind !== '(') return false;
  if (c.isWord('await') && c.peek(1).kind === 'identifier') return declaresAwait(c);
  return typeThenName(c);
}

function typeThenName(c: Cursor): boolean {
  const type = scanType(c, c.position);
  if (type === undefined) return false;
  const next = c.token(type.next).kind;
  if (type.look === 'must' && next !== '.' && next !== '(') return true;
  if (next !== 'identifier') return false;
  // `a ? b : c;` is a conditional expression, `a? b = c;` a declaration.
  return type.look !== 'nullable' || c.token(type.next + 1).kind !== ':';
}

function startsAsyncFunction(c: Cursor): boolean {
  const type = scanType(c, c.position + 1);
  return type !== undefined && c.token(type.next).kind === 'identifier';
}

/** A variable of a type called `await` is declared only where nothing else is possible. */
function declaresAwait(c: Cursor): boolean {
  const behind = c.peek(2).kind;
  return behind === '=' || behind === ';' || behind === ',';
}

/** Reads what `isPossibleLocalDeclaration` found. */
export function parseLocalFunctionOrDeclaration(c: Cursor): Statement {
  const start = c.current.start;
  const modifiers = parseModifiers(c);
  const isConst = modifiers.some((modifier) => modifier.kind === 'const');
  const isRef = c.accept('ref') !== undefined;
  const isReadonly = isRef && c.accept('readonly') !== undefined;
  const type = parseType(c);
  if (!isConst && isLocalFunction(c)) {
    const declared = parseLocalFunction(c, start, type, modifiers);
    return isRef ? { ...declared, returnsRef: isReadonly ? 'readonly' : 'ref' } : declared;
  }
  for (const modifier of modifiers) if (modifier.kind !== 'const') c.report(badModifier(modifier.text), span(modifier.start, modifier.end));
  const declared = finishDeclaration(c, start, type, isConst);
  return isRef ? { ...declared, isRef: true, ...(isReadonly ? { isReadonly } : {}) } : declared;
}

function parseModifiers(c: Cursor): readonly Token[] {
  const modifiers: Token[] = [];
  while (MODIFIERS.has(c.current.kind) || (c.isWord('async') && c.peek(1).kind !== '=')) modifiers.push(c.advance());
  return modifiers;
}

function isLocalFunction(c: Cursor): boolean {
  if (!c.is('identifier')) return false;
  const next = c.peek(1).kind;
  return next === '(' || next === '<';
}

/** Reads `type name = value, …;`. */
export function parseLocalDeclaration(c: Cursor, start: number): LocalDeclaration {
  return finishDeclaration(c, start, parseType(c), false);
}

function finishDeclaration(c: Cursor, start: number, type: TypeSyntax, isConst: boolean): LocalDeclaration {
  const declarators = parseVariables(c, type.kind !== 'varType');
  if (isConst) reportMissingValues(c, declarators);
  c.expect(';');
  return { kind: 'localDeclaration', type, isConst, declarators, span: c.since(start) };
}

function reportMissingValues(c: Cursor, declarators: readonly Declarator[]): void {
  for (const { name, initializer } of declarators) {
    if (initializer === undefined && name.text !== '') c.report(constNeedsValue(), name.span);
  }
}

/** Reads `a = 1, b`; `typed` when the type is written, and a `stackalloc` therefore not a pointer. */
export function parseVariables(c: Cursor, typed: boolean): readonly Declarator[] {
  const declarators = [parseDeclarator(c, typed)];
  while (c.accept(',') !== undefined) declarators.push(parseDeclarator(c, typed));
  return declarators;
}

function parseDeclarator(c: Cursor, typed: boolean): Declarator {
  const name = c.identifier();
  skipArrayBrackets(c);
  if (c.accept('=') === undefined) return { name, span: c.since(name.span.start) };
  const initializer = parseInitializer(c, typed);
  return { name, initializer, span: c.since(name.span.start) };
}

function skipSize(c: Cursor): void {
  if (c.accept(',') !== undefined) return;
  const before = c.position;
  const size = parseExpressionNode(c);
  c.report(arraySizeInDeclaration(), size.span);
  if (c.position === before) c.advance();
}

function parseInitializer(c: Cursor, typed: boolean): Expression {
  if (c.is('{')) return parseBareArray(c);
  return typed && c.is('stackalloc') ? parseStackArray(c) : parseExpressionNode(c);
}

/** `int a[]` as C writes it. */
function skipArrayBrackets(c: Cursor): void {
  if (!c.is('[')) return;
  const open = c.advance();
  c.report(badArrayDeclarator(), span(open.start, open.end));
  while (!c.is(']') && !c.is(';') && !c.is('=') && !c.is('end')) skipSize(c);
  c.expect(']');
}

/** `int[] a = { 1, 2 }`. */
function parseBareArray(c: Cursor): ArrayCreation {
  const initializer = parseArrayInitializer(c);
  return { kind: 'arrayCreation', sizes: [], rank: 1, initializer, span: initializer.span };
}

function parseLocalFunction(c: Cursor, start: number, returnType: TypeSyntax, modifiers: readonly Token[]): LocalFunction {
  reportModifiers(c, modifiers);
  const name = c.identifier();
  const typeParameters = c.is('<') ? parseTypeParameters(c) : [];
  const parameters = parseParameters(c);
  skipConstraints(c);
  const body = parseFunctionBody(c);
  const names = modifiers.map((token) => ({ text: token.text, span: span(token.start, token.end) }));
  return { kind: 'localFunction', name, typeParameters, returnType, parameters, body, modifiers: names, span: c.since(start) };
}

/** Only `async` and `unsafe` are modifiers of local functions in C# 7.3; `static` came with C# 8, `extern` with C# 9. */
function reportModifiers(c: Cursor, modifiers: readonly Token[]): void {
  for (const token of modifiers) {
    const place = span(token.start, token.end);
    if (token.kind === 'static') c.report(featureUnavailable('static local functions', '8.0'), place);
    else if (token.kind === 'extern') c.report(featureUnavailable('extern local functions', '9.0'), place);
    else if (token.text !== 'async') c.report(badModifier(token.text), place);
  }
}

function parseTypeParameters(c: Cursor): readonly Name[] {
  c.advance();
  const names: Name[] = [];
  do names.push(c.identifier());
  while (c.accept(',') !== undefined);
  c.expect('>');
  return names;
}

function parseParameters(c: Cursor): readonly FunctionParameter[] {
  const parameters: FunctionParameter[] = [];
  c.expect('(');
  while (!c.is(')') && !c.is('end') && !c.is('{') && !c.is(';')) {
    if (parameters.length > 0 && c.expect(',') === undefined) break;
    parameters.push(parseParameter(c));
  }
  c.expect(')');
  return parameters;
}

function parseParameter(c: Cursor): FunctionParameter {
  const start = c.current.start;
  const modifier = parseParameterModifier(c);
  const type = parseType(c);
  const name = c.identifier();
  const defaultValue = c.accept('=') === undefined ? undefined : parseExpressionNode(c);
  return { name, type, ...(modifier && { modifier }), ...(defaultValue && { defaultValue }), span: c.since(start) };
}

function parseParameterModifier(c: Cursor): FunctionParameter['modifier'] {
  const kind = c.current.kind;
  if (kind !== 'ref' && kind !== 'out' && kind !== 'in' && kind !== 'params') return undefined;
  c.advance();
  return kind;
}

const CONSTRAINT_END: ReadonlySet<string> = new Set(['{', '=>', ';', 'end', '}']);

/** `where T : …` narrows what a caller may pass; the checker infers type arguments without it. */
function skipConstraints(c: Cursor): void {
  if (!c.isWord('where')) return;
  while (!CONSTRAINT_END.has(c.current.kind)) c.advance();
}

function parseFunctionBody(c: Cursor): Block | Expression {
  if (c.is('{')) return parseBlock(c);
  if (c.accept('=>') === undefined) {
    c.reportMissing(c.is(';') ? syntaxError('=>') : expected('{'));
    c.accept(';');
    return { kind: 'block', statements: [], span: c.missing().span };
  }
  const expression = parseExpressionNode(c);
  c.expect(';');
  return expression;
}
