import { type AttributeDeclaration, optional } from '../definition.ts';

export type CachingType = 'prefer-external' | 'external' | 'internal';

export const CACHING_TYPE: AttributeDeclaration = optional('caching-type', 'enum', 'Which cache.', {
  values: ['prefer-external', 'external', 'internal'],
  default: 'prefer-external',
  expressions: false,
});

export function cachingType(literal: string | undefined): CachingType {
  return literal === 'external' || literal === 'internal' ? literal : 'prefer-external';
}

/** Value entries and response entries share a store and must not collide. */
export function valueKey(key: string | null): string {
  return `value:${key ?? ''}`;
}
