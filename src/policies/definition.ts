/** What a policy may say in a document, as data: checking, completion, docs and compatibility reports read it. */
import type { ScopeName, SectionName } from '../exchange/events.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import type { Step } from './step.ts';

/**
 * `string`: any text; `integer`, `number`, `boolean`: literals are checked at load; `condition`: a boolean whose expression must have
 * type bool when it is compiled; `enum`: one of `values`; `any`: an
 * expression keeps its .NET type, a literal is a string.
 */
export type ValueType = 'string' | 'integer' | 'number' | 'boolean' | 'condition' | 'enum' | 'any';

/** The value of an attribute, or the text of an element. */
export interface ValueDeclaration {
  readonly type: ValueType;
  /** May `@(…)` stand here? */
  readonly expressions: boolean;
  /** For `enum`. */
  readonly values?: readonly string[];
  /** For `enum`: case makes no difference; policies read it as it stands in `values`. */
  readonly anyCase?: boolean;
  /** Inclusive bounds of a literal number. */
  readonly min?: number;
  readonly max?: number;
  /** Blanks at both ends of a literal count: the texts of find-and-replace. */
  readonly verbatim?: boolean;
}

export interface AttributeDeclaration extends ValueDeclaration {
  readonly name: string;
  readonly required: boolean;
  /** What it is when left out, as text for docs; the policy itself applies it. */
  readonly default?: string;
  /** One line for docs and completion. */
  readonly meaning: string;
  /** Computed after other work of the step (retry's condition): the policy itself buffers the bodies it reads. */
  readonly late?: boolean;
  /** What happens here in place of what Azure does, one line; undefined: the same. */
  readonly standIn?: string;
  /** Gateways that know it; default those of the policy. */
  readonly gateways?: readonly GatewayKind[];
  /** Known to the schema alone, and what it does nobody says: a warning stands where it is written, and it has no effect. */
  readonly inert?: boolean;
}

/**
 * What stands between the tags: nothing, declared children, any policies of the section, one value (`text`), or text that may
 * be markup (`body`).
 */
export type ContentKind = 'empty' | 'children' | 'policies' | 'text' | 'body' | 'mixed';

/** Kinds of gateways that a policy may or may not be allowed in; `classic` is Developer, Basic, Standard and Premium. */
export type GatewayKind = 'classic' | 'v2' | 'consumption' | 'self-hosted' | 'workspace';

export const ALL_GATEWAYS: readonly GatewayKind[] = ['classic', 'v2', 'consumption', 'self-hosted', 'workspace'];

export interface ElementDeclaration {
  readonly name: string;
  readonly attributes: readonly AttributeDeclaration[];
  readonly content: ContentKind;
  /** For `children` and `mixed`. */
  readonly children?: readonly ChildDeclaration[];
  /** Its children may stand in any order (`xs:all`, `xs:choice`); otherwise a warning asks for the declared one. */
  readonly anyOrder?: boolean;
  /** For `text`, `body`, `mixed`. */
  readonly text?: ValueDeclaration & { readonly required: boolean };
  /** For `policies`: the only policies allowed inside; default all of the section. */
  readonly only?: readonly string[];
  /** For `policies`: refused inside, such as wait in retry. */
  readonly except?: readonly string[];
  /** Groups of attributes of which at most one, or exactly one, may be given. */
  readonly oneOf?: readonly { readonly names: readonly string[]; readonly required: boolean }[];
  /** Attributes the schema knows and the engine does not run yet: refused by name instead of as unknown. */
  readonly unsupported?: readonly string[];
  /** The same for children. */
  readonly unsupportedChildren?: readonly string[];
  /** For `children`: policies that may stand among the declared children; `steps()` gives them, in document order. */
  readonly policies?: readonly string[];
  /** For `policies`: the section whose message they work on, where that is not the section around them. */
  readonly actsAs?: SectionName;
}

export interface ChildDeclaration extends ElementDeclaration {
  readonly min: number;
  readonly max: number;
}

export interface PolicyDefinition extends ElementDeclaration {
  /** One sentence. */
  readonly summary: string;
  /** Last part of the reference page's address: `set-header-policy`. */
  readonly page: string;
  readonly sections: readonly SectionName[];
  readonly scopes: readonly ScopeName[];
  /** How often it may stand in one section of one document. */
  readonly cardinality: 'any' | 'once-per-section';
  /** Gateways that run it (reference pages); default all. */
  readonly gateways?: readonly GatewayKind[];
  /** What such a gateway does otherwise than this one, one line. */
  readonly differences?: Readonly<Partial<Record<GatewayKind, string>>>;
  /** Which local stand-in takes the place of an Azure service, one line; undefined: nothing stands in. */
  readonly standIn?: string;
  /** Turns a checked element into what runs. Problems go to the compiler; the step of a wrong element never runs. */
  compile(element: PolicyElement, compiler: PolicyCompiler): Step;
}

export const ALL_SECTIONS: readonly SectionName[] = ['inbound', 'backend', 'outbound', 'on-error'];

/** Whether an element of this name is a section. */
export function isSection(name: string): name is SectionName {
  return (ALL_SECTIONS as readonly string[]).includes(name);
}
export const ALL_SCOPES: readonly ScopeName[] = ['global', 'workspace', 'product', 'api', 'operation'];
export const UNBOUNDED = Number.POSITIVE_INFINITY;
/** Bounds of the schemas' `xs:int` and `xs:unsignedInt`. */
export const INT = { min: -(2 ** 31), max: 2 ** 31 - 1 } as const;
export const LARGEST_UNSIGNED = 2 ** 32 - 1;

/** A required attribute that may be an expression, unless `more` says otherwise. */
export function required(name: string, type: ValueType, meaning: string, more: Partial<AttributeDeclaration> = {}): AttributeDeclaration {
  return { name, type, meaning, required: true, expressions: true, ...more };
}

/** An optional attribute that may be an expression, unless `more` says otherwise. */
export function optional(name: string, type: ValueType, meaning: string, more: Partial<AttributeDeclaration> = {}): AttributeDeclaration {
  return { name, type, meaning, required: false, expressions: true, ...more };
}

/** A child that holds one value: `<value>`, `<origin>` … */
export function valueChild(
  name: string,
  min: number,
  max: number,
  text: Partial<ValueDeclaration & { required: boolean }> = {},
): ChildDeclaration {
  return { name, attributes: [], content: 'text', text: { type: 'string', expressions: true, required: false, ...text }, min, max };
}

/** A child that only groups others: `<allowed-origins>`. */
export function groupChild(
  name: string,
  min: number,
  children: readonly ChildDeclaration[],
  attributes: readonly AttributeDeclaration[] = [],
): ChildDeclaration {
  return { name, attributes, content: 'children', children, min, max: 1 };
}
