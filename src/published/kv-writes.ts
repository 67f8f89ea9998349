import type { Quirk } from './quirk.ts';

export const kvWrites = {
  name: 'kv-writes',
  published: 'new keys and values do not reach the cache',
  repaired: 'written to it',
  omits: ['transfer'],
} as const satisfies Quirk;
