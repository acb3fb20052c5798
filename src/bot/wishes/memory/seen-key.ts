import { hash } from 'node:crypto';
import type { SearchHit } from '../../../plugins/api/search.ts';
import { contentKey, folderKey, sourceKey } from '../content/content-key.ts';

/** Under which numbers a hit is remembered. */
export interface SeenKeys {
  /** Even. */
  readonly source: number;
  /** Odd. */
  readonly folder: number;
  /** Even, with nobody. */
  readonly content: number;
  readonly who: number;
}

/**
 * A place in the memory of one wish: 46 bits of a key and one that says whether it is a folder's. With as many rows as a wish
 * may remember (20,000) one new file in three billion is taken for a known one; shorter rows are worth that.
 */
function place(key: string, odd: 0 | 1): number {
  return (Buffer.from(key, 'base64url').readUIntBE(0, 6) % 2 ** 46) * 2 + odd;
}

/** A fingerprint of a user's name in 31 bits, never 0: rows say whose they are without saying who that is. */
export function whoOf(user: string): number {
  return (hash('sha1', `u\0${user}`, 'buffer').readUInt32BE(0) >>> 1) + 1 || 1;
}

export function keysOf(hit: SearchHit): SeenKeys {
  return {
    source: place(sourceKey(hit), 0),
    folder: place(folderKey(hit), 1),
    content: place(contentKey(hit), 0),
    who: whoOf(hit.user),
  };
}
