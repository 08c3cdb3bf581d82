/** Literal result elements: written as they stand, their attributes being value templates (XSLT 1.0, section 7.1.1). */
import { XMLNS_NAMESPACE } from '../../dotnet/xml/names.ts';
import type { AttributeValue, ElementValue } from '../../dotnet/xml/nodes.ts';
import { namespaceInScope, prefixInScope } from '../../dotnet/xml/write.ts';
import { StylesheetError } from './errors.ts';
import { compileTemplate, type State } from './expression.ts';
import { compileBody, type Instruction, useAttributeSets } from './instructions.ts';
import { childElementsOf, isXsl, type QName, XSL } from './names.ts';

interface Declaration {
  readonly prefix: string;
  readonly uri: string;
}

export function compileLiteral(element: ElementValue): Instruction {
  const words = namespaceWords(element, 'extension-element-prefixes');
  if (words.has(element.name.uri) && element.name.uri !== '') return extension(element);
  const sets = useAttributeSets(element, xslAttribute(element, 'use-attribute-sets'));
  const attributes = element.attributes
    .filter(isPlain)
    .map((attribute) => ({ name: named(attribute, element), read: compileTemplate(attribute.value, element) }));
  const declarations = declarationsOf(element);
  const name = named(element, element);
  const body = compileBody(element);
  return (state, out) => {
    out.element(aliased(name, state), () => {
      for (const { prefix, uri } of declarations) out.namespace(prefix, state.transform.stylesheet.aliases.get(uri) ?? uri);
      sets(state, out);
      for (const { name: attribute, read } of attributes)
        out.attribute(attribute.uri === '' ? attribute : aliased(attribute, state), read(state));
      body(state, out);
    });
    return undefined;
  };
}

/** No extension element is known, so its fallback is what runs. */
function extension(element: ElementValue): Instruction {
  const fallbacks = childElementsOf(element).filter((child) => isXsl(child, 'fallback'));
  if (fallbacks.length === 0) throw new StylesheetError(`the extension element \`${element.name.local}\` is not known`);
  const bodies = fallbacks.map(compileBody);
  return (state, out) => {
    for (const body of bodies) body(state, out);
    return undefined;
  };
}

function isPlain(attribute: AttributeValue): boolean {
  return !attribute.isNamespaceDeclaration && attribute.name.uri !== XSL;
}

function xslAttribute(element: ElementValue, local: string): string | undefined {
  return element.attributes.find(({ name }) => name.uri === XSL && name.local === local)?.value;
}

function named(node: ElementValue | AttributeValue, element: ElementValue): QName {
  const { local, uri } = node.name;
  return { local, uri, prefix: uri === '' ? '' : (prefixInScope(element, uri) ?? '') };
}

function aliased(name: QName, state: State): QName {
  const uri = state.transform.stylesheet.aliases.get(name.uri);
  return uri === undefined ? name : { ...name, uri };
}

/** Namespaces in scope of the element but XSLT's own and those excluded. */
function declarationsOf(element: ElementValue): Declaration[] {
  const excluded = new Set([
    XSL,
    ...namespaceWords(element, 'exclude-result-prefixes'),
    ...namespaceWords(element, 'extension-element-prefixes'),
  ]);
  const seen = new Map<string, string>();
  for (let at: ElementValue | null = element; at !== null; at = at.parentElement) {
    for (const { name, value } of at.attributes) {
      const prefix = name.uri === XMLNS_NAMESPACE ? name.local : name.uri === '' && name.local === 'xmlns' ? '' : undefined;
      if (prefix !== undefined && !seen.has(prefix)) seen.set(prefix, value);
    }
  }
  return [...seen].filter(([, uri]) => uri !== '' && !excluded.has(uri)).map(([prefix, uri]) => ({ prefix, uri }));
}

/** The namespaces that an attribute of the element, or of what is around it, lists by prefix. */
function namespaceWords(element: ElementValue, attribute: string): Set<string> {
  const found = new Set<string>();
  for (let at: ElementValue | null = element; at !== null; at = at.parentElement) {
    const holder = at;
    const value = isXsl(at)
      ? at.attributes.find(({ name }) => name.uri === '' && name.local === attribute)?.value
      : xslAttribute(at, attribute);
    for (const prefix of (value ?? '').split(/\s+/)) {
      if (prefix !== '') found.add(namespaceInScope(holder, prefix === '#default' ? '' : prefix) ?? '');
    }
  }
  return found;
}
