import { sql } from 'kysely';
import type { Database, Db } from './database.ts';
import type { StoredWish } from './wish-rows.ts';
import { saveWish } from './wishes.ts';

/** Something that a wish has seen. */
export interface SeenRow {
  readonly key: number;
  /** Whose it is; of a content minus whose, and 0 when several have it. */
  readonly who: number;
  readonly mark: number;
  /** Minutes since the epoch. */
  readonly at: number;
}

/** What is known under a key. */
export type SeenMark = Pick<SeenRow, 'who' | 'mark' | 'at'>;

/** Keys per query and rows per statement: few different statements, because each is kept prepared. */
const LOOKUP_SIZES = [512, 64, 8] as const;
const INSERT_SIZES = [64, 8, 1] as const;

/** Sources have even keys and folders odd ones. */
const ARE_FILES = sql<boolean>`who > 0 and key % 2 = 0`;

/** What wishes have seen. */
export class WishMemory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * What a wish knows of these keys.
   * @param oldest what was last seen then or before is not known any more, in minutes since the epoch
   */
  async lookup(
    wish: number,
    keys: readonly number[],
    oldest: number,
  ): Promise<ReadonlyMap<number, SeenMark>> {
    const found = new Map<number, SeenMark>();
    if (keys.length === 0) return found;
    await this.#database.read(async (db) => {
      for (const some of pieces(keys, LOOKUP_SIZES)) {
        const rows = await db
          .selectFrom('wish_seen')
          .select(['key', 'who', 'mark', 'at'])
          .where('wish', '=', wish)
          .where('key', 'in', some)
          .execute();
        for (const { key, ...mark } of rows) if (mark.at > oldest) found.set(key, mark);
      }
    });
    return found;
  }

  /** Forgets everything, or what one user alone has, and counts anew what is left. @returns files forgotten. */
  async forget(wish: StoredWish, who: number | undefined): Promise<number> {
    return this.#database.write(async (tx) => {
      const before = wish.seen;
      let query = tx.deleteFrom('wish_seen').where('wish', '=', wish.seq);
      if (who !== undefined) query = query.where('who', 'in', [who, -who]);
      await query.execute();
      await recount(tx, wish);
      return Math.max(0, before - wish.seen);
    });
  }

  /**
   * Deletes what is over its time, one wish after the other: no transaction takes long.
   * @param wishes all of them, as they stand
   * @param oldest in minutes since the epoch
   * @returns rows deleted.
   */
  async prune(wishes: readonly StoredWish[], oldest: number): Promise<number> {
    let deleted = 0;
    for (const wish of wishes) {
      const old = await this.#database.read((db) =>
        db
          .selectFrom('wish_seen')
          .select(sql<number>`count(*)`.as('n'))
          .where('wish', '=', wish.seq)
          .where('at', '<=', oldest)
          .executeTakeFirstOrThrow(),
      );
      if (old.n === 0) continue;
      deleted += old.n;
      await this.#database.write(async (tx) => {
        await tx.deleteFrom('wish_seen').where('wish', '=', wish.seq).where('at', '<=', oldest).execute();
        await recount(tx, wish);
      });
    }
    return deleted;
  }
}

/** Remembers, in a transaction; what was known under a key is replaced. */
export async function remember(tx: Db, wish: number, rows: readonly SeenRow[]): Promise<void> {
  for (const some of wholePieces(rows, INSERT_SIZES)) {
    await tx
      .insertInto('wish_seen')
      .values(some.map((row) => ({ wish, ...row })))
      .onConflict((conflict) =>
        conflict.columns(['wish', 'key']).doUpdateSet((row) => ({
          who: row.ref('excluded.who'),
          mark: row.ref('excluded.mark'),
          at: row.ref('excluded.at'),
        })),
      )
      .execute();
  }
}

/** Forgets the oldest rows of a wish that has more than it may; a tenth more, so that it is seldom. */
export async function trim(tx: Db, wish: StoredWish, most: number): Promise<void> {
  if (wish.remembered <= most) return;
  const oldest = tx
    .selectFrom('wish_seen')
    .select('key')
    .where('wish', '=', wish.seq)
    .orderBy('at')
    .orderBy('key')
    .limit(wish.remembered - Math.floor(most * 0.9));
  await tx.deleteFrom('wish_seen').where('wish', '=', wish.seq).where('key', 'in', oldest).execute();
  await recount(tx, wish);
}

async function recount(tx: Db, wish: StoredWish): Promise<void> {
  const { n, files } = await tx
    .selectFrom('wish_seen')
    .select([
      sql<number>`count(*)`.as('n'),
      sql<number>`coalesce(sum(case when ${ARE_FILES} then 1 else 0 end), 0)`.as('files'),
    ])
    .where('wish', '=', wish.seq)
    .executeTakeFirstOrThrow();
  wish.remembered = n;
  wish.seen = files;
  await saveWish(tx, wish);
}

/** Pieces of a few sizes, the last one filled up with repetitions. */
function* pieces(keys: readonly number[], sizes: readonly number[]): Generator<number[]> {
  let from = 0;
  while (from < keys.length) {
    const left = keys.length - from;
    const size = sizes.find((one) => one <= left) ?? sizes.at(-1)!;
    const some = keys.slice(from, from + size);
    from += size;
    while (some.length < size) some.push(some[0]!);
    yield some;
  }
}

/** Pieces of a few sizes, of which the smallest must be 1. */
function* wholePieces<T>(rows: readonly T[], sizes: readonly number[]): Generator<readonly T[]> {
  let from = 0;
  while (from < rows.length) {
    const size = sizes.find((one) => one <= rows.length - from) ?? 1;
    yield rows.slice(from, from + size);
    from += size;
  }
}
