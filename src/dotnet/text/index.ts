import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { charType } from './char.ts';
import { charEnumeratorType } from './char-enumerator.ts';
import { encodingType } from './encoding.ts';
import { textEnums } from './enums.ts';
import { stringReaderType, stringWriterType, textReaderType, textWriterType } from './reader-writer.ts';
import { stringType } from './string.ts';
import { stringBuilderType } from './string-builder.ts';
import { stringComparerType } from './string-comparer.ts';

/** Strings, characters, encodings, and what reads and builds text. */
export const textTypes: readonly TypeDeclaration[] = [
  stringType,
  charType,
  charEnumeratorType,
  stringBuilderType,
  encodingType,
  stringComparerType,
  textReaderType,
  stringReaderType,
  textWriterType,
  stringWriterType,
  ...textEnums,
];
