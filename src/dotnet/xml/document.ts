import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import type { StringWriterValue } from '../text/reader-writer.ts';
import { required } from '../text/string-parts.ts';
import { addContent } from './content.ts';
import { savingMembers } from './node-io.ts';
import { type DeclarationValue, DocumentTypeValue, DocumentValue, nodeOf } from './nodes.ts';
import { parseDocument } from './parse.ts';
import { writeNode } from './write.ts';

const PRESERVE_WHITESPACE = 1;
const DISABLE_FORMATTING = 1;

function create(runtime: Runtime, declaration: DeclarationValue | null, content: readonly unknown[] | null): DocumentValue {
  const document = new DocumentValue();
  document.declaration = declaration;
  for (const item of content ?? []) addContent(runtime, document, item);
  return document;
}

function doctype(document: DocumentValue): DocumentTypeValue | null {
  for (const node of document.nodes()) if (node instanceof DocumentTypeValue) return node;
  return null;
}

function save(runtime: Runtime, document: DocumentValue, writer: StringWriterValue | null, options: number): void {
  const target = required(writer, 'textWriter');
  const { declaration } = document;
  const standalone = declaration?.standalone ?? null;
  const head = `<?xml version="1.0" encoding="utf-16"${standalone === null ? '' : ` standalone="${standalone}"`}?>`;
  const indented = (options & DISABLE_FORMATTING) === 0;
  target.write(runtime, head + (indented ? '\n' : '') + writeNode(document, indented));
}

/** System.Xml.Linq.XDocument: all members but Load are listed, and files cannot be reached. */
export const documentType: TypeDeclaration = declareType(
  'class System.Xml.Linq.XDocument : XContainer',
  ['.ctor', 'Declaration', 'DocumentType', 'NodeType', 'Parse', 'Root', 'Save', 'WriteTo'],
  {
    'XDocument()': () => new DocumentValue(),
    'XDocument(params object[] content)': special((runtime, _types, content: unknown[] | null) => create(runtime, null, content)),
    'XDocument(XDeclaration declaration, params object[] content)': special(
      (runtime, _types, declaration: DeclarationValue | null, content: unknown[] | null) => create(runtime, declaration, content),
    ),
    'XDocument(XDocument other)': (other: DocumentValue | null) => nodeOf(other, 'other').clone(),
    'XDeclaration Declaration { get; set; }': {
      get: (document: DocumentValue) => document.declaration,
      set: (document: DocumentValue, value: DeclarationValue | null) => {
        document.declaration = value;
      },
    },
    'XDocumentType DocumentType { get; }': doctype,
    'static XDocument Parse(string text)': special((runtime, _types, text: string | null) => parseDocument(text, false, runtime.budget)),
    'static XDocument Parse(string text, LoadOptions options)': special((runtime, _types, text: string | null, options: number) =>
      parseDocument(text, (options & PRESERVE_WHITESPACE) !== 0, runtime.budget),
    ),
    ...savingMembers,
    'XElement Root { get; }': (document: DocumentValue) => document.root,
    'void Save(System.IO.TextWriter textWriter)': special((runtime, _types, document: DocumentValue, writer: StringWriterValue | null) =>
      save(runtime, document, writer, 0),
    ),
    'void Save(System.IO.TextWriter textWriter, SaveOptions options)': special(
      (runtime, _types, document: DocumentValue, writer: StringWriterValue | null, options: number) =>
        save(runtime, document, writer, options),
    ),
  },
);
