/** Default values of optional parameters, from their text in a signature to run-time representation. */
import type { Type } from './type.ts';

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** The value that `text` means for a parameter of the type; `where` names the declaration in the error for an unreadable one. */
export function defaultValue(text: string, type: Type, where: string): unknown {
  if (text === 'default') return zeroOf(type);
  if (WORDS.has(text)) return WORDS.get(text);
  if (text.startsWith('"')) return JSON.parse(text);
  if (text.startsWith("'")) return characterOf(text);
  if (/^-?[0-9]/.test(text)) return numberOf(text, type);
  const member = type.kind === 'named' ? type.definition.enumValues?.get(text.slice(text.lastIndexOf('.') + 1)) : undefined;
  if (member === undefined) throw new Error(`${where}: '${text}' is no default value`);
  return member;
}

function characterOf(text: string): number {
  const inner = JSON.parse(`"${text.slice(1, -1).replace(/"/g, '\\"').replace(/\\'/g, "'").replace(/\\0/g, '\\u0000')}"`);
  return typeof inner === 'string' ? inner.charCodeAt(0) : 0;
}

function numberOf(text: string, type: Type): number | bigint {
  const digits = text.replace(/[a-zA-Z]+$/, '');
  const isLong = type.kind === 'named' && (type.definition.keyword === 'long' || type.definition.keyword === 'ulong');
  return isLong ? BigInt(digits) : Number(digits);
}

/** `default(T)` where it is a JavaScript primitive; null for references, nullables and structs (the emitter makes those). */
function zeroOf(type: Type): unknown {
  if (type.kind !== 'named') return null;
  switch (type.definition.keyword) {
    case undefined:
      return type.definition.typeKind === 'enum' ? 0 : null;
    case 'bool':
      return false;
    case 'long':
    case 'ulong':
      return 0n;
    case 'string':
    case 'object':
    case 'decimal':
      return null;
    default:
      return 0;
  }
}
