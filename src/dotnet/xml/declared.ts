import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { attributeType } from './attribute.ts';
import { documentType } from './document.ts';
import { elementType } from './element.ts';
import { cdataType, commentType, declarationType, documentTypeType, instructionType, textType } from './leaf-types.ts';

interface XmlDeclarations {
  readonly attribute: TypeDeclaration;
  readonly cdata: TypeDeclaration;
  readonly comment: TypeDeclaration;
  readonly declaration: TypeDeclaration;
  readonly document: TypeDeclaration;
  readonly documentType: TypeDeclaration;
  readonly element: TypeDeclaration;
  readonly instruction: TypeDeclaration;
  readonly text: TypeDeclaration;
}

/** The declarations that nodes name as their types; asked for when needed, since declarations and nodes know each other. */
export function xmlDeclarations(): XmlDeclarations {
  return {
    attribute: attributeType,
    cdata: cdataType,
    comment: commentType,
    declaration: declarationType,
    document: documentType,
    documentType: documentTypeType,
    element: elementType,
    instruction: instructionType,
    text: textType,
  };
}
