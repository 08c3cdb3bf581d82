import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { CONTEXT_TYPE } from './context.ts';
import { ENTITY_TYPES } from './entities.ts';
import { COLLECTION_EXTENSIONS_TYPE, EXTENSIONS_TYPE } from './extensions.ts';
import { BODY_TYPE, REQUEST_CLASS, REQUEST_TYPE, RESPONSE_CLASS, RESPONSE_TYPE, URL_TYPE } from './message.ts';
import { AUTHORIZATION_TYPE, BASIC_TYPE, JWT_TYPE } from './tokens.ts';

/** Full name of the type of `context`, for the expression engine. */
export const CONTEXT_TYPE_NAME = 'IProxyRequestContext';

/** APIM's own types: what expressions reach through `context`, and the methods the gateway adds. */
export function contextDeclarations(): TypeDeclaration[] {
  return [
    CONTEXT_TYPE,
    REQUEST_TYPE,
    RESPONSE_TYPE,
    REQUEST_CLASS,
    RESPONSE_CLASS,
    BODY_TYPE,
    URL_TYPE,
    ...ENTITY_TYPES,
    JWT_TYPE,
    BASIC_TYPE,
    AUTHORIZATION_TYPE,
    EXTENSIONS_TYPE,
    COLLECTION_EXTENSIONS_TYPE,
  ];
}
