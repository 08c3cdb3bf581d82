import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { hashTypeDeclarations } from './hash.ts';
import { nameTypes } from './names.ts';

/** Hashes, keys and ciphers; the work itself is done by the host. */
export const cryptoTypes: readonly TypeDeclaration[] = [...hashTypeDeclarations, ...nameTypes];
