/** A GraphQL request taken apart and checked against a schema: document, depth, rules by type and field. The library loads at the first request. */
import type { ASTNode, DocumentNode, FieldNode, GraphQLError, GraphQLSchema, SelectionNode, SelectionSetNode } from 'graphql';
import { errorText } from '../../source/error-text.ts';
import type { GraphqlLibrary } from './graphql-library.ts';

/** As the specification's response has it. */
export interface RequestError {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly path?: readonly (string | number)[];
  readonly extensions?: object;
}

/** Most tokens of a document that are read. */
const MOST_TOKENS = 20_000;

export type RuleAction = 'allow' | 'remove' | 'reject' | 'ignore';

/** The action for a field by the paths that name it; undefined when no rule decides. */
export type Decide = (paths: readonly string[]) => Exclude<RuleAction, 'ignore'> | undefined;

export type Checked =
  | { readonly kind: 'refused'; readonly errors: readonly RequestError[] }
  /** `query` is the document without removed fields; undefined when nothing was removed. */
  | { readonly kind: 'accepted'; readonly query: string | undefined; readonly errors: readonly RequestError[] };

/** Bounds of a document; infinite for none. */
export interface QueryLimits {
  /** Levels of fields. */
  readonly depth: number;
  /** Levels of all top fields together. */
  readonly totalDepth: number;
  /** Fields, those of a fragment each time it is used. */
  readonly fields: number;
}

export class GraphqlChecker {
  readonly #library: GraphqlLibrary;
  readonly #schema: GraphQLSchema;

  /** Throws an Error for a schema that cannot be read. */
  constructor(library: GraphqlLibrary, definition: string) {
    this.#library = library;
    this.#schema = library.buildSchema(definition);
  }

  check(query: string, limits: QueryLimits, decide: Decide): Checked {
    const { parse, validate } = this.#library;
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: MOST_TOKENS });
    } catch (error) {
      return { kind: 'refused', errors: [errorOf(error)] };
    }
    const invalid = validate(this.#schema, document, undefined, { maxErrors: 20 });
    if (invalid.length > 0) return { kind: 'refused', errors: invalid.map(errorOf) };
    const message = new DepthCounter(document).problem(limits);
    if (message !== undefined) return { kind: 'refused', errors: [{ message }] };
    return this.#authorize(document, decide);
  }

  /** Fields that a rule removes are cut out; the first that a rule rejects ends it all. */
  #authorize(document: DocumentNode, decide: Decide): Checked {
    const { TypeInfo, visit, visitWithTypeInfo, print, isObjectType } = this.#library;
    const info = new TypeInfo(this.#schema);
    const removed: RequestError[] = [];
    const rejected: RequestError[] = [];
    const enter = (field: FieldNode): null | undefined => {
      const parent = info.getParentType();
      // The policy's page: rules speak of fields of object types, not of interfaces and unions.
      if (!isObjectType(parent)) return undefined;
      const action = decide(pathsOf(parent.name, field.name.value));
      if (action !== 'remove' && action !== 'reject') return undefined;
      (action === 'remove' ? removed : rejected).push(notAuthorized(parent.name, field));
      return null;
    };
    const edited = visit(document, visitWithTypeInfo(info, { Field: { enter }, SelectionSet: { leave: neverEmpty } }));
    if (rejected.length > 0) return { kind: 'refused', errors: rejected };
    return { kind: 'accepted', query: removed.length === 0 ? undefined : print(this.#withoutUnused(edited)), errors: removed };
  }

  /** Variables and fragments that only removed fields used would make the document wrong. */
  #withoutUnused(document: DocumentNode): DocumentNode {
    const { visit } = this.#library;
    let current = document;
    for (;;) {
      const fragments = namesIn(this.#library, current, 'FragmentSpread');
      const kept = current.definitions.filter((one) => one.kind !== 'FragmentDefinition' || fragments.has(one.name.value));
      if (kept.length === current.definitions.length) break;
      current = { ...current, definitions: kept };
    }
    const used = namesIn(this.#library, withoutDefinitions(this.#library, current), 'Variable');
    return visit(current, { VariableDefinition: (node) => (used.has(node.variable.name.value) ? undefined : null) });
  }
}

function withoutDefinitions({ visit }: GraphqlLibrary, document: DocumentNode): DocumentNode {
  return visit(document, { VariableDefinition: () => null });
}

function namesIn({ visit }: GraphqlLibrary, root: ASTNode, kind: 'FragmentSpread' | 'Variable'): ReadonlySet<string> {
  const names = new Set<string>();
  visit(root, {
    [kind]: (node: { readonly name: { readonly value: string } }) => {
      names.add(node.name.value);
    },
  });
  return names;
}

/** `/Type/field`; the two fields that open introspection also as what `/__*` means. */
function pathsOf(type: string, field: string): readonly string[] {
  const path = `/${type}/${field}`;
  return field === '__schema' || field === '__type' ? [path, `/${field}`] : [path];
}

/** A selection that lost all fields asks for the type's name, so that the document stays valid. */
function neverEmpty(node: SelectionSetNode): SelectionSetNode | undefined {
  if (node.selections.length > 0) return undefined;
  return { ...node, selections: [{ kind: 'Field', name: { kind: 'Name', value: '__typename' } } as FieldNode] };
}

function notAuthorized(type: string, field: FieldNode): RequestError {
  const start = field.loc?.startToken;
  const place = start ? { locations: [{ line: start.line, column: start.column }] } : {};
  return { message: `Not authorized to access the field '${field.name.value}' of type '${type}'.`, ...place };
}

function errorOf(error: unknown): RequestError {
  if (error instanceof Error && 'locations' in error) {
    const { locations } = error as GraphQLError;
    // The library's guesses would tell names that introspection may be closed for.
    const message = error.message.replace(/ Did you mean [^?]*\?$/, '');
    return locations ? { message, locations } : { message };
  }
  return { message: errorText(error) };
}

interface Measure {
  /** Levels of fields. */
  readonly depth: number;
  /** Levels of its top fields together. */
  readonly total: number;
  readonly fields: number;
}

const NOTHING: Measure = { depth: 0, total: 0, fields: 0 };

/** Levels and fields; the fields of an operation are level one, fragments add none. Only for documents without circles. */
class DepthCounter {
  readonly #document: DocumentNode;
  readonly #fragments = new Map<string, Measure>();

  constructor(document: DocumentNode) {
    this.#document = document;
  }

  /** The first bound that an operation passes, as a sentence. */
  problem(limits: QueryLimits): string | undefined {
    for (const operation of this.#document.definitions) {
      if (operation.kind !== 'OperationDefinition') continue;
      const { depth, total, fields } = this.#of(operation.selectionSet);
      if (depth > limits.depth) return `The query depth ${depth} exceeds the maximum allowed depth of ${limits.depth}.`;
      if (total > limits.totalDepth)
        return `The total query depth ${total} exceeds the maximum allowed total depth of ${limits.totalDepth}.`;
      if (fields > limits.fields) return `The query complexity ${fields} exceeds the maximum allowed complexity of ${limits.fields}.`;
    }
    return undefined;
  }

  #of(set: SelectionSetNode | undefined): Measure {
    return (set?.selections ?? []).map((selection) => this.#selection(selection)).reduce(together, NOTHING);
  }

  #selection(selection: SelectionNode): Measure {
    if (selection.kind === 'FragmentSpread') return this.#fragment(selection.name.value);
    const inner = this.#of(selection.selectionSet);
    if (selection.kind === 'InlineFragment') return inner;
    return { depth: inner.depth + 1, total: inner.depth + 1, fields: inner.fields + 1 };
  }

  #fragment(name: string): Measure {
    let measure = this.#fragments.get(name);
    if (measure === undefined) {
      const fragment = this.#document.definitions.find((one) => one.kind === 'FragmentDefinition' && one.name.value === name);
      measure = fragment?.kind === 'FragmentDefinition' ? this.#of(fragment.selectionSet) : NOTHING;
      this.#fragments.set(name, measure);
    }
    return measure;
  }
}

function together(a: Measure, b: Measure): Measure {
  return { depth: Math.max(a.depth, b.depth), total: a.total + b.total, fields: a.fields + b.fields };
}
