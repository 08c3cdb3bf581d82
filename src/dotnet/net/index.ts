import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { netEnums } from './enums.ts';
import { ipAddressType } from './ip-address.ts';
import { uriType } from './uri.ts';
import { uriBuilderType } from './uri-builder.ts';
import { webUtilityType } from './web-utility.ts';

/** URIs, IP addresses and the encodings of the web. */
export const netTypes: readonly TypeDeclaration[] = [uriType, uriBuilderType, ipAddressType, webUtilityType, ...netEnums];
