/** What expressions and instructions refer to, checked when the stylesheet is compiled: the service refuses it when it is saved. */
import type { ElementValue } from '../../dotnet/xml/nodes.ts';
import type { XPath } from '../../dotnet/xml/xpath-tree.ts';
import { StylesheetError } from './errors.ts';
import { isFunction } from './functions.ts';
import { attributeOf, childElementsOf, expandedName, isXsl } from './names.ts';

/** Throws StylesheetError for variables that are not in scope, unknown functions, and tree fragments used as node sets. */
export function checkExpression(expression: XPath, at: ElementValue): void {
  if (expression.kind === 'variable') declared(expression.name, at);
  else if (expression.kind === 'call') checkCall(expression.name, at);
  else if (expression.kind === 'binary' && expression.operator === '|') checkNodes([expression.left, expression.right], at);
  else if (expression.kind === 'filter') checkNodes([expression.operand], at);
  else if (expression.kind === 'path' && expression.start !== undefined && expression.start !== 'root') checkNodes([expression.start], at);
  for (const part of partsOf(expression)) checkExpression(part, at);
}

function partsOf(expression: XPath): readonly XPath[] {
  switch (expression.kind) {
    case 'binary':
      return [expression.left, expression.right];
    case 'negate':
      return [expression.operand];
    case 'call':
      return expression.args;
    case 'filter':
      return [expression.operand, ...expression.predicates];
    case 'path': {
      const { start, steps } = expression;
      const predicates = steps.flatMap((step) => step.predicates);
      return start === undefined || start === 'root' ? predicates : [start, ...predicates];
    }
    default:
      return [];
  }
}

/** Functions of other namespaces are looked for when they are called; this one has none. */
function checkCall(name: string, at: ElementValue): void {
  if (!name.includes(':') && !isFunction(name, at)) throw new StylesheetError(`\`${name}()\` is an unknown XSLT function`);
}

function checkNodes(operands: readonly XPath[], at: ElementValue): void {
  for (const operand of operands) {
    if (operand.kind !== 'variable') continue;
    const declaration = declared(operand.name, at);
    if (isXsl(declaration, 'variable') && attributeOf(declaration, 'select') === undefined && declaration.first !== null)
      throw new StylesheetError(`\`$${operand.name}\` is a result tree fragment, which \`msxsl:node-set\` must make a node-set first`);
  }
}

function declared(name: string, at: ElementValue): ElementValue {
  const expanded = expandedName(name, at);
  const found = localDeclaration(expanded, at) ?? globalDeclaration(expanded, at);
  if (!found) throw new StylesheetError(`the variable or parameter \`${name}\` is either not defined or it is out of scope`);
  return found;
}

/** XSLT 1.0, section 11.5: siblings before an element and before those around it, up to its template. */
function localDeclaration(name: string, at: ElementValue): ElementValue | undefined {
  for (let inner = at; inner.parentElement?.parentElement; inner = inner.parentElement) {
    const before: ElementValue[] = [];
    for (const sibling of childElementsOf(inner.parentElement)) {
      if (sibling === inner) break;
      before.push(sibling);
    }
    const found = before.reverse().find((one) => declares(one, name));
    if (found) return found;
  }
  return undefined;
}

function globalDeclaration(name: string, at: ElementValue): ElementValue | undefined {
  return childElementsOf(rootOf(at)).find((one) => declares(one, name));
}

function declares(element: ElementValue, name: string): boolean {
  return (isXsl(element, 'variable') || isXsl(element, 'param')) && namedAs(element, name);
}

function namedAs(element: ElementValue, name: string): boolean {
  const own = attributeOf(element, 'name');
  return own !== undefined && expandedName(own, element) === name;
}

function rootOf(element: ElementValue): ElementValue {
  let root = element;
  while (root.parentElement) root = root.parentElement;
  return root;
}

/** A variable may hide one of the top level, but none of its own template. */
export function checkNewVariable(element: ElementValue, name: string): void {
  if (localDeclaration(name, element))
    throw new StylesheetError(`the variable or parameter \`${attributeOf(element, 'name') ?? ''}\` was duplicated within the same scope`);
}

/** `name`: expanded; `written`: as the stylesheet has it. */
export function checkTemplateName(name: string, written: string, at: ElementValue): void {
  if (!childElementsOf(rootOf(at)).some((one) => isXsl(one, 'template') && namedAs(one, name)))
    throw new StylesheetError(`the named template \`${written}\` does not exist`);
}
