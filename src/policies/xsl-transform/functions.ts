/** The functions that XSLT adds to XPath (XSLT 1.0, section 12), and node-set of MSXSL and EXSLT. */
import { ElementValue } from '../../dotnet/xml/nodes.ts';
import { namespaceInScope } from '../../dotnet/xml/write.ts';
import { type Focus, isNodes, toNumber, topOf, toText, type XPathValue } from '../../dotnet/xml/xpath.ts';
import { stringOf, type XPathNode } from '../../dotnet/xml/xpath-axes.ts';
import { transformFailure } from './errors.ts';
import type { State } from './expression.ts';
import { formatNumber } from './format-number.ts';
import { expandedName, XSL } from './names.ts';

export interface CallPlace {
  readonly state: State;
  /** The stylesheet element that holds the expression. */
  readonly at: ElementValue;
  readonly focus: Focus;
}

type XsltFunction = (args: readonly XPathValue[], place: CallPlace) => XPathValue;

const NODE_SET: ReadonlySet<string> = new Set(['urn:schemas-microsoft-com:xslt', 'http://exslt.org/common']);

const FUNCTIONS: Readonly<Record<string, XsltFunction>> = {
  current: (_args, { state }) => [state.focus.node],
  key: ([name = '', value = ''], { state, at, focus }) => {
    const top = topOf(focus.node);
    const wanted = isNodes(value) ? value.map(stringOf) : [toText(value)];
    return state.transform.keyed(expandedName(toText(name), at), wanted, top);
  },
  'format-number': ([value = 0, pattern = '', format], { state, at }) => {
    const symbols = state.transform.decimalFormat(format === undefined ? '' : expandedName(toText(format), at));
    return formatNumber(toNumber(value), toText(pattern), symbols);
  },
  'generate-id': (args, { state, focus }) => {
    const node = args.length === 0 ? focus.node : nodeIn(args[0]);
    return node === undefined ? '' : state.transform.idOf(node);
  },
  'system-property': ([name = ''], { at }) => systemProperty(toText(name), at),
  'element-available': ([name = ''], { at }) => available(toText(name), at, ELEMENTS),
  'function-available': ([name = ''], { at }) => isFunction(toText(name), at),
  'unparsed-entity-uri': () => '',
  document: () => {
    throw transformFailure("Access to the 'document()' function is denied.");
  },
  id: () => [],
  lang: ([wanted = ''], { focus }) => hasLanguage(focus.node, toText(wanted).toLowerCase()),
};

/** Calls a function; undefined when there is none of that name. */
export function callFunction(name: string, args: readonly XPathValue[], place: CallPlace): XPathValue | undefined {
  if (Object.hasOwn(FUNCTIONS, name)) return FUNCTIONS[name]?.(args, place);
  return isNodeSet(name, place.at) ? nodeSet(args[0] ?? '') : undefined;
}

function isNodeSet(name: string, at: ElementValue): boolean {
  const [prefix = '', local] = name.split(':');
  return local === 'node-set' && NODE_SET.has(namespaceInScope(at, prefix) ?? '');
}

/** A result tree fragment is a set of its root already. */
function nodeSet(value: XPathValue): XPathValue {
  if (isNodes(value)) return value;
  throw transformFailure('Cannot convert the operand to a node-set.');
}

function nodeIn(value: XPathValue | undefined): XPathNode | undefined {
  if (value === undefined || !isNodes(value)) throw transformFailure('Expression must evaluate to a node-set.');
  return value[0];
}

function systemProperty(name: string, at: ElementValue): XPathValue {
  const [prefix = '', local = ''] = name.split(':');
  const uri = namespaceInScope(at, prefix);
  if (uri === 'urn:schemas-microsoft-com:xslt' && local === 'version') return '4.0';
  if (uri !== XSL) return '';
  if (local === 'version') return 1;
  if (local === 'vendor') return 'Microsoft';
  return local === 'vendor-url' ? 'http://www.microsoft.com' : '';
}

const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'apply-imports apply-templates attribute call-template choose comment copy copy-of element fallback for-each if message ' +
    'number processing-instruction text value-of variable'
  ).split(' '),
);

function available(name: string, at: ElementValue, known: ReadonlySet<string>): boolean {
  const [prefix = '', local = ''] = name.split(':');
  return namespaceInScope(at, prefix) === XSL && known.has(local);
}

const CORE =
  'count sum string number boolean not true false concat contains starts-with substring-before substring-after substring ' +
  'string-length normalize-space translate local-name namespace-uri name floor ceiling round position last';
const CORE_NAMES: ReadonlySet<string> = new Set(CORE.split(' '));

/** Whether `function-available` says so. */
export function isFunction(name: string, at: ElementValue): boolean {
  return CORE_NAMES.has(name) || Object.hasOwn(FUNCTIONS, name) || isNodeSet(name, at);
}

function hasLanguage(node: XPathNode, wanted: string): boolean {
  for (let at: XPathNode | null = node; at !== null; at = at.parent) {
    const language =
      at instanceof ElementValue ? at.attributes.find(({ name }) => name.local === 'lang' && name.uri !== '')?.value : undefined;
    if (language !== undefined) return language.toLowerCase() === wanted || language.toLowerCase().startsWith(`${wanted}-`);
  }
  return false;
}
