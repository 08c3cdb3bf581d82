/** XPath inside stylesheets: expressions, attribute value templates, and the state they are evaluated in. */
import { NetException } from '../../csharp/runtime/exception.ts';
import type { ElementValue } from '../../dotnet/xml/nodes.ts';
import { namespaceInScope } from '../../dotnet/xml/write.ts';
import { evaluateParsed, type Focus, isNodes, toBoolean, toText, type XPathValue } from '../../dotnet/xml/xpath.ts';
import type { XPathNode } from '../../dotnet/xml/xpath-axes.ts';
import { parseXPath } from '../../dotnet/xml/xpath-parser.ts';
import type { XPath } from '../../dotnet/xml/xpath-tree.ts';
import { StylesheetError, transformFailure } from './errors.ts';
import { callFunction } from './functions.ts';
import { expandedName } from './names.ts';
import { checkExpression } from './references.ts';
import type { Transform } from './transform.ts';

/** Local variables, innermost first. */
export interface Locals {
  readonly name: string;
  readonly value: XPathValue;
  readonly outer: Locals | undefined;
}

/** Where a transformation stands. */
export interface State {
  readonly transform: Transform;
  readonly focus: Focus;
  readonly locals: Locals | undefined;
  readonly mode: string | undefined;
}

export type Evaluate = (state: State) => XPathValue;

/** Parses a text as XPath. Throws StylesheetError. */
export function parsed(text: string): XPath {
  try {
    return parseXPath(text);
  } catch (error) {
    if (error instanceof NetException) throw new StylesheetError(`\`${text}\` is not an XPath expression`);
    throw error;
  }
}

export function compileXPath(text: string, at: ElementValue): Evaluate {
  const expression = parsed(text);
  checkExpression(expression, at);
  return (state) => evaluate(expression, at, state);
}

/** Evaluates an expression with the namespaces of a stylesheet element; `current()` is the state's node. */
export function evaluate(expression: XPath, at: ElementValue, state: State, focus: Focus = state.focus): XPathValue {
  const { transform } = state;
  const host = {
    variable: (name: string) => lookUp(expandedName(name, at), state),
    call: (name: string, args: readonly XPathValue[], where: Focus) => callFunction(name, args, { state, at, focus: where }),
    order: transform.order,
  };
  return evaluateParsed(expression, focus, (prefix) => namespaceInScope(at, prefix) ?? undefined, transform.budget, host);
}

function lookUp(name: string, state: State): XPathValue {
  for (let local = state.locals; local; local = local.outer) if (local.name === name) return local.value;
  const value = state.transform.global(name);
  if (value === undefined) throw transformFailure(`The variable or parameter '${name}' is either not defined or it is out of scope.`);
  return value;
}

export function nodesIn(value: XPathValue): readonly XPathNode[] {
  if (!isNodes(value)) throw transformFailure('Expression must evaluate to a node-set.');
  return value;
}

export function compileTest(text: string, at: ElementValue): (state: State) => boolean {
  const read = compileXPath(text, at);
  return (state) => toBoolean(read(state));
}

/** An attribute value template: `{expression}` inside text, braces doubled to mean themselves. */
export function compileTemplate(text: string, at: ElementValue): (state: State) => string {
  const parts = templateParts(text).map((part) => (part.isExpression ? compileXPath(part.text, at) : part.text));
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'string') return () => only;
  return (state) => parts.map((part) => (typeof part === 'string' ? part : toText(part(state)))).join('');
}

interface Part {
  readonly isExpression: boolean;
  readonly text: string;
}

const TEMPLATE = /\{\{|\}\}|\{((?:[^{}"']|"[^"]*"|'[^']*')*)\}|[^{}]+|[{}]/g;

function templateParts(text: string): Part[] {
  const parts: Part[] = [];
  for (const [whole, expression] of text.matchAll(TEMPLATE)) {
    if (expression !== undefined) parts.push({ isExpression: true, text: expression });
    else if (whole === '{' || whole === '}') throw new StylesheetError(`\`${text}\` has a brace without its partner`);
    else parts.push({ isExpression: false, text: whole === '{{' || whole === '}}' ? whole.charAt(0) : whole });
  }
  return parts.length === 0 ? [{ isExpression: false, text: '' }] : parts;
}
