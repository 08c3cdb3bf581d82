/** Reading the C# of an expression: names, member paths, literals, nodes with what is around them. */
import type { Expression, SyntaxTree } from '../csharp/syntax/ast.ts';
import { parseExpression } from '../csharp/syntax/parser.ts';
import { childrenOf, type Placed } from '../csharp/syntax/walk.ts';
import type { Span } from '../source/span.ts';
import type { CodeLiteral, CodeNode, CodeRead, CodeSite, ParsedCode } from './model.ts';

/** Parses the text of an expression; its nodes are listed when first asked for. */
export function parseCode(text: string, kind: 'single' | 'multi'): ParsedCode {
  const tree = parseExpression(text, kind);
  let nodes: readonly CodeNode[] | undefined;
  let reads: readonly CodeRead[] | undefined;
  let literals: readonly CodeLiteral[] | undefined;
  return {
    tree,
    get nodes() {
      nodes ??= nodesOf(tree);
      return nodes;
    },
    get reads() {
      // Few expressions read variables.
      reads ??= text.includes('Variables') ? readsIn(this.nodes) : [];
      return reads;
    },
    get literals() {
      literals ??= text.includes('"') ? literalsIn(this.nodes) : [];
      return literals;
    },
  };
}

function nodesOf(tree: SyntaxTree): CodeNode[] {
  const found: CodeNode[] = [];
  const visit = (node: Placed, around: readonly Placed[]): void => {
    if (node.kind !== undefined) found.push({ node, around });
    const inner = node.kind === undefined ? around : [...around, node];
    for (const child of childrenOf(node)) visit(child, inner);
  };
  visit(tree.root, []);
  return found;
}

/** Parentheses and casts taken off. */
export function bare(expression: Expression): Expression {
  if (expression.kind === 'parenthesized' || expression.kind === 'cast') {
    return bare(expression.kind === 'cast' ? expression.operand : expression.expression);
  }
  return expression;
}

/** `context.Request.Headers` for such a chain of names, through parentheses and casts; undefined for anything else. */
export function pathOf(expression: Expression): string | undefined {
  const inner = bare(expression);
  if (inner.kind === 'name') return inner.name.text;
  if (inner.kind !== 'memberAccess') return undefined;
  const target = pathOf(inner.target);
  return target === undefined ? undefined : `${target}.${inner.name.text}`;
}

/** The text of a string literal. */
export function textOf(expression: Expression | undefined): string | undefined {
  const inner = expression === undefined ? undefined : bare(expression);
  return inner?.kind === 'literal' && typeof inner.value === 'string' ? inner.value : undefined;
}

export function isExpressionNode(node: Placed): node is Expression {
  return node.kind !== undefined;
}

/** Where a node stands in the file. */
export function placeOf(site: CodeSite, node: Placed): Span {
  return site.value.text.sourceSpan(node.span);
}

/** The C# of a node as written. */
export function sourceOf(site: CodeSite, node: Placed): string {
  return site.tree.text.slice(node.span.start, node.span.end);
}

/** A call `target.Name(args)` or `target?.Name(args)`: its method name, and what it is called on where that is known. */
export interface MethodCall {
  readonly name: string;
  readonly target: Expression | undefined;
  readonly args: readonly Expression[];
  readonly typeArgument: string | undefined;
  readonly node: Expression;
}

export function callOf(node: Placed): MethodCall | undefined {
  if (!isExpressionNode(node) || node.kind !== 'invocation') return undefined;
  const { target } = node;
  if (target.kind !== 'memberAccess' && target.kind !== 'memberBinding') return undefined;
  const [argument] = target.typeArguments ?? [];
  return {
    name: target.name.text,
    target: target.kind === 'memberAccess' ? target.target : undefined,
    args: node.args.map(({ expression }) => expression),
    typeArgument: argument?.kind === 'namedType' ? argument.parts.map(({ name }) => name.text).join('.') : undefined,
    node,
  };
}

/** A read of `context.Variables` with the expression that it stands in. */
export interface VariableRead extends CodeRead {
  readonly site: CodeSite;
}

export function variableReads(site: CodeSite): VariableRead[] {
  return site.reads.map((read) => ({ ...read, site }));
}

function readsIn(nodes: readonly CodeNode[]): CodeRead[] {
  return nodes.flatMap(({ node, around }) => {
    if (!isExpressionNode(node)) return [];
    const read = node.kind === 'elementAccess' ? indexed(node, around) : called(node);
    return read === undefined ? [] : [{ ...read, node, around }];
  });
}

type ReadParts = Pick<CodeRead, 'name' | 'how' | 'type'>;

function indexed(node: Extract<Expression, { kind: 'elementAccess' }>, around: readonly Placed[]): ReadParts | undefined {
  const name = textOf(node.args[0]?.expression);
  if (name === undefined || pathOf(node.target) !== 'context.Variables') return undefined;
  return { name, how: 'indexer', type: castAround(around) };
}

/** The type of the cast directly around a node: `(int)x`, `((int)x)`, `x as int`. */
function castAround(around: readonly Placed[]): string | undefined {
  const parent = around.findLast(({ kind }) => kind !== 'parenthesized') as Expression | undefined;
  return parent?.kind === 'cast' || parent?.kind === 'as' ? typeText(parent.type) : undefined;
}

function typeText(type: { readonly kind: string }): string | undefined {
  const named = type as { kind: string; parts?: readonly { readonly name: { readonly text: string } }[] };
  return named.kind === 'namedType' ? named.parts?.[named.parts.length - 1]?.name.text : undefined;
}

const READERS: Readonly<Record<string, CodeRead['how']>> = { GetValueOrDefault: 'default', ContainsKey: 'test', TryGetValue: 'test' };

function called(node: Expression): ReadParts | undefined {
  const call = callOf(node);
  const how = call === undefined ? undefined : READERS[call.name];
  const name = textOf(call?.args[0]);
  if (call?.target === undefined || how === undefined || name === undefined || pathOf(call.target) !== 'context.Variables')
    return undefined;
  return { name, how, type: call.typeArgument };
}

/** All string literals, those in the texts of interpolated strings left out. */
function literalsIn(nodes: readonly CodeNode[]): CodeLiteral[] {
  return nodes.flatMap(({ node }) => {
    const text = isExpressionNode(node) && node.kind === 'literal' ? textOf(node) : undefined;
    return text === undefined ? [] : [{ text, node }];
  });
}

/** Where in the file a match in the text of an expression stands. */
export function matchSpan(site: CodeSite, { index, 0: text }: RegExpExecArray): Span {
  return site.value.text.sourceSpan({ start: index, end: index + text.length });
}
