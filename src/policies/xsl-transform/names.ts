/** Qualified names as stylesheets write them. */
import { NameValue } from '../../dotnet/xml/names.ts';
import { ElementValue } from '../../dotnet/xml/nodes.ts';
import { namespaceInScope } from '../../dotnet/xml/write.ts';
import { StylesheetError, transformFailure } from './errors.ts';

export const XSL = 'http://www.w3.org/1999/XSL/Transform';

/** A name with the prefix it was written with. */
export interface QName {
  readonly prefix: string;
  readonly local: string;
  readonly uri: string;
}

const NAME = /^(?:([\p{L}_][\p{L}\p{N}\p{M}._-]*):)?([\p{L}_][\p{L}\p{N}\p{M}._-]*)$/u;

/** Splits and resolves a name; undefined when it is none or its prefix is not declared. `useDefault`: names without prefix take the default namespace. */
function resolveName(text: string, at: ElementValue, useDefault: boolean): QName | undefined {
  const match = NAME.exec(text.trim());
  if (!match) return undefined;
  const [, prefix = '', local = ''] = match;
  const uri = prefix === '' && !useDefault ? '' : (namespaceInScope(at, prefix) ?? (prefix === '' ? '' : undefined));
  return uri === undefined ? undefined : { prefix, local, uri };
}

/** The expanded name of a template, variable or key, as one text. */
export function expandedName(text: string, at: ElementValue): string {
  const name = resolveName(text, at, false);
  if (!name) throw new StylesheetError(`\`${text}\` is not a name here`);
  return new NameValue(name.local, name.uri).netToString();
}

/** The same for a name that is only known while the transformation runs. */
export function runtimeName(text: string, at: ElementValue, useDefault: boolean): QName {
  const name = resolveName(text, at, useDefault);
  if (!name) throw transformFailure(`'${text}' is an invalid QName.`);
  return name;
}

/** Whether an element is `xsl:local`. */
export function isXsl(element: ElementValue, local?: string): boolean {
  return element.name.uri === XSL && (local === undefined || element.name.local === local);
}

/** The value of an attribute without namespace; undefined when it is missing. */
export function attributeOf(element: ElementValue, local: string): string | undefined {
  return element.attribute(new NameValue(local))?.value;
}

export function requiredAttribute(element: ElementValue, local: string): string {
  const value = attributeOf(element, local);
  if (value === undefined) throw new StylesheetError(`\`xsl:${element.name.local}\` needs the attribute \`${local}\``);
  return value;
}

export function childElementsOf(element: ElementValue): ElementValue[] {
  return [...element.nodes()].filter((node): node is ElementValue => node instanceof ElementValue);
}
