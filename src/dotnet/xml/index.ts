import type { NetException } from '../../csharp/runtime/exception.ts';
import { declareEnum, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { declareException } from '../core/exceptions.ts';
import { attributeType } from './attribute.ts';
import { documentType } from './document.ts';
import { elementType } from './element.ts';
import { extensionsType } from './extensions.ts';
import { cdataType, commentType, declarationType, documentTypeType, instructionType, textType } from './leaf-types.ts';
import { namespaceType, nameType } from './names.ts';
import { containerType, equalityComparerType, nodeType, objectType, orderComparerType } from './node.ts';
import { nodeIoTypes } from './node-io.ts';
import { NODE_TYPES } from './nodes.ts';
import { xpathTypes } from './xpath-extensions.ts';

const SYSTEM = 'System.SystemException';

const xmlExceptions: readonly TypeDeclaration[] = [
  declareException('System.Xml.XmlException', SYSTEM, 'An XML error has occurred.', {
    'int LineNumber { get; }': (exception: NetException) => exception.details.LineNumber ?? 0,
    'int LinePosition { get; }': (exception: NetException) => exception.details.LinePosition ?? 0,
    'string SourceUri { get; }': () => null,
  }),
  declareException('System.Xml.XPath.XPathException', SYSTEM, 'An XPath error has occurred.'),
];

/** LINQ to XML. */
export const xmlTypes: readonly TypeDeclaration[] = [
  ...xmlExceptions,
  nameType,
  namespaceType,
  objectType,
  nodeType,
  containerType,
  elementType,
  documentType,
  attributeType,
  textType,
  cdataType,
  commentType,
  instructionType,
  documentTypeType,
  declarationType,
  extensionsType,
  orderComparerType,
  equalityComparerType,
  ...xpathTypes,
  ...nodeIoTypes,
  declareEnum('System.Xml.XmlNodeType', 'all', NODE_TYPES),
  declareEnum('System.Xml.Linq.LoadOptions', 'implied', { None: 0, PreserveWhitespace: 1, SetBaseUri: 2, SetLineInfo: 4 }, { flags: true }),
  declareEnum('System.Xml.Linq.SaveOptions', 'implied', { None: 0, DisableFormatting: 1, OmitDuplicateNamespaces: 2 }, { flags: true }),
];
