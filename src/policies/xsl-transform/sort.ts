/** xsl:sort (XSLT 1.0, section 10). */
import type { ElementValue } from '../../dotnet/xml/nodes.ts';
import { toNumber, toText } from '../../dotnet/xml/xpath.ts';
import type { XPathNode } from '../../dotnet/xml/xpath-axes.ts';
import { compileTemplate, compileXPath, type State } from './expression.ts';
import { attributeOf, childElementsOf, isXsl } from './names.ts';

interface SortKey {
  readonly read: (state: State) => string;
  readonly isNumber: (state: State) => boolean;
  readonly descending: (state: State) => boolean;
  readonly upperFirst: (state: State) => boolean;
}

/** Puts nodes into the order of the xsl:sort children; without one they stay as they are. */
export function compileSort(element: ElementValue): (nodes: readonly XPathNode[], state: State) => readonly XPathNode[] {
  const keys = childElementsOf(element)
    .filter((child) => isXsl(child, 'sort'))
    .map(sortKey);
  if (keys.length === 0) return (nodes) => nodes;
  return (nodes, state) => {
    const settings = keys.map((key) => ({
      isNumber: key.isNumber(state),
      sign: key.descending(state) ? -1 : 1,
      upperFirst: key.upperFirst(state),
    }));
    const rows = nodes.map((node, index) => {
      state.transform.budget.step();
      const at = { ...state, focus: { node, position: index + 1, size: nodes.length } };
      return { node, values: keys.map((key) => key.read(at)) };
    });
    rows.sort((a, b) => {
      for (const [at, { isNumber, sign, upperFirst }] of settings.entries()) {
        const [x = '', y = ''] = [a.values[at], b.values[at]];
        const order = isNumber ? numbers(toNumber(x), toNumber(y)) : texts(x, y, upperFirst);
        if (order !== 0) return order * sign;
      }
      return 0;
    });
    return rows.map(({ node }) => node);
  };
}

function sortKey(element: ElementValue): SortKey {
  const setting = (name: string, wanted: string) => {
    const read = compileTemplate(attributeOf(element, name) ?? '', element);
    return (state: State) => read(state) === wanted;
  };
  const read = compileXPath(attributeOf(element, 'select') ?? '.', element);
  return {
    read: (state) => toText(read(state)),
    isNumber: setting('data-type', 'number'),
    descending: setting('order', 'descending'),
    upperFirst: setting('case-order', 'upper-first'),
  };
}

/** NaN comes first. */
function numbers(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a - b;
}

/** Ignoring case, then lower case first unless asked otherwise. */
function texts(a: string, b: string, upperFirst: boolean): number {
  const order = a.localeCompare(b, 'en', { caseFirst: upperFirst ? 'upper' : 'lower' });
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}
