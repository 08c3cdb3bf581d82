/** Texts, comments, processing instructions, document types and declarations of LINQ to XML. */
import { declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { required } from '../text/string-parts.ts';
import { verifyName } from './names.ts';
import { CDataValue, CommentValue, DeclarationValue, DocumentTypeValue, InstructionValue, nodeOf, TextValue } from './nodes.ts';

type Text = string | null;
const NAMESPACE = 'System.Xml.Linq';

/** A property over a field of a node; null is refused or kept as the caller says. */
function field<Node, Key extends keyof Node>(key: Key) {
  return {
    get: (node: Node) => node[key],
    set: (node: Node, value: Node[Key]) => {
      node[key] = value;
    },
  };
}

export const textType: TypeDeclaration = declareType(`class ${NAMESPACE}.XText : XNode`, 'all', {
  'XText(string value)': (value: Text) => new TextValue(required(value, 'value')),
  'XText(XText other)': (other: TextValue | null) => nodeOf(other, 'other').clone(),
  'string Value { get; set; }': field<TextValue, 'value'>('value'),
});

export const cdataType: TypeDeclaration = declareType(`class ${NAMESPACE}.XCData : XText`, 'all', {
  'XCData(string value)': (value: Text) => new CDataValue(required(value, 'value')),
  'XCData(XCData other)': (other: CDataValue | null) => nodeOf(other, 'other').clone(),
});

export const commentType: TypeDeclaration = declareType(`class ${NAMESPACE}.XComment : XNode`, 'all', {
  'XComment(string value)': (value: Text) => new CommentValue(required(value, 'value')),
  'XComment(XComment other)': (other: CommentValue | null) => nodeOf(other, 'other').clone(),
  'string Value { get; set; }': field<CommentValue, 'value'>('value'),
});

export const instructionType: TypeDeclaration = declareType(`class ${NAMESPACE}.XProcessingInstruction : XNode`, 'all', {
  'XProcessingInstruction(string target, string data)': (target: Text, data: Text) =>
    new InstructionValue(verifyName(required(target, 'target')), required(data, 'data')),
  'XProcessingInstruction(XProcessingInstruction other)': (other: InstructionValue | null) => nodeOf(other, 'other').clone(),
  'string Data { get; set; }': field<InstructionValue, 'data'>('data'),
  'string Target { get; set; }': field<InstructionValue, 'target'>('target'),
});

export const documentTypeType: TypeDeclaration = declareType(`class ${NAMESPACE}.XDocumentType : XNode`, 'all', {
  'XDocumentType(string name, string publicId, string systemId, string internalSubset)': (
    name: Text,
    publicId: Text,
    systemId: Text,
    internalSubset: Text,
  ) => new DocumentTypeValue(required(name, 'name'), publicId, systemId, internalSubset),
  'XDocumentType(XDocumentType other)': (other: DocumentTypeValue | null) => nodeOf(other, 'other').clone(),
  'string Name { get; set; }': field<DocumentTypeValue, 'name'>('name'),
  'string PublicId { get; set; }': field<DocumentTypeValue, 'publicId'>('publicId'),
  'string SystemId { get; set; }': field<DocumentTypeValue, 'systemId'>('systemId'),
  'string InternalSubset { get; set; }': field<DocumentTypeValue, 'internalSubset'>('internalSubset'),
});

export const declarationType: TypeDeclaration = declareType(`class ${NAMESPACE}.XDeclaration`, 'all', {
  'XDeclaration(string version, string encoding, string standalone)': (version: Text, encoding: Text, standalone: Text) =>
    new DeclarationValue(version, encoding, standalone),
  'XDeclaration(XDeclaration other)': (other: DeclarationValue | null) => nodeOf(other, 'other').clone(),
  'string Version { get; set; }': field<DeclarationValue, 'version'>('version'),
  'string Encoding { get; set; }': field<DeclarationValue, 'encoding'>('encoding'),
  'string Standalone { get; set; }': field<DeclarationValue, 'standalone'>('standalone'),
  'string ToString()': (declaration: DeclarationValue) => declaration.netToString(),
});
