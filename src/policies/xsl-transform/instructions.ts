/** The instructions inside templates, each compiled to a function. */

import { XML_NAMESPACE } from '../../dotnet/xml/names.ts';
import { AttributeValue, ContainerValue, DocumentValue, ElementValue, NodeValue, TextValue } from '../../dotnet/xml/nodes.ts';
import { isNodes, toText, type XPathValue } from '../../dotnet/xml/xpath.ts';
import { StylesheetError, transformFailure } from './errors.ts';
import { compileTemplate, compileTest, compileXPath, type Evaluate, nodesIn, type State } from './expression.ts';
import { compileLiteral } from './literal.ts';
import { attributeOf, childElementsOf, expandedName, isXsl, requiredAttribute, runtimeName } from './names.ts';
import { compileNumber } from './number.ts';
import { checkNewVariable, checkTemplateName } from './references.ts';
import { nameOf, ResultBuilder } from './result.ts';
import { compileSort } from './sort.ts';

/** Writes to the result; what it returns is the state with one more variable. */
export type Instruction = (state: State, out: ResultBuilder) => State | undefined;
export type Body = (state: State, out: ResultBuilder) => void;

export interface Parameter {
  readonly name: string;
  readonly read: Evaluate;
}

/** The parameters at the beginning of a template. */
export function compileParameters(element: ElementValue): Parameter[] {
  return childElementsOf(element)
    .filter((child) => isXsl(child, 'param'))
    .map((child) => ({ name: expandedName(requiredAttribute(child, 'name'), child), read: compileValue(child) }));
}

/** The value of xsl:variable, xsl:param or xsl:with-param: its select, or a tree fragment of its content. */
export function compileValue(element: ElementValue): Evaluate {
  const select = attributeOf(element, 'select');
  if (select !== undefined) return compileXPath(select, element);
  if (element.first === null) return () => '';
  const body = compileBody(element);
  return (state) => [fragment(body, state)];
}

function fragment(body: Body, state: State): DocumentValue {
  const inner = new ResultBuilder(state.transform.budget);
  body(state, inner);
  return inner.root;
}

/** Children that other code reads. */
const NOT_INSTRUCTIONS: ReadonlySet<string> = new Set(['param', 'sort', 'with-param', 'fallback']);

/** The content of an element. Blank text counts only in xsl:text (section 3.4). */
export function compileBody(element: ElementValue): Body {
  const instructions: Instruction[] = [];
  for (const node of element.nodes()) {
    if (node instanceof TextValue) {
      if (node.value.trim() !== '' || keepsSpace(element)) instructions.push(textInstruction(node.value, false));
    } else if (node instanceof ElementValue && !(isXsl(node) && NOT_INSTRUCTIONS.has(node.name.local))) {
      instructions.push(compileInstruction(node));
    }
  }
  return (state, out) => {
    let now = state;
    for (const instruction of instructions) now = instruction(now, out) ?? now;
  };
}

function keepsSpace(element: ElementValue): boolean {
  for (let at: ElementValue | null = element; at !== null; at = at.parentElement) {
    const space = at.attributes.find(({ name }) => name.uri === XML_NAMESPACE && name.local === 'space')?.value;
    if (space !== undefined) return space === 'preserve';
  }
  return false;
}

function textInstruction(text: string, raw: boolean): Instruction {
  return (_state, out) => {
    out.text(text, raw);
    return undefined;
  };
}

type Compile = (element: ElementValue) => Instruction;

const INSTRUCTIONS: Readonly<Record<string, Compile>> = {
  'apply-templates': applyTemplates,
  'apply-imports': () => (state, out) => {
    // Nothing is imported, so only the built-in rule is left.
    const { node } = state.focus;
    if (node instanceof ContainerValue) state.transform.apply([...node.nodes()], state.mode, new Map(), out);
    else if (node instanceof TextValue || node instanceof AttributeValue) out.text(node.value);
    return undefined;
  },
  'call-template': callTemplate,
  'for-each': forEach,
  if: ifInstruction,
  choose,
  'value-of': valueOfInstruction,
  text: textElement,
  copy,
  'copy-of': copyOf,
  element: elementInstruction,
  attribute: attributeInstruction,
  comment: (element) => textContent(element, (text, out) => out.comment(text)),
  'processing-instruction': processingInstruction,
  variable,
  number: numberInstruction,
  message,
};

function compileInstruction(element: ElementValue): Instruction {
  if (!isXsl(element)) return compileLiteral(element);
  const { local } = element.name;
  const compile = Object.hasOwn(INSTRUCTIONS, local) ? INSTRUCTIONS[local] : undefined;
  if (compile) return compile(element);
  const fallbacks = childElementsOf(element).filter((child) => isXsl(child, 'fallback'));
  if (fallbacks.length === 0) throw new StylesheetError(`\`xsl:${local}\` does not belong here`);
  return run(...fallbacks.map(compileBody));
}

function run(...bodies: readonly Body[]): Instruction {
  return (state, out) => {
    for (const body of bodies) body(state, out);
    return undefined;
  };
}

function withParameters(element: ElementValue): (state: State) => ReadonlyMap<string, XPathValue> {
  const given = childElementsOf(element)
    .filter((child) => isXsl(child, 'with-param'))
    .map((child) => ({ name: expandedName(requiredAttribute(child, 'name'), child), read: compileValue(child) }));
  return (state) => new Map(given.map(({ name, read }) => [name, read(state)]));
}

function applyTemplates(element: ElementValue): Instruction {
  const select = attributeOf(element, 'select');
  const read = select === undefined ? undefined : compileXPath(select, element);
  const mode = attributeOf(element, 'mode');
  const named = mode === undefined ? undefined : expandedName(mode, element);
  const sort = compileSort(element);
  const given = withParameters(element);
  return (state, out) => {
    const { node } = state.focus;
    const nodes = read ? nodesIn(read(state)) : node instanceof ContainerValue ? [...node.nodes()] : [];
    state.transform.apply(sort(nodes, state), named, given(state), out);
    return undefined;
  };
}

function callTemplate(element: ElementValue): Instruction {
  const written = requiredAttribute(element, 'name');
  const name = expandedName(written, element);
  checkTemplateName(name, written, element);
  const given = withParameters(element);
  return (state, out) => {
    const template = state.transform.stylesheet.templates.get(name);
    if (!template) throw transformFailure(`The named template '${written}' does not exist.`);
    state.transform.budget.enter();
    state.transform.invoke(template, state, given(state), out);
    state.transform.budget.leave();
    return undefined;
  };
}

function forEach(element: ElementValue): Instruction {
  const read = compileXPath(requiredAttribute(element, 'select'), element);
  const sort = compileSort(element);
  const body = compileBody(element);
  return (state, out) => {
    const nodes = sort(nodesIn(read(state)), state);
    for (const [index, node] of nodes.entries()) {
      state.transform.budget.step();
      body({ ...state, focus: { node, position: index + 1, size: nodes.length } }, out);
    }
    return undefined;
  };
}

function ifInstruction(element: ElementValue): Instruction {
  const test = compileTest(requiredAttribute(element, 'test'), element);
  const body = compileBody(element);
  return (state, out) => {
    if (test(state)) body(state, out);
    return undefined;
  };
}

function choose(element: ElementValue): Instruction {
  const branches = childElementsOf(element).map((child) => {
    if (!isXsl(child, 'when') && !isXsl(child, 'otherwise'))
      throw new StylesheetError('`xsl:choose` holds `xsl:when` and `xsl:otherwise` only');
    const test = isXsl(child, 'when') ? compileTest(requiredAttribute(child, 'test'), child) : () => true;
    return { test, body: compileBody(child) };
  });
  if (branches.length === 0) throw new StylesheetError('`xsl:choose` needs `xsl:when`');
  return (state, out) => {
    branches.find(({ test }) => test(state))?.body(state, out);
    return undefined;
  };
}

function isRaw(element: ElementValue): boolean {
  return attributeOf(element, 'disable-output-escaping') === 'yes';
}

function valueOfInstruction(element: ElementValue): Instruction {
  const read = compileXPath(requiredAttribute(element, 'select'), element);
  const raw = isRaw(element);
  return (state, out) => {
    out.text(toText(read(state)), raw);
    return undefined;
  };
}

function textElement(element: ElementValue): Instruction {
  if (childElementsOf(element).length > 0) throw new StylesheetError('`xsl:text` holds text only');
  return textInstruction(element.value, isRaw(element));
}

function copy(element: ElementValue): Instruction {
  const body = compileBody(element);
  const sets = useAttributeSets(element, attributeOf(element, 'use-attribute-sets'));
  return (state, out) => {
    const { node } = state.focus;
    if (node instanceof DocumentValue) body(state, out);
    else if (!(node instanceof ElementValue)) out.copy(node);
    else
      out.element(nameOf(node), () => {
        for (const { name, value } of node.attributes.filter((one) => one.isNamespaceDeclaration))
          out.namespace(name.uri === '' ? '' : name.local, value);
        sets(state, out);
        body(state, out);
      });
    return undefined;
  };
}

function copyOf(element: ElementValue): Instruction {
  const read = compileXPath(requiredAttribute(element, 'select'), element);
  return (state, out) => {
    const value = read(state);
    if (!isNodes(value)) out.text(toText(value));
    else for (const node of value) if (node instanceof NodeValue || node instanceof AttributeValue) out.copy(node);
    return undefined;
  };
}

/** Writes the attribute sets named; they come before an element's own attributes. */
export function useAttributeSets(element: ElementValue, names: string | undefined): Body {
  const wanted = (names ?? '')
    .split(/\s+/)
    .filter((name) => name !== '')
    .map((name) => expandedName(name, element));
  return (state, out) => {
    for (const name of wanted) for (const write of state.transform.stylesheet.attributeSets.get(name) ?? []) write(state, out);
  };
}

function elementInstruction(element: ElementValue): Instruction {
  const name = compileTemplate(requiredAttribute(element, 'name'), element);
  const namespace = attributeOf(element, 'namespace');
  const uri = namespace === undefined ? undefined : compileTemplate(namespace, element);
  const sets = useAttributeSets(element, attributeOf(element, 'use-attribute-sets'));
  const body = compileBody(element);
  return (state, out) => {
    out.element(namedAs(name(state), uri?.(state), element, true), () => {
      sets(state, out);
      body(state, out);
    });
    return undefined;
  };
}

function namedAs(text: string, uri: string | undefined, element: ElementValue, useDefault: boolean) {
  if (uri === undefined) return runtimeName(text, element, useDefault);
  const [prefix = '', local] = text.includes(':') ? text.split(':') : ['', text];
  return { prefix, local: local ?? '', uri };
}

function attributeInstruction(element: ElementValue): Instruction {
  const name = compileTemplate(requiredAttribute(element, 'name'), element);
  const namespace = attributeOf(element, 'namespace');
  const uri = namespace === undefined ? undefined : compileTemplate(namespace, element);
  const body = compileBody(element);
  return (state, out) => {
    const named = namedAs(name(state), uri?.(state), element, false);
    if (named.local === 'xmlns' && named.prefix === '')
      throw transformFailure("An attribute with a local name 'xmlns' and a null namespace URI cannot be created.");
    out.attribute(named, toText([fragment(body, state)]));
    return undefined;
  };
}

function textContent(element: ElementValue, write: (text: string, out: ResultBuilder) => void): Instruction {
  const body = compileBody(element);
  return (state, out) => {
    write(toText([fragment(body, state)]), out);
    return undefined;
  };
}

function processingInstruction(element: ElementValue): Instruction {
  const name = compileTemplate(requiredAttribute(element, 'name'), element);
  const body = compileBody(element);
  return (state, out) => {
    out.instruction(name(state), toText([fragment(body, state)]));
    return undefined;
  };
}

function variable(element: ElementValue): Instruction {
  const name = expandedName(requiredAttribute(element, 'name'), element);
  checkNewVariable(element, name);
  const read = compileValue(element);
  return (state) => ({ ...state, locals: { name, value: read(state), outer: state.locals } });
}

function numberInstruction(element: ElementValue): Instruction {
  const text = compileNumber(element);
  return (state, out) => {
    out.text(text(state));
    return undefined;
  };
}

/** Messages go nowhere but `terminate="yes"` ends the transformation with its text. */
function message(element: ElementValue): Instruction {
  const body = compileBody(element);
  const ends = attributeOf(element, 'terminate') === 'yes';
  return (state) => {
    const text = toText([fragment(body, state)]);
    if (ends) throw transformFailure(`Transform terminated: '${text}'.`);
    return undefined;
  };
}
