import type { WishFindBook } from '../../src/bot/store/wish-finds.ts';
import type { SeenRow } from '../../src/bot/store/wish-memory.ts';
import { newWish, type StoredWish } from '../../src/bot/store/wish-rows.ts';
import type { WishBook } from '../../src/bot/store/wishes.ts';
import { contentMark, folderMark, sourceMark } from '../../src/bot/wishes/memory/marks.ts';
import { keysOf } from '../../src/bot/wishes/memory/seen-key.ts';
import { SeededRandom } from '../../src/platform/virtual/seeded-random.ts';
import { hitOf } from './hits.ts';

export interface FillOptions {
  readonly wishes: number;
  /** Of each wish. */
  readonly results: number;
  /** Minutes since the epoch. */
  readonly at: number;
}

export const MOST_ROWS = 20_000;

const PASSES = 20;

/** Makes wishes, and lets each remember so many results. @returns the wishes, and the rows of their memories. */
export async function fill(
  book: WishBook,
  finds: WishFindBook,
  { wishes, results, at }: FillOptions,
): Promise<{ readonly wishes: readonly StoredWish[]; readonly rows: number }> {
  const random = new SeededRandom('filled store');
  const all: StoredWish[] = [];
  let rows = 0;
  for (let i = 0; i < wishes; i += 1) {
    const made = newWish({
      instance: 'bench',
      id: `wish ${i}`,
      spec: { query: `invented artist ${i}`, filter: { class: ['lossless'] } },
      registered: false,
      createdAt: at * 60_000,
    });
    const wish: StoredWish = { ...made, seq: await book.insert(made) };
    all.push(wish);
  }
  // In the order in which it comes: a little of each, again and again.
  const some = results / PASSES;
  for (let pass = 0; pass < PASSES; pass += 1) {
    for (const [i, wish] of all.entries()) {
      const seen = rowsOf(i, pass * some, (pass + 1) * some, at, random);
      wish.remembered += seen.length;
      wish.seen += some;
      rows += seen.length;
      await finds.note(wish, { seen, news: [], known: [], at: at * 60_000, most: MOST_ROWS });
    }
  }
  return { wishes: all, rows };
}

/** What is remembered of results: each file, its content and its folder once. */
export function rowsOf(
  wish: number,
  from: number,
  to: number,
  at: number,
  random: SeededRandom,
): readonly SeenRow[] {
  const rows = new Map<number, SeenRow>();
  for (let i = from; i < to; i += 1) {
    const hit = hitOf(wish, i, random);
    const { source, folder, content, who } = keysOf(hit);
    rows.set(source, { key: source, who, mark: sourceMark({ quality: 80, slotFree: hit.slotFree }), at });
    rows.set(folder, { key: folder, who, mark: folderMark({ files: 10 }), at });
    rows.set(content, { key: content, who: 0, mark: contentMark({ quality: 80, folderFiles: 10 }), at });
  }
  return [...rows.values()];
}
