import { Budget, BudgetExhausted, DEFAULT_LIMITS } from '../../csharp/runtime/budget.ts';
import { NetException } from '../../csharp/runtime/exception.ts';
import { Boxed } from '../../csharp/runtime/values.ts';
import { parseWithoutDtd } from '../../dotnet/xml/parse.ts';
import type { XPathValue } from '../../dotnet/xml/xpath.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { PolicyError } from '../../exchange/policy-error.ts';
import { toPolicyText } from '../../exchange/text.ts';
import type { Input, PolicyCompiler, PolicyElement } from '../compiler.ts';
import { ALL_SCOPES, type ChildDeclaration, optional, type PolicyDefinition, required, UNBOUNDED } from '../definition.ts';
import * as faults from '../faults.ts';
import { applyBody } from '../shared/body-element.ts';
import { messageKind, presentMessage } from '../shared/message.ts';
import type { Step } from '../step.ts';
import { StylesheetError } from './errors.ts';
import { serialize } from './serialize.ts';
import { compileStylesheet, type Stylesheet } from './stylesheet.ts';
import { Transform } from './transform.ts';

const ROOTS = ['xsl:stylesheet', 'xsl:transform'] as const;

function stylesheetChild(name: string): ChildDeclaration {
  return {
    name,
    min: 0,
    max: 1,
    content: 'body',
    attributes: ['version', 'id', 'exclude-result-prefixes', 'extension-element-prefixes', 'xml:space', 'default-space'].map((attribute) =>
      optional(attribute, 'string', 'As in XSLT 1.0.', { expressions: false }),
    ),
    text: { type: 'string', expressions: false, required: false },
  };
}

/** `<xsl-transform>`: applies an XSLT 1.0 stylesheet to the XML body of the section's message. */
export const xslTransform: PolicyDefinition = {
  name: 'xsl-transform',
  summary: 'Transforms the XML body by an XSLT stylesheet.',
  page: 'xsl-transform-policy',
  sections: ['inbound', 'outbound'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [],
  content: 'children',
  children: [
    {
      name: 'parameter',
      min: 0,
      max: UNBOUNDED,
      content: 'text',
      attributes: [required('name', 'string', 'Name of the stylesheet parameter.', { expressions: false })],
      text: { type: 'any', expressions: true, required: false },
    },
    ...ROOTS.map(stylesheetChild),
  ],
  compile: compileXslTransform,
};

function compileXslTransform(element: PolicyElement, compiler: PolicyCompiler): Step {
  const stylesheet = stylesheetOf(element, compiler);
  const parameters = element.children('parameter').map((child) => ({ name: child.literal('name') ?? '', value: child.contentObject() }));
  const kind = messageKind(compiler.section);
  compiler.reads({ [kind]: true });
  return (exchange) => {
    const message = presentMessage(exchange, kind);
    if (!stylesheet || !message) return undefined;
    const given = new Map(parameters.map(({ name, value }) => [name, parameterValue(value, exchange)]));
    applyBody(transformed(stylesheet, message.body.text(), given), message, kind, exchange);
    return undefined;
  };
}

/** The stylesheet, compiled when the document is loaded; undefined after an error that was reported. */
function stylesheetOf(element: PolicyElement, compiler: PolicyCompiler): Stylesheet | undefined {
  const found = ROOTS.flatMap((name) => element.children(name));
  const [root] = found;
  if (!root || found.length > 1) {
    compiler.report(
      root ? faults.tooManyChildren(element.name, root.name, 1) : faults.missingChild(element.name, ROOTS[0]),
      element.xml.nameSpan,
    );
    return undefined;
  }
  try {
    return compileStylesheet(sourceOf(root, compiler));
  } catch (error) {
    if (!(error instanceof StylesheetError)) throw error;
    compiler.report(faults.stylesheet(error.message), root.xml.nameSpan);
    return undefined;
  }
}

/** The element as it stands in the document: its start tag, and its content with named values filled in. */
function sourceOf(root: PolicyElement, compiler: PolicyCompiler): string {
  const { text } = compiler.info.file;
  const { openSpan, closeSpan } = root.xml;
  const start = text.slice(openSpan.start, openSpan.end);
  return closeSpan === undefined ? start : start + (root.content()?.constant ?? '') + text.slice(closeSpan.start, closeSpan.end);
}

/** Numbers and booleans stay such for XPath, anything else is text. */
function parameterValue(input: Input<unknown> | undefined, exchange: Exchange): XPathValue {
  const value = input?.read(exchange) ?? '';
  if (typeof value === 'boolean') return value;
  if (value instanceof Boxed) return typeof value.value === 'boolean' ? value.value : Number(value.value);
  return toPolicyText(value)?.trim() ?? '';
}

/** Templates may call each other this deep. */
const LIMITS = { ...DEFAULT_LIMITS, depth: 1000 };

function transformed(stylesheet: Stylesheet, body: string, parameters: ReadonlyMap<string, XPathValue>): string {
  const budget = new Budget(LIMITS);
  try {
    const source = parseWithoutDtd(body, false, budget);
    return serialize(new Transform(stylesheet, source, parameters, budget).run().root, stylesheet.output);
  } catch (error) {
    if (error instanceof NetException || error instanceof BudgetExhausted)
      throw new PolicyError({ reason: null, message: error.message, cause: error });
    throw error;
  }
}
