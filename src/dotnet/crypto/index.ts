import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { declareException } from '../core/exceptions.ts';
import { certificateTypes } from './certificate.ts';
import { hashTypeDeclarations } from './hash.ts';
import { nameTypes } from './names.ts';
import { rsaTypes } from './rsa.ts';
import { symmetricTypes } from './symmetric.ts';

/** Hashes, keys and ciphers; the work itself is done by the host. */
export const cryptoTypes: readonly TypeDeclaration[] = [
  declareException(
    'System.Security.Cryptography.CryptographicUnexpectedOperationException',
    'System.Security.Cryptography.CryptographicException',
    'Unexpected cryptographic operation.',
  ),
  declareException('System.PlatformNotSupportedException', 'System.NotSupportedException', 'Operation is not supported on this platform.'),
  ...hashTypeDeclarations,
  ...nameTypes,
  ...symmetricTypes,
  ...rsaTypes,
  ...certificateTypes,
];
