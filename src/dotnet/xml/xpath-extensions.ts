/** System.Xml.XPath.Extensions, and the resolver of prefixes that it takes. */
import { argumentNull } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { Boxed, makeArray, type NetObject } from '../../csharp/runtime/values.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { required } from '../text/string-parts.ts';
import type { ElementValue, NodeValue } from './nodes.ts';
import { evaluateXPath, selectElements } from './xpath.ts';
import type { Namespaces } from './xpath-axes.ts';

type Text = string | null;

/** An XmlNamespaceManager: prefixes and the namespaces they stand for. */
class NamespaceManager implements NetObject {
  readonly prefixes = new Map<string, string>([['xml', 'http://www.w3.org/XML/1998/namespace']]);

  get netType(): TypeDeclaration {
    return managerType;
  }
}

function namespacesOf(manager: NamespaceManager | null | undefined): Namespaces {
  return (prefix) => (prefix === '' ? '' : manager?.prefixes.get(prefix));
}

function select(runtime: Runtime, node: NodeValue | null, expression: Text, manager?: NamespaceManager | null): ElementValue[] {
  if (node === null) throw argumentNull('node');
  return selectElements(node, required(expression, 'expression'), namespacesOf(manager), runtime.budget);
}

/** Numbers, texts and bools as objects; nodes as a sequence. */
function evaluate(runtime: Runtime, node: NodeValue | null, expression: Text, manager?: NamespaceManager | null): unknown {
  if (node === null) throw argumentNull('node');
  const value = evaluateXPath(node, required(expression, 'expression'), namespacesOf(manager), runtime.budget);
  if (typeof value === 'number') return new Boxed(runtime.types.type('double'), value);
  if (typeof value === 'boolean') return new Boxed(runtime.types.type('bool'), value);
  return typeof value === 'string' ? value : makeArray(runtime.types.array(runtime.types.type('object')), [...value]);
}

const resolverType = declareType('interface System.Xml.IXmlNamespaceResolver', 'none', {
  'string LookupNamespace(string prefix)': (manager: NamespaceManager, prefix: Text) => manager.prefixes.get(prefix ?? '') ?? null,
});

const nameTableType = declareType('class System.Xml.NameTable', 'none', { 'NameTable()': () => new NameTableValue() });

class NameTableValue implements NetObject {
  readonly netType = nameTableType;
}

const managerType: TypeDeclaration = declareType('class System.Xml.XmlNamespaceManager : IXmlNamespaceResolver', 'none', {
  'XmlNamespaceManager(NameTable nameTable)': () => new NamespaceManager(),
  'void AddNamespace(string prefix, string uri)': (manager: NamespaceManager, prefix: Text, uri: Text) => {
    manager.prefixes.set(required(prefix, 'prefix'), required(uri, 'uri'));
  },
  'bool HasNamespace(string prefix)': (manager: NamespaceManager, prefix: Text) => manager.prefixes.has(prefix ?? ''),
  'string LookupNamespace(string prefix)': (manager: NamespaceManager, prefix: Text) => manager.prefixes.get(prefix ?? '') ?? null,
});

/** XPath over LINQ to XML; outside Azure's published list. */
export const xpathTypes: readonly TypeDeclaration[] = [
  resolverType,
  nameTableType,
  managerType,
  declareType('static class System.Xml.XPath.Extensions', 'none', {
    'static object XPathEvaluate(this XNode node, string expression)': special(
      (runtime, _types, node: NodeValue | null, expression: Text) => evaluate(runtime, node, expression),
    ),
    'static object XPathEvaluate(this XNode node, string expression, System.Xml.IXmlNamespaceResolver resolver)': special(
      (runtime, _types, node: NodeValue | null, expression: Text, manager: NamespaceManager | null) =>
        evaluate(runtime, node, expression, manager),
    ),
    'static XElement XPathSelectElement(this XNode node, string expression)': special(
      (runtime, _types, node: NodeValue | null, expression: Text) => select(runtime, node, expression)[0] ?? null,
    ),
    'static XElement XPathSelectElement(this XNode node, string expression, System.Xml.IXmlNamespaceResolver resolver)': special(
      (runtime, _types, node: NodeValue | null, expression: Text, manager: NamespaceManager | null) =>
        select(runtime, node, expression, manager)[0] ?? null,
    ),
    'static IEnumerable<XElement> XPathSelectElements(this XNode node, string expression)': special(
      (runtime, _types, node: NodeValue | null, expression: Text) => select(runtime, node, expression),
    ),
    'static IEnumerable<XElement> XPathSelectElements(this XNode node, string expression, System.Xml.IXmlNamespaceResolver resolver)':
      special((runtime, _types, node: NodeValue | null, expression: Text, manager: NamespaceManager | null) =>
        select(runtime, node, expression, manager),
      ),
  }),
];
