import type { TypeDeclaration } from '../csharp/types/declare.ts';
import { collectionTypes } from './collections/index.ts';
import { coreTypes } from './core/index.ts';
import { cryptoTypes } from './crypto/index.ts';
import { jsonTypes } from './json/index.ts';
import { linqTypes } from './linq/index.ts';
import { netTypes } from './net/index.ts';
import { numberTypes } from './numbers/index.ts';
import { regexTypes } from './regex/index.ts';
import { textTypes } from './text/index.ts';
import { timeTypes } from './time/index.ts';
import { xmlTypes } from './xml/index.ts';

/** The .NET library that expressions may use, all families together. */
export function libraryDeclarations(): TypeDeclaration[] {
  return [
    ...coreTypes,
    ...numberTypes,
    ...timeTypes,
    ...textTypes,
    ...collectionTypes,
    ...linqTypes,
    ...regexTypes,
    ...cryptoTypes,
    ...jsonTypes,
    ...netTypes,
    ...xmlTypes,
  ];
}
