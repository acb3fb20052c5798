import { type Selectable, sql } from 'kysely';
import { decodeFileRef, encodeFileRef } from '../../network/search/file-ref.ts';
import type { SearchHit } from '../../plugins/api/search.ts';
import type { FindKind, ScorePart } from '../../plugins/api/wishlist.ts';
import type { Database, Db } from './database.ts';
import { exactText, storedText } from './exact-text.ts';
import { remember, type SeenRow, trim } from './wish-memory.ts';
import type { StoredWish } from './wish-rows.ts';
import type { WishFindTable } from './wish-tables.ts';
import { saveWish } from './wishes.ts';

/** Latest finds of a wish that are kept; those that wait are kept in any case. */
export const KEPT_FINDS = 500;

/** A file that passed, as it is kept. */
export interface StoredFind {
  readonly number: number;
  readonly state: WishFindTable['state'];
  readonly kind: FindKind;
  readonly hit: SearchHit;
  readonly content: string;
  readonly folderFiles: number;
  readonly score: number;
  readonly parts: readonly ScorePart[];
  readonly at: number;
  readonly late: boolean;
  readonly reason?: string;
}

/** Finds that are told together. */
export interface StoredBatch {
  readonly seq: number;
  readonly wish: number;
  readonly at: number;
  attempts: number;
  nextAt: number;
}

/** What a wish learned from some results. */
export interface Findings {
  readonly seen: readonly SeenRow[];
  /** To be told, in groups that are told together. */
  readonly news: readonly (readonly StoredFind[])[];
  readonly known: readonly StoredFind[];
  readonly at: number;
  /** Rows that a wish may remember at most. */
  readonly most: number;
}

/** What was found: noted together with what was seen, then told, then marked as told. */
export class WishFindBook {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Notes what a wish has found and seen, and how it stands, in one step.
   * @returns what is to be told; undefined when the wish was removed meanwhile: nothing is noted then.
   */
  async note(wish: StoredWish, findings: Findings): Promise<readonly StoredBatch[] | undefined> {
    const { seen, news, known, at, most } = findings;
    return this.#database.write(async (tx) => {
      if (!(await saveWish(tx, wish))) return undefined;
      await remember(tx, wish.seq, seen);
      const batches: StoredBatch[] = [];
      for (const finds of news) {
        const { seq } = await tx
          .insertInto('wish_batch')
          .values({ wish: wish.seq, at, attempts: 0, next_at: at })
          .returning('seq')
          .executeTakeFirstOrThrow();
        for (const find of finds) await insertFind(tx, wish.seq, find, seq);
        batches.push({ seq, wish: wish.seq, at, attempts: 0, nextAt: at });
      }
      for (const find of known) await insertFind(tx, wish.seq, find, null);
      if (news.length + known.length > 0) {
        await tx
          .deleteFrom('wish_find')
          .where('wish', '=', wish.seq)
          .where('number', '<', wish.nextNumber - KEPT_FINDS)
          .where('state', '!=', 'waiting')
          .execute();
      }
      await trim(tx, wish, most);
      return batches;
    });
  }

  /** What is to be told, the oldest first. */
  async batches(): Promise<readonly StoredBatch[]> {
    const rows = await this.#database.read((db) =>
      db.selectFrom('wish_batch').selectAll().orderBy('seq').execute(),
    );
    return rows.map(({ seq, wish, at, attempts, next_at: nextAt }) => ({ seq, wish, at, attempts, nextAt }));
  }

  /** How many finds of each wish wait to be told, and how many of them are new contents. */
  async waiting(): Promise<
    readonly { readonly wish: number; readonly all: number; readonly fresh: number }[]
  > {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('wish_find')
        .select([
          'wish',
          sql<number>`count(*)`.as('n'),
          sql<number>`sum(case when kind = 'new' then 1 else 0 end)`.as('fresh'),
        ])
        .where('batch', 'is not', null)
        .groupBy('wish')
        .execute(),
    );
    return rows.map(({ wish, n, fresh }) => ({ wish, all: n, fresh }));
  }

  /** Somebody is about to be told: whoever comes later knows that it may have happened. @returns its finds. */
  async begin({ seq }: StoredBatch, attempt: number): Promise<readonly StoredFind[]> {
    return this.#database.write(async (tx) => {
      await tx.updateTable('wish_batch').set({ attempts: attempt }).where('seq', '=', seq).execute();
      const rows = await tx
        .selectFrom('wish_find')
        .selectAll()
        .where('batch', '=', seq)
        .orderBy('number')
        .execute();
      return rows.map(findOf);
    });
  }

  /** It could not be told. */
  async postpone({ seq }: StoredBatch, nextAt: number): Promise<void> {
    await this.#database.write(async (tx) => {
      await tx.updateTable('wish_batch').set({ next_at: nextAt }).where('seq', '=', seq).execute();
    });
  }

  /** It was told. @param wish how it stands then; undefined: it was removed. */
  async told({ seq }: StoredBatch, wish: StoredWish | undefined): Promise<void> {
    await this.#database.write(async (tx) => {
      await tx
        .updateTable('wish_find')
        .set({ state: 'told', batch: null })
        .where('batch', '=', seq)
        .execute();
      await tx.deleteFrom('wish_batch').where('seq', '=', seq).execute();
      if (wish !== undefined) await saveWish(tx, wish);
    });
  }

  /** The latest finds of a wish, told or not, the latest first. */
  async latest(wish: number, limit: number): Promise<readonly StoredFind[]> {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('wish_find')
        .selectAll()
        .where('wish', '=', wish)
        .orderBy('number', 'desc')
        .limit(limit)
        .execute(),
    );
    return rows.map(findOf);
  }

  async get(wish: number, number: number): Promise<StoredFind | undefined> {
    const row = await this.#database.read((db) =>
      db
        .selectFrom('wish_find')
        .selectAll()
        .where('wish', '=', wish)
        .where('number', '=', number)
        .executeTakeFirst(),
    );
    return row && findOf(row);
  }
}

/** What of a find has no column of its own. Name, folder and ref follow from the path. */
interface FindDoc {
  readonly path: string;
  readonly latin1?: true;
  readonly hit: Omit<SearchHit, 'user' | 'path' | 'name' | 'folder' | 'ref'>;
  readonly content: string;
  readonly folderFiles: number;
  readonly score: number;
  readonly parts: readonly ScorePart[];
  readonly reason?: string;
}

async function insertFind(tx: Db, wish: number, find: StoredFind, batch: number | null): Promise<void> {
  const { number, state, kind, at, late, hit, content, folderFiles, score, parts, reason } = find;
  const { user, path, ref, verified, size, extension, attributes, slotFree, speed, queueLength, locked } =
    hit;
  const doc: FindDoc = {
    path,
    ...(decodeFileRef(ref)?.latin1 === true && { latin1: true }),
    hit: { verified, size, extension, attributes, slotFree, speed, queueLength, locked },
    content,
    folderFiles,
    score,
    parts,
    ...(reason !== undefined && { reason }),
  };
  await tx
    .insertInto('wish_find')
    .values({
      wish,
      number,
      batch,
      state,
      kind,
      person: storedText(user),
      at,
      late: Number(late),
      doc: JSON.stringify(doc),
    })
    .execute();
}

function findOf(row: Selectable<WishFindTable>): StoredFind {
  const {
    path,
    latin1 = false,
    hit,
    content,
    folderFiles,
    score,
    parts,
    reason,
  } = JSON.parse(row.doc) as FindDoc;
  const user = exactText(row.person);
  const cut = Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/'));
  return {
    number: row.number,
    state: row.state,
    kind: row.kind as FindKind,
    hit: {
      ...hit,
      user,
      path,
      name: path.slice(cut + 1),
      folder: path.slice(0, Math.max(0, cut)),
      ref: encodeFileRef({ user, path, latin1, size: hit.size }),
    },
    content,
    folderFiles,
    score,
    parts,
    at: row.at,
    late: row.late === 1,
    ...(reason !== undefined && { reason }),
  };
}
