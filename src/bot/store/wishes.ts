import type { Database, Db } from './database.ts';
import { exactText, storedText } from './exact-text.ts';
import { changesOf, type StoredWish, wishOf } from './wish-rows.ts';

/** How downloads from a user went. */
export interface Experience {
  good: number;
  bad: number;
}

/** Wishes of all plugins, whom they ignore, and how downloads went. */
export class WishBook {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All of them, in the order in which they were made. */
  async load(): Promise<readonly StoredWish[]> {
    const rows = await this.#database.read((db) =>
      db.selectFrom('wish').selectAll().orderBy('seq').execute(),
    );
    return rows.map(wishOf);
  }

  /** @returns its number. */
  async insert(wish: Omit<StoredWish, 'seq'>): Promise<number> {
    return this.#database.write((tx) => insertWish(tx, wish));
  }

  /** Under a number that no wish had before: its own. @returns that and its id. */
  async insertNumbered(wish: Omit<StoredWish, 'seq' | 'id'>): Promise<Pick<StoredWish, 'seq' | 'id'>> {
    return this.#database.write(async (tx) => {
      while (true) {
        const seq = await insertWish(tx, { ...wish, id: '' });
        const id = String(seq);
        const taken = await tx
          .selectFrom('wish')
          .select('seq')
          .where('instance', '=', wish.instance)
          .where('id', '=', id)
          .executeTakeFirst();
        if (taken === undefined) {
          await tx.updateTable('wish').set({ id }).where('seq', '=', seq).execute();
          return { seq, id };
        }
        await tx.deleteFrom('wish').where('seq', '=', seq).execute();
      }
    });
  }

  /** Saves how these stand, all or none. */
  async save(wishes: readonly StoredWish[]): Promise<void> {
    await this.#database.write(async (tx) => {
      for (const wish of wishes) await saveWish(tx, wish);
    });
  }

  /** With all that it has seen and found. */
  async remove(seq: number): Promise<void> {
    await this.#database.write((tx) => deleteWish(tx, seq));
  }

  async ignored(): Promise<readonly { readonly instance: string; readonly user: string }[]> {
    const rows = await this.#database.read((db) =>
      db.selectFrom('wish_ignored').selectAll().orderBy('instance').orderBy('person').execute(),
    );
    return rows.map(({ instance, person }) => ({ instance, user: exactText(person) }));
  }

  async ignore(instance: string, user: string): Promise<void> {
    await this.#database.write(async (tx) => {
      await tx
        .insertInto('wish_ignored')
        .values({ instance, person: storedText(user) })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    });
  }

  async unignore(instance: string, user: string): Promise<void> {
    await this.#database.write(async (tx) => {
      await tx
        .deleteFrom('wish_ignored')
        .where('instance', '=', instance)
        .where('person', '=', storedText(user))
        .execute();
    });
  }

  /** By instance, then by user. */
  async experience(): Promise<Map<string, Map<string, Experience>>> {
    const rows = await this.#database.read((db) => db.selectFrom('wish_experience').selectAll().execute());
    const all = new Map<string, Map<string, Experience>>();
    for (const { instance, person, good, bad } of rows) {
      const own = all.get(instance) ?? new Map<string, Experience>();
      all.set(instance, own.set(exactText(person), { good, bad }));
    }
    return all;
  }

  async learn(instance: string, user: string, { good, bad }: Experience): Promise<void> {
    await this.#database.write(async (tx) => {
      await tx
        .insertInto('wish_experience')
        .values({ instance, person: storedText(user), good, bad })
        .onConflict((conflict) => conflict.columns(['instance', 'person']).doUpdateSet({ good, bad }))
        .execute();
    });
  }
}

async function insertWish(tx: Db, wish: Omit<StoredWish, 'seq'>): Promise<number> {
  const { instance, id, registered } = wish;
  const { seq } = await tx
    .insertInto('wish')
    .values({ instance, id: storedText(id), registered: Number(registered), ...changesOf(wish) })
    .returning('seq')
    .executeTakeFirstOrThrow();
  return seq;
}

/** Saves how a wish stands. @returns false when it was removed meanwhile. */
export async function saveWish(tx: Db, wish: StoredWish): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('wish')
    .set(changesOf(wish))
    .where('seq', '=', wish.seq)
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}

export async function deleteWish(tx: Db, seq: number): Promise<void> {
  await tx.deleteFrom('wish_seen').where('wish', '=', seq).execute();
  await tx.deleteFrom('wish_find').where('wish', '=', seq).execute();
  await tx.deleteFrom('wish_batch').where('wish', '=', seq).execute();
  await tx.deleteFrom('wish').where('seq', '=', seq).execute();
}
