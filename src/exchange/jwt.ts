import type { NetObject } from '../csharp/runtime/values.ts';
import type { TypeDeclaration } from '../csharp/types/declare.ts';
import { JWT_TYPE } from './context/tokens.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** A token's decoded parts: what `AsJwt()` gives and validate-jwt stores. The signature plays no part here. */
export class JwtToken implements NetObject {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  #claims: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(header: JsonObject, payload: JsonObject) {
    this.header = header;
    this.payload = payload;
  }

  get netType(): TypeDeclaration {
    return JWT_TYPE;
  }

  /** Reads a compact token; a leading `Bearer ` is accepted. Null when the text is none. */
  static parse(text: string): JwtToken | null {
    const bare = text.replace(/^Bearer +/i, '').trim();
    const parts = bare.split('.', 6);
    const [head = '', body = ''] = parts;
    if (parts.length !== 3) return null;
    const header = decodePart(head);
    const payload = decodePart(body);
    return header && payload && new JwtToken(header, payload);
  }

  /** Claim values by name: lists as they are, everything but text in its JSON form. */
  get claims(): ReadonlyMap<string, readonly string[]> {
    this.#claims ??= new Map(Object.entries(this.payload).map(([name, value]) => [name, claimTexts(value)]));
    return this.#claims;
  }

  get audiences(): readonly string[] {
    return this.claims.get('aud') ?? [];
  }

  /** A header or payload member when it is text. */
  text(part: 'header' | 'payload', name: string): string | null {
    const value = this[part][name];
    return typeof value === 'string' ? value : null;
  }

  /** A numeric date in whole seconds since 1970. */
  seconds(name: string): number | null {
    const value = this.payload[name];
    return typeof value === 'number' ? value : null;
  }
}

function claimTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(claimText) : [claimText(value)];
}

function claimText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** base64url of a JSON object. */
function decodePart(text: string): JsonObject | null {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return null;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}
