/** One value of the document: named values filled in, literals checked against their type, expressions compiled. */
import type { CompileResult } from '../csharp/compile.ts';
import type { AttributeDeclaration, ValueDeclaration } from '../policies/definition.ts';
import * as faults from '../policies/faults.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { Span } from '../source/span.ts';
import type { Value } from '../xml/tree.ts';
import { type PlaceContext, type ReadsSoFar, report, withoutSecrets } from './context.ts';
import type { PolicyEnvironment } from './environment.ts';
import type { CompiledValue } from './inputs.ts';
import { type Substituted, substitute } from './named-values.ts';

export interface ValueRequest {
  readonly declaration: ValueDeclaration & Pick<Partial<AttributeDeclaration>, 'late'>;
  /** How messages call it: an attribute's or element's name. */
  readonly what: string;
  readonly place: PlaceContext;
  readonly reads: ReadsSoFar;
  /** Literal text is kept as written instead of trimmed (bodies). */
  readonly keepBlanks?: boolean;
}

/** Compiles a value; undefined after an error that was reported. */
export function compileValue(value: Value, request: ValueRequest): CompiledValue | undefined {
  const { place } = request;
  const filled = substitute(value, place.document.environment);
  for (const secret of filled.secrets) place.document.secrets.add(secret);
  const missing = filled.assumed ? missingValues(filled, place.document.environment) : [];
  if (missing.length > 0) return missingNamedValue(missing, request);
  if (filled.value.kind === 'literal') return literalValue(filled, request);
  return expressionValue(value, filled, request);
}

/** References for which nothing can be assumed. */
function missingValues({ unknown }: Substituted, { standalone, assumesValues, withoutValue }: PolicyEnvironment): Substituted['unknown'] {
  if (standalone) return [];
  return assumesValues ? unknown.filter(({ name }) => !withoutValue?.has(name)) : unknown;
}

function missingNamedValue(missing: Substituted['unknown'], { place }: ValueRequest): undefined {
  const { namedValues, withoutValue = new Set() } = place.document.environment;
  const known = [...namedValues.keys(), ...withoutValue];
  for (const { name, span } of missing) {
    const fault = withoutValue.has(name) ? faults.namedValueWithoutValue(name) : faults.unknownNamedValue(name, known);
    report(place.document, place.file, span, fault);
  }
  return undefined;
}

function literalValue(filled: Substituted, request: ValueRequest): CompiledValue | undefined {
  const { declaration, what, place } = request;
  const text = filled.value.text.text;
  const literal = request.keepBlanks ? text : text.trim();
  const fault = filled.assumed ? undefined : literalFault(literal, declaration, what);
  if (fault) report(place.document, place.file, filled.value.span, fault);
  return fault ? undefined : { literal: canonical(literal, declaration), expression: undefined, code: '' };
}

/** Policies read `true` and `false`, and words whose case makes no difference, in one form, however the document writes them. */
function canonical(literal: string, declaration: ValueDeclaration): string {
  const { type } = declaration;
  if (type === 'enum') return valueNamed(literal, declaration) ?? literal;
  return type === 'boolean' || type === 'condition' ? (BOOLEANS.get(literal.toLowerCase()) ?? literal) : literal;
}

function valueNamed(text: string, { values = [], anyCase }: ValueDeclaration): string | undefined {
  return values.find((value) => value === text || (anyCase === true && value.toLowerCase() === text.toLowerCase()));
}

/** What is wrong with a literal of that type, if anything. */
function literalFault(text: string, declaration: ValueDeclaration, what: string): faults.Fault | undefined {
  switch (declaration.type) {
    case 'integer':
      return /^[+-]?\d{1,18}$/.test(text) ? rangeFault(text, declaration, what) : faults.notInteger(what, text);
    case 'number':
      return /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text) ? rangeFault(text, declaration, what) : faults.notNumber(what, text);
    case 'boolean':
    case 'condition':
      return BOOLEANS.has(text.toLowerCase()) ? undefined : faults.notBoolean(what, text);
    case 'enum':
      return valueNamed(text, declaration) === undefined ? faults.notOneOf(what, text, declaration.values ?? []) : undefined;
    default:
      return undefined;
  }
}

/** xs:boolean, and `True` as .NET writes it and older reference pages do (check-header). */
const BOOLEANS: ReadonlyMap<string, string> = new Map([
  ['true', 'true'],
  ['1', 'true'],
  ['false', 'false'],
  ['0', 'false'],
]);

function rangeFault(text: string, { min, max }: ValueDeclaration, what: string): faults.Fault | undefined {
  const number = Number(text);
  const fits = (min === undefined || number >= min) && (max === undefined || number <= max);
  return fits ? undefined : faults.outOfRange(what, text, min, max);
}

function expressionValue(original: Value, filled: Substituted, request: ValueRequest): CompiledValue | undefined {
  const { declaration, what, place } = request;
  if (!declaration.expressions) {
    report(place.document, place.file, filled.value.span, faults.expressionNotAllowed(what));
    return undefined;
  }
  if (filled.value.text.text.trim() === '') {
    report(place.document, place.file, filled.value.span, faults.emptyExpression());
    return undefined;
  }
  const result = filled.assumed ? compileAssumed(original, request) : compile(filled.value, request);
  place.document.diagnostics.push(
    ...(filled.secrets.length > 0 ? result.diagnostics.map((one) => hideSecret(one, place)) : result.diagnostics),
  );
  const { expression } = result;
  if (!expression) return undefined;
  if (!declaration.late) {
    request.reads.request ||= expression.reads.request;
    request.reads.response ||= expression.reads.response;
  }
  return { literal: undefined, expression, code: filled.value.text.text };
}

/** A secret that became code may come back piece by piece in what the compiler says about it. */
function hideSecret(diagnostic: Diagnostic, { document }: PlaceContext): Diagnostic {
  const { file, span } = diagnostic;
  if (!file.text.slice(span.start, span.end).includes('{{')) return withoutSecrets(diagnostic, document.secrets);
  const { help: _help, ...rest } = diagnostic;
  return { ...rest, message: 'the value of a secret named value does not compile here' };
}

function compile(value: Value, { declaration, place }: ValueRequest): CompileResult {
  const { environment } = place.document;
  const kind = value.kind === 'multi' ? 'multi' : 'single';
  return environment.compileExpression(value.text, kind, environment.engine, declaration.type === 'condition' ? 'bool' : 'object');
}

/** Texts tried for a named value that is only assumed to exist: a name, a number, a bool, a string. */
const STAND_INS = ['value', '0', 'true', '"0"'];

/**
 * Compiles an expression that mentions named values nobody gave: the first stand-in that compiles is taken. When none does,
 * an error that touches a stand-in says nothing about the document and is left out.
 */
function compileAssumed(value: Value, request: ValueRequest): CompileResult {
  let first: CompileResult | undefined;
  for (const standIn of STAND_INS) {
    const filled = substitute(value, request.place.document.environment, standIn);
    const result = compile(filled.value, request);
    if (result.expression) return result;
    first ??= { diagnostics: result.diagnostics.some((d) => touches(d, filled.unknown)) ? [] : result.diagnostics };
  }
  return first ?? { diagnostics: [] };
}

function touches(diagnostic: Diagnostic, places: readonly { readonly span: Span }[]): boolean {
  return places.some(({ span }) => diagnostic.span.start <= span.end && diagnostic.span.end >= span.start);
}
