/** The signatures of the method whose arguments are being written. */
import type { ExpressionEngine } from '../csharp/compile.ts';
import { IMPORTED_NAMESPACES } from '../csharp/types/keywords.ts';
import { offers } from '../csharp/types/member-names.ts';
import type { FoundMember } from '../csharp/types/table.ts';
import type { Constructor, Method, Type, TypeDefinition } from '../csharp/types/type.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import { bindCode, expressionBetween } from './code-model.ts';
import { operandBefore } from './operand.ts';
import { placeAt } from './place.ts';

export interface Signature {
  readonly label: string;
  /** Names and types as they stand in the label, in order. */
  readonly parameters: readonly string[];
}

export interface Signatures {
  readonly signatures: readonly Signature[];
  /** Of the first signature with so many parameters. */
  readonly active: number;
  readonly parameter: number;
}

export function signaturesAt(document: PolicyDocument, offset: number, engine: ExpressionEngine): Signatures | undefined {
  const place = placeAt(document, offset);
  if (place.kind !== 'code') return undefined;
  const call = openCall(place.code.slice(0, place.offset));
  if (call === undefined) return undefined;
  const rest = place.code.slice(place.offset);
  const methods = methodsOf(place.code.slice(0, call.at), rest, place.form, engine);
  if (methods.length === 0) return undefined;
  const signatures = methods.map(({ method, receiver }) => signatureOf(method, receiver));
  const fitting = signatures.findIndex(({ parameters }) => parameters.length > call.commas);
  return { signatures, active: Math.max(fitting, 0), parameter: call.commas };
}

/** The bracket that is open at the end of a text, and the commas behind it. */
function openCall(code: string): { readonly at: number; readonly commas: number } | undefined {
  const text = withoutTexts(code);
  let depth = 0;
  let commas = 0;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const character = text[at] ?? '';
    if (')]}'.includes(character)) depth += 1;
    else if (depth > 0 && '([{'.includes(character)) depth -= 1;
    else if (character === '(') return /[\w>]\s*$/.test(text.slice(0, at)) ? { at, commas } : undefined;
    else if (depth === 0 && '{;'.includes(character)) return undefined;
    else if (depth === 0 && character === ',') commas += 1;
  }
  return undefined;
}

/** Strings and comments become blanks of the same length. */
function withoutTexts(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|@"(?:[^"]|"")*"|\$?"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)'/g, (text) =>
    ' '.repeat(text.length),
  );
}

type Callable = Method | Constructor;

interface Found {
  readonly method: Callable;
  /** Extension methods show no receiver. */
  readonly receiver: boolean;
}

function methodsOf(before: string, rest: string, form: 'single' | 'multi', engine: ExpressionEngine): Found[] {
  const { types } = engine;
  const created = /\bnew\s+([\w.]+)(?:<[^()]*>)?\s*$/.exec(before)?.[1];
  if (created !== undefined)
    return constructorsOf(types.find(created, 0, IMPORTED_NAMESPACES)[0] ?? types.find(created, 1, IMPORTED_NAMESPACES)[0]);
  const name = /(\w+)\s*(?:<[^()]*>)?\s*$/.exec(before);
  const dot = name ? /\??\.\s*$/.exec(before.slice(0, name.index)) : null;
  if (!name || !dot) return [];
  const operand = operandBefore(before.slice(0, dot.index));
  const type = receiverType(before.slice(0, dot.index), operand, rest, form, engine);
  if (type) return instanceMethods(type, name[1] ?? '', engine);
  const [definition] = types.find(operand.trim(), 0, IMPORTED_NAMESPACES);
  return definition === undefined ? [] : named(definition, name[1] ?? '').map((method) => ({ method, receiver: true }));
}

function constructorsOf(definition: TypeDefinition | undefined): Found[] {
  return definition === undefined ? [] : named(definition, '.ctor').map((method) => ({ method, receiver: true }));
}

function named(definition: TypeDefinition, name: string): Callable[] {
  return definition.membersNamed(name).filter((member) => member.kind === 'method' || member.kind === 'constructor');
}

/** The text up to the dot is bound with a stand-in for the call that is not finished. */
function receiverType(before: string, operand: string, rest: string, form: 'single' | 'multi', engine: ExpressionEngine): Type | undefined {
  const end = form === 'multi' ? ';' : '';
  const closers = '}'.repeat(Math.max(0, count(before, '{') - count(before, '}')));
  for (const tail of [`.GetType()${end}${rest.replace(/^[^;]*;?/, '')}`, `.GetType()${end}${closers}`, `.GetType()${')'.repeat(8)}`]) {
    const program = bindCode(`${before}${tail}`, form, engine);
    const found = program && expressionBetween(program, before.length - operand.length - 1, before.trimEnd().length);
    if (found && found.type.kind !== 'special') return found.type;
  }
  return undefined;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function instanceMethods(type: Type, name: string, engine: ExpressionEngine): Found[] {
  const { types } = engine;
  const offered = offers(engine.anyMember);
  const isMethod = (found: FoundMember): found is FoundMember & { readonly member: Method } => found.member.kind === 'method';
  const own = types.lookup(type, name).filter(isMethod).filter(offered);
  const extensions = types.extensionMethods(name).filter((method) => takes(method, type, engine));
  return [...own.map(({ member }) => ({ method: member, receiver: true })), ...extensions.map((method) => ({ method, receiver: false }))];
}

function takes({ parameters, typeParameters }: Method, type: Type, { types }: ExpressionEngine): boolean {
  const wanted = parameters[0]?.type;
  if (wanted === undefined) return false;
  if (wanted.kind !== 'named' || typeParameters.length === 0) return types.isAssignable(type, wanted);
  return [type, ...types.interfacesOf(type)].some((each) => each.kind === 'named' && each.definition === wanted.definition);
}

/** The label is the declaration as written; its parameters are found again in it. */
function signatureOf({ signature, parameters }: Callable, receiver: boolean): Signature {
  const open = signature.indexOf('(');
  const parts = splitParameters(signature.slice(open + 1, signature.lastIndexOf(')')));
  const shown = receiver || parameters.length === 0 ? parts : parts.slice(1);
  return { label: `${signature.slice(0, open)}(${shown.join(', ')})`, parameters: shown };
}

/** At commas that stand in no type argument. */
function splitParameters(text: string): string[] {
  if (text.trim() === '') return [];
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if ('<(['.includes(character)) depth += 1;
    else if ('>)]'.includes(character)) depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return [...parts, text.slice(from).trim()];
}
