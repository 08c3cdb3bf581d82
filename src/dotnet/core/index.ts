import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { generalDelegates } from './delegates.ts';
import { enumType } from './enum.ts';
import { exceptionTypes } from './exceptions.ts';
import { interfaceTypes } from './interfaces.ts';
import { nullableStatics, nullableType } from './nullable.ts';
import { delegateTypes, objectType, valueTypeType } from './object.ts';
import { spanTypes } from './span.ts';
import { tupleTypes } from './tuples.ts';
import { memberInfoType, typeType } from './type.ts';

/** The types that the language itself rests on. */
export const coreTypes: readonly TypeDeclaration[] = [
  objectType,
  valueTypeType,
  enumType,
  memberInfoType,
  typeType,
  ...delegateTypes,
  ...generalDelegates,
  nullableType,
  nullableStatics,
  ...tupleTypes,
  ...spanTypes,
  ...interfaceTypes,
  ...exceptionTypes,
];
