/** Numbers of .NET: their types, Math, Convert, Random, Guid, and the culture that they are written in. */
import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { bitConverterType } from './bit-converter-type.ts';
import { booleanType } from './boolean-type.ts';
import { convertType, dbNullType } from './convert-type.ts';
import { cultureTypes } from './culture-types.ts';
import { decimalType } from './decimal-type.ts';
import { floatingTypes } from './floating-types.ts';
import { guidType } from './guid-type.ts';
import { integerTypes } from './integer-types.ts';
import { mathType } from './math-type.ts';
import { randomType } from './random-type.ts';

/** The declarations of this family. */
export const numberTypes: readonly TypeDeclaration[] = [
  booleanType,
  ...integerTypes,
  ...floatingTypes,
  decimalType,
  mathType,
  convertType,
  dbNullType,
  bitConverterType,
  randomType,
  guidType,
  ...cultureTypes,
];
