import { wordsOf } from '../../search/words.ts';
import { slabAt } from './bytes.ts';
import { openPostings, type PostingCursor } from './postings.ts';
import type { IndexTables } from './tables.ts';

/** Words with that ending that are followed through their lists; with more of them, paths are looked at instead. */
const MAX_WORDS = 64;

/**
 * What an ending asks for: nothing that is shared, the files of these words, or so many words that each path has to be
 * looked at.
 */
export type EndingSearch = 'none' | 'many' | PostingCursor;

export function openEnding(tables: IndexTables, ending: string): EndingSearch {
  const mirrored = Buffer.from(ending).reverse();
  const from = bound(tables, mirrored, 'from');
  const to = bound(tables, mirrored, 'to');
  if (from === to) return 'none';
  if (to - from > MAX_WORDS) return 'many';
  const cursors = Array.from(tables.backwards.subarray(from, to), (word) =>
    openPostings(tables.postings, word),
  );
  return new AnyOf(cursors);
}

/** Whether some word of a path ends so. */
export function hasEnding(path: string, ending: string): boolean {
  return wordsOf(path).some((word) => word.endsWith(ending));
}

/** The first place in the order of words read backwards that begins with these bytes, or the first behind those. */
function bound({ words, backwards }: IndexTables, mirrored: Uint8Array, which: 'from' | 'to'): number {
  let low = 0;
  let high = backwards.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareEnd(slabAt(words, backwards[middle]!), mirrored);
    if (order < 0 || (order === 0 && which === 'to')) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A word read backwards against the beginning of such a one: 0 when it begins so. */
function compareEnd(word: Uint8Array, mirrored: Uint8Array): number {
  for (let i = 0; i < mirrored.length; i++) {
    if (i >= word.length) return -1;
    const difference = word[word.length - 1 - i]! - mirrored[i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The files of any of several words. */
class AnyOf implements PostingCursor {
  readonly count: number;
  readonly #cursors: readonly PostingCursor[];

  constructor(cursors: readonly PostingCursor[]) {
    this.#cursors = cursors;
    this.count = cursors.reduce((sum, { count }) => sum + count, 0);
  }

  seek(id: number): number {
    let least = -1;
    for (const cursor of this.#cursors) {
      const next = cursor.seek(id);
      if (next >= 0 && (least < 0 || next < least)) least = next;
    }
    return least;
  }
}
