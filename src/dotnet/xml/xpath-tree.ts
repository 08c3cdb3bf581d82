/** An XPath expression as the parser reads it. */
export type Axis =
  | 'child'
  | 'descendant'
  | 'descendant-or-self'
  | 'self'
  | 'parent'
  | 'ancestor'
  | 'ancestor-or-self'
  | 'attribute'
  | 'following-sibling'
  | 'preceding-sibling'
  | 'following'
  | 'preceding'
  | 'namespace';

export interface Step {
  readonly axis: Axis;
  /** A name, `*`, `prefix:*`, or a node type with parentheses: `text()`. */
  readonly test: string;
  /** The target that `processing-instruction('target')` asks for. */
  readonly target?: string;
  readonly predicates: readonly XPath[];
}

export type XPath =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: XPath; readonly right: XPath }
  | { readonly kind: 'negate'; readonly operand: XPath }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly XPath[] }
  /** `start` undefined: from the context node; `root`: from the top. */
  | { readonly kind: 'path'; readonly start: XPath | 'root' | undefined; readonly steps: readonly Step[] }
  | { readonly kind: 'filter'; readonly operand: XPath; readonly predicates: readonly XPath[] };
