/** System.Array, System.Collections and System.Collections.Generic. */
import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { arrayType } from './array-type.ts';
import { comparerTypes } from './comparers.ts';
import { dictionaryTypeList } from './dictionary-type.ts';
import { setTypes } from './hash-set.ts';
import { interfaceTypes } from './interfaces.ts';
import { keyValuePairType } from './key-value-pair.ts';
import { listType, readOnlyCollectionType } from './list-type.ts';
import { lineTypes } from './queue-stack.ts';

export const collectionTypes: readonly TypeDeclaration[] = [
  ...interfaceTypes,
  ...comparerTypes,
  keyValuePairType,
  listType,
  readOnlyCollectionType,
  ...dictionaryTypeList,
  ...setTypes,
  ...lineTypes,
  arrayType,
];
