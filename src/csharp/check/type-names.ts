/** Type names: keywords, simple and qualified names, generics, nested types, arrays, tuples, nullables. */
import type { Span } from '../../source/span.ts';
import type { ArrayTypeSyntax, NamedTypeSyntax, NullableTypeSyntax, TupleTypeSyntax, TypeSyntax } from '../syntax/ast.ts';
import { IMPORTED_NAMESPACES } from '../types/keywords.ts';
import { isError, isNullable, isValueType } from '../types/kinds.ts';
import { nearestName } from '../types/permission.ts';
import type { Type, TypeDefinition } from '../types/type.ts';
import type { Binder } from './context.ts';
import * as fault from './faults.ts';
import { permitType } from './permissions.ts';

type Part = NamedTypeSyntax['parts'][number];

/** The type that a piece of syntax names; the error type after a report. `var` is the caller's business. */
export function bindType(b: Binder, syntax: TypeSyntax): Type {
  switch (syntax.kind) {
    case 'namedType':
      return bindNamed(b, syntax);
    case 'arrayType':
      return bindArray(b, syntax);
    case 'nullableType':
      return bindNullable(b, syntax);
    case 'tupleType':
      return bindTuple(b, syntax);
    case 'varType':
      b.report(syntax.span, fault.unknownType('var'));
      return b.error;
  }
}

/** The same, or undefined and no report when there is no such type: for names that may be something else. */
export function findType(b: Binder, syntax: TypeSyntax): Type | undefined {
  const before = b.faults;
  b.faults = [];
  bindType(b, syntax);
  const failed = b.faults.some((each) => each.code.startsWith('CS'));
  b.faults = before;
  if (failed) return undefined;
  return bindType(b, syntax);
}

function bindArray(b: Binder, syntax: ArrayTypeSyntax): Type {
  const element = bindType(b, syntax.element);
  return isError(element) ? element : b.types.array(element, syntax.rank);
}

function bindNullable(b: Binder, syntax: NullableTypeSyntax): Type {
  const element = bindType(b, syntax.element);
  if (isError(element)) return element;
  if (isValueType(element) && !isNullable(element)) return b.types.nullable(element);
  if (element.kind !== 'typeParameter') {
    const language = {
      code: 'CS8370',
      message: "Feature 'nullable reference types' is not available in C# 7.3. Please use language version 8.0 or greater.",
    };
    b.report(
      { start: syntax.span.end - 1, end: syntax.span.end },
      isNullable(element) ? fault.nonNullableRequired(b.show(element)) : language,
    );
  } else b.report(syntax.span, fault.nonNullableRequired(b.show(element)));
  return b.error;
}

function bindTuple(b: Binder, syntax: TupleTypeSyntax): Type {
  const elements = syntax.elements.map((element) => bindType(b, element.type));
  if (elements.some(isError)) return b.error;
  return b.types.tuple(
    elements,
    syntax.elements.map((element) => element.name?.text),
  );
}

function bindNamed(b: Binder, syntax: NamedTypeSyntax): Type {
  const [first] = syntax.parts;
  if (first === undefined || first.name.text === '') return b.error;
  if (syntax.predefined) return first.name.text === 'void' ? b.void : b.type(first.name.text);
  const parameter = syntax.parts.length === 1 ? b.scope.findTypeParameter(first.name.text) : undefined;
  const type = parameter ?? resolveParts(b, syntax.parts, syntax.span);
  if (type !== undefined) permitType(b, type, syntax.span);
  return type ?? b.error;
}

function resolveParts(b: Binder, parts: readonly Part[], at: Span): Type | undefined {
  let namespace = '';
  for (const [index, part] of parts.entries()) {
    const name = namespace === '' ? part.name.text : `${namespace}.${part.name.text}`;
    const type = namespace === '' ? simpleType(b, part) : qualifiedType(b, name, part);
    if (type !== undefined) return nestedTypes(b, type, parts.slice(index + 1));
    if (!b.types.isNamespace(name)) return refusePart(b, part, namespace, parts.length - index - 1);
    namespace = name;
  }
  b.report(at, fault.usedLikeType(namespace, 'namespace', 'type'));
  return undefined;
}

function refusePart(b: Binder, part: Part, namespace: string, behind: number): undefined {
  const { text, span } = part.name;
  if (text === 'dynamic' && namespace === '' && behind === 0) b.report(span, fault.dynamicRefused());
  else if (namespace !== '') b.report(span, fault.unknownInNamespace(text, namespace));
  else if (/^nu?int$/.test(text) && behind === 0) b.report(span, fault.nativeIntegers());
  else b.report(span, fault.unknownType(shownPart(part), nearestType(b, text)));
  return undefined;
}

/** `Foo<>`, as the compiler names a generic type that it does not know. */
function shownPart(part: Part): string {
  const count = part.typeArguments?.length ?? 0;
  return count === 0 ? part.name.text : `${part.name.text}<${','.repeat(count - 1)}>`;
}

function nearestType(b: Binder, name: string): string | undefined {
  const names: string[] = [];
  for (const definition of b.types.definitions) {
    if (definition.containing === undefined && isImported(definition) && definition.listed !== 'none') names.push(definition.name);
  }
  return nearestName(name, names);
}

function isImported(definition: TypeDefinition): boolean {
  return definition.namespace === '' || IMPORTED_NAMESPACES.includes(definition.namespace);
}

/** A type by simple name in the imported namespaces; reports a wrong number of type arguments. */
export function simpleType(b: Binder, part: Part): Type | undefined {
  const arity = part.typeArguments?.length ?? 0;
  const found = b.types
    .find(part.name.text, arity, IMPORTED_NAMESPACES)
    .filter((each) => each.containing === undefined && each.name === part.name.text);
  const visible = found.filter(isImported);
  const [first, second] = preferOwn(visible);
  if (first === undefined)
    return wrongArity(b, part, (count) => b.types.find(part.name.text, count, IMPORTED_NAMESPACES).filter(isImported)[0]);
  if (second !== undefined) b.report(part.name.span, fault.ambiguousType(part.name.text, first.fullName, second.fullName));
  return constructPart(b, first, part, []);
}

/** APIM's own types stand in the global namespace: they win over imported ones. */
function preferOwn(found: readonly TypeDefinition[]): readonly TypeDefinition[] {
  const own = found.filter((each) => each.namespace === '');
  return own.length > 0 ? own : found;
}

const LARGEST_ARITY = 17;

function wrongArity(b: Binder, part: Part, lookUp: (count: number) => TypeDefinition | undefined): Type | undefined {
  for (let count = 0; count <= LARGEST_ARITY; count += 1) {
    const found = lookUp(count);
    if (found === undefined || found.name !== part.name.text || found.containing !== undefined) continue;
    const shown = b.show(b.types.construct(found, found.typeParameters));
    b.report(part.name.span, count === 0 ? fault.notGenericType(shown) : fault.wrongTypeArgumentCount(shown, count));
    return b.error;
  }
  return undefined;
}

export function qualifiedType(b: Binder, fullName: string, part: Part): Type | undefined {
  const definition = b.types.definition(fullName, part.typeArguments?.length ?? 0);
  if (definition !== undefined) return constructPart(b, definition, part, []);
  return wrongArity(b, part, (count) => b.types.definition(fullName, count));
}

/** `TimeZoneInfo.AdjustmentRule`, `Dictionary<string, int>.KeyCollection`. */
function nestedTypes(b: Binder, outer: Type, parts: readonly Part[]): Type | undefined {
  let type: Type = outer;
  for (const part of parts) {
    const inner = nestedType(b, type, part);
    if (inner === undefined) {
      b.report(part.name.span, fault.unknownNestedType(part.name.text, b.show(type)));
      return undefined;
    }
    type = inner;
  }
  return type;
}

export function nestedType(b: Binder, outer: Type, part: Part): Type | undefined {
  if (outer.kind !== 'named') return undefined;
  const { fullName, typeParameters } = outer.definition;
  const arity = (part.typeArguments?.length ?? 0) + typeParameters.length;
  const definition = b.types.definition(`${fullName}.${part.name.text}`, arity);
  return definition === undefined ? undefined : constructPart(b, definition, part, outer.typeArguments);
}

function constructPart(b: Binder, definition: TypeDefinition, part: Part, outer: readonly Type[]): Type {
  const given = part.typeArguments ?? [];
  if (given.length > 0 && given.every((each) => each === undefined)) return b.types.construct(definition, definition.typeParameters);
  const own = given.map((each) => (each === undefined ? b.error : bindType(b, each)));
  return own.some(isError) ? b.error : b.types.construct(definition, [...outer, ...own]);
}

export function bindTypeArguments(b: Binder, given: readonly TypeSyntax[] | undefined): readonly Type[] | undefined {
  return given?.map((each) => bindType(b, each));
}
