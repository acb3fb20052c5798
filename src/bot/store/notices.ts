import { sql } from 'kysely';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Db } from './database.ts';
import { exactText, storedText } from './exact-text.ts';
import { type NextNotices, type NextQuestion, nextNotices, waiting } from './notice-order.ts';
import { type NewNotice, noticeOf, type StoredNotice } from './notice-rows.ts';
import { countWaiting, dropBeyond, forget, insertNotice, remembered } from './notice-writes.ts';

/** What became of a notice that was to be stored. */
export type Added = 'queued' | 'repeated' | 'same-text' | 'full';

/** Notices on their way: on disk before anybody is told that they are queued. */
export class StoreNotices {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Stores notices in one step, except those that were told before or for which there is no room. */
  async add(
    notices: readonly NewNotice[],
    limits: { readonly total: number; readonly target: number },
  ): Promise<readonly Added[]> {
    const now = this.#clock.now();
    return this.#database.write(async (tx) => {
      const added: Added[] = [];
      let total = await countWaiting(tx);
      for (const notice of notices) {
        const known = await remembered(tx, notice, now);
        const target = storedText(notice.target);
        if (known !== undefined) added.push(known);
        else if (total >= limits.total || (await countWaiting(tx, target)) >= limits.target)
          added.push('full');
        else {
          await insertNotice(tx, notice, now);
          total++;
          added.push('queued');
        }
      }
      return added;
    });
  }

  /** Targets for which something waits. */
  async targets(): Promise<readonly string[]> {
    const rows = await this.#database.read((db) =>
      db.selectFrom('notice').select('target').distinct().where('state', '=', 'waiting').execute(),
    );
    return rows.map(({ target }) => exactText(target));
  }

  /** What was begun comes first, then what is urgent or due, in the order in which it was stored. */
  next(target: string, question: NextQuestion): Promise<NextNotices> {
    return this.#database.read((db) => nextNotices(db, storedText(target), question));
  }

  /** From now on they are told at once, under this name, whatever happens. */
  async bind(parcel: string, notices: readonly StoredNotice[]): Promise<void> {
    await this.#database.write((tx) =>
      tx.updateTable('notice').set({ parcel }).where('seq', 'in', seqsOf(notices)).execute(),
    );
  }

  /**
   * They were told: they are forgotten, or kept with the newest `keep` tellings of their target,
   * for a feed. The channel works.
   */
  async told(notices: readonly StoredNotice[], keep: number): Promise<void> {
    const [{ target }] = notices as readonly [StoredNotice];
    await this.#database.write(async (tx) => {
      if (keep === 0) await tx.deleteFrom('notice').where('seq', 'in', seqsOf(notices)).execute();
      else {
        await tx
          .updateTable('notice')
          .set({ state: 'kept', changed_at: this.#clock.now() })
          .where('seq', 'in', seqsOf(notices))
          .execute();
        await dropBeyond(tx, storedText(target), keep);
      }
      await tx.deleteFrom('notice_channel').where('target', '=', storedText(target)).execute();
    });
  }

  /** What a feed shows, the newest first. */
  async kept(target: string): Promise<readonly StoredNotice[]> {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('notice')
        .selectAll()
        .where('target', '=', storedText(target))
        .where('state', '=', 'kept')
        .orderBy('seq', 'desc')
        .execute(),
    );
    return rows.map(noticeOf);
  }

  /** Forgets what is not worth telling any more, also that it was ever to be told. @returns what it was. */
  async expire(target: string, now: number): Promise<readonly StoredNotice[]> {
    const of = storedText(target);
    // What is told at once stays together while one of it is worth telling.
    const late = (db: Db) =>
      waiting(db, of)
        .where('expires_at', '<=', now)
        .where((eb) =>
          eb.or([
            eb('parcel', 'is', null),
            eb(
              'parcel',
              'not in',
              eb
                .selectFrom('notice as other')
                .select('other.parcel')
                .where('other.target', '=', of)
                .where('other.state', '=', 'waiting')
                .where('other.parcel', 'is not', null)
                .where('other.expires_at', '>', now),
            ),
          ]),
        );
    if ((await this.#database.read((db) => late(db).limit(1).execute())).length === 0) return [];
    return this.#database.write(async (tx) => {
      const rows = await late(tx).execute();
      await forget(tx, rows);
      return rows.map(noticeOf);
    });
  }

  /** Lines about them are about to be put into the outbox; what is there by now is not about them. */
  async beginLines(notices: readonly StoredNotice[]): Promise<void> {
    await this.#database.write(async (tx) => {
      const { last } = await tx
        .selectFrom('outbox')
        .select(sql<number | null>`max(seq)`.as('last'))
        .executeTakeFirstOrThrow();
      await tx
        .updateTable('notice')
        .set({ mark: last ?? 0 })
        .where('seq', 'in', seqsOf(notices))
        .execute();
    });
  }

  /** So many lines about them are in the outbox, and the rest is not begun. */
  async noteLines(notices: readonly StoredNotice[], part: number): Promise<void> {
    await this.#database.write((tx) =>
      tx.updateTable('notice').set({ part, mark: null }).where('seq', 'in', seqsOf(notices)).execute(),
    );
  }

  /** How many lines of an origin were put into the outbox after a mark. */
  async linesSince(
    line: { readonly kind: 'room' | 'private'; readonly to: string; readonly origin: string },
    mark: number,
  ): Promise<number> {
    const { n } = await this.#database.read((db) =>
      db
        .selectFrom('outbox')
        .select(sql<number>`count(*)`.as('n'))
        .where('seq', '>', mark)
        .where('kind', '=', line.kind)
        .where('target', '=', storedText(line.to))
        .where('origin', '=', line.origin)
        .executeTakeFirstOrThrow(),
    );
    return n;
  }
}

const seqsOf = (notices: readonly StoredNotice[]): number[] => notices.map(({ seq }) => seq);
