/**
 * A policy document as read: a tree in which every part knows its place in the file. Nothing is lost: printing the
 * tree gives the file back byte for byte.
 */
import type { MappedText } from '../source/mapped-text.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';

/**
 * The value of an attribute or of element text. `text` is what the gateway sees: for a literal the decoded text, for an
 * expression the C# between its delimiters (entities decoded once, line breaks kept), always mapped back to the file.
 */
export interface Value {
  readonly kind: 'literal' | 'single' | 'multi';
  readonly text: MappedText;
  /** The value as written, with the delimiters of an expression, without quotes. */
  readonly span: Span;
}

export interface XmlAttribute {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Value;
  /** From the name to the closing quote. */
  readonly span: Span;
}

export interface XmlElement {
  readonly kind: 'element';
  readonly name: string;
  readonly nameSpan: Span;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
  /** The start tag (the whole of an empty element tag). */
  readonly openSpan: Span;
  /** The end tag; undefined for `<x/>`. */
  readonly closeSpan: Span | undefined;
  /** From `<` of the start tag to `>` of the end tag. */
  readonly span: Span;
}

/** A run of text, or the content of one CDATA section. */
export interface XmlText {
  readonly kind: 'text' | 'cdata';
  readonly value: Value;
  /** For CDATA with its brackets. */
  readonly span: Span;
}

/** `<!-- … -->`, `<?xml … ?>` and other instructions; `stray`: an end tag that closes nothing, reported already. */
export interface XmlTrivia {
  readonly kind: 'comment' | 'instruction' | 'stray';
  readonly span: Span;
}

export type XmlNode = XmlElement | XmlText | XmlTrivia;

/**
 * `policies`: the whole document with its sections; `fragment`; `resolver`: a GraphQL data source; `section`: one or more
 * bare sections; `bare`: policies without any root.
 */
export type DocumentKind = 'policies' | 'fragment' | 'resolver' | 'section' | 'bare';

export interface PolicyDocument {
  readonly file: SourceFile;
  readonly kind: DocumentKind;
  /** Everything at the top level, comments and blanks included. */
  readonly nodes: readonly XmlNode[];
  /** The top-level elements; one unless the kind is `section` or `bare`. */
  readonly elements: readonly XmlElement[];
}

export function isElement(node: XmlNode): node is XmlElement {
  return node.kind === 'element';
}

/** Nothing but white space. */
export function isBlank(node: XmlNode): boolean {
  return node.kind === 'text' && node.value.kind === 'literal' && node.value.text.text.trim() === '';
}

/** The element children, in order. */
export function childElements(element: XmlElement): XmlElement[] {
  return element.children.filter(isElement);
}

export function childNamed(element: XmlElement, name: string): XmlElement | undefined {
  return childElements(element).find((child) => child.name === name);
}

export function attributeNamed(element: XmlElement, name: string): XmlAttribute | undefined {
  return element.attributes.find((attribute) => attribute.name === name);
}
