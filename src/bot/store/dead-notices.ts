import { sql } from 'kysely';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from './database.ts';
import { exactText, storedText } from './exact-text.ts';
import { noticeOf, type StoredNotice } from './notice-rows.ts';
import { forget } from './notice-writes.ts';

/** How long a notice that was given up is kept, in milliseconds (90 days). */
export const DEAD_NOTICE_KEEP_MS = 90 * 86_400_000;

/** How a channel fails at present. Times are milliseconds since the epoch. */
export interface ChannelTrouble {
  readonly since: number;
  /** Attempts in a row. */
  readonly failures: number;
  readonly problem: string;
  /** Whether the owners were told of what was given up. */
  readonly complained: boolean;
}

/** How many wait and how many were given up. */
export interface NoticeCount {
  readonly target: string;
  readonly waiting: number;
  readonly dead: number;
}

/** Channels that fail, and notices that were given up. */
export class DeadNotices {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * An attempt failed. `channel`: it is the channel's trouble, and not that of these notices. `dead`: they are given up.
   * @returns whether the owners are to be told now: once while a channel fails.
   */
  async failed(
    notices: readonly StoredNotice[],
    parcel: string,
    {
      problem,
      channel,
      dead,
    }: { readonly problem: string; readonly channel: boolean; readonly dead: boolean },
  ): Promise<boolean> {
    const now = this.#clock.now();
    const detail = storedText(problem);
    const target = storedText(notices[0]!.target);
    return this.#database.write(async (tx) => {
      await tx
        .updateTable('notice')
        .set((eb) => ({
          parcel,
          detail,
          attempts: eb('attempts', '+', 1),
          ...(dead && { state: 'dead' as const }),
          changed_at: now,
        }))
        .where(
          'seq',
          'in',
          notices.map(({ seq }) => seq),
        )
        .execute();
      const known = await tx
        .selectFrom('notice_channel')
        .select('complained')
        .where('target', '=', target)
        .executeTakeFirst();
      const complains = dead && known?.complained !== 1;
      if (channel || known !== undefined) {
        const complained = complains || known?.complained === 1 ? 1 : 0;
        await tx
          .insertInto('notice_channel')
          .values({ target, failing_since: now, failures: 1, problem: detail, complained })
          .onConflict((conflict) =>
            conflict.column('target').doUpdateSet((eb) => ({
              failures: eb('notice_channel.failures', '+', channel ? 1 : 0),
              problem: detail,
              complained,
            })),
          )
          .execute();
      }
      return complains;
    });
  }

  /** How a target fails; undefined when it does not. */
  async trouble(target: string): Promise<ChannelTrouble | undefined> {
    const row = await this.#database.read((db) =>
      db.selectFrom('notice_channel').selectAll().where('target', '=', storedText(target)).executeTakeFirst(),
    );
    if (row === undefined) return undefined;
    return {
      since: row.failing_since,
      failures: row.failures,
      problem: exactText(row.problem),
      complained: row.complained === 1,
    };
  }

  /** By target; only those for which there is something. */
  async counts(): Promise<readonly NoticeCount[]> {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('notice')
        .select([
          'target',
          sql<number>`count(case when state = 'waiting' then 1 end)`.as('waiting'),
          sql<number>`count(case when state = 'dead' then 1 end)`.as('dead'),
        ])
        .where('state', 'in', ['waiting', 'dead'])
        .groupBy('target')
        .orderBy('target')
        .execute(),
    );
    return rows.map((row) => ({
      target: exactText(row.target),
      waiting: row.waiting,
      dead: row.dead,
    }));
  }

  /** The newest that were given up, oldest of them first. */
  async list(limit: number): Promise<readonly StoredNotice[]> {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('notice')
        .selectAll()
        .where('state', '=', 'dead')
        .orderBy('changed_at', 'desc')
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute(),
    );
    return rows.map(noticeOf).reverse();
  }

  /**
   * Has them tried again, and keeps them worth telling until `expiresAt`.
   * @param parcel undefined: all that were given up
   * @returns their targets; none when there is nothing of that name.
   */
  async retry(parcel: string | undefined, expiresAt: number): Promise<readonly string[]> {
    const now = this.#clock.now();
    return this.#database.write(async (tx) => {
      let query = tx
        .updateTable('notice')
        .set((eb) => ({
          state: 'waiting' as const,
          attempts: 0,
          expires_at: eb
            .case()
            .when('expires_at', '<', expiresAt)
            .then(expiresAt)
            .else(eb.ref('expires_at'))
            .end(),
          changed_at: now,
        }))
        .where('state', '=', 'dead');
      if (parcel !== undefined) query = query.where('parcel', '=', parcel);
      const rows = await query.returning('target').execute();
      const targets = [...new Set(rows.map(({ target }) => target))];
      // Their day begins anew.
      if (targets.length > 0) await tx.deleteFrom('notice_channel').where('target', 'in', targets).execute();
      return targets.map(exactText);
    });
  }

  /** Forgets them. @param parcel undefined: all that were given up. @returns how many there were. */
  async drop(parcel: string | undefined): Promise<number> {
    return this.#database.write(async (tx) => {
      let query = tx.selectFrom('notice').selectAll().where('state', '=', 'dead');
      if (parcel !== undefined) query = query.where('parcel', '=', parcel);
      const rows = await query.execute();
      await forget(tx, rows);
      return rows.length;
    });
  }

  /** Gives up what waits for a target that there is no more. @returns how many. */
  async giveUp(target: string, problem: string): Promise<number> {
    const result = await this.#database.write((tx) =>
      tx
        .updateTable('notice')
        .set((eb) => ({
          state: 'dead' as const,
          parcel: eb.fn.coalesce('parcel', 'id'),
          detail: storedText(problem),
          changed_at: this.#clock.now(),
        }))
        .where('target', '=', storedText(target))
        .where('state', '=', 'waiting')
        .executeTakeFirst(),
    );
    return Number(result.numUpdatedRows);
  }

  /** Deletes at most `limit` of what is kept no longer: notices that were given up, keys, texts. @returns how many. */
  async prune(limit: number): Promise<number> {
    const now = this.#clock.now();
    return this.#database.write(async (tx) => {
      const dead = await tx
        .deleteFrom('notice')
        .where('seq', 'in', (eb) =>
          eb
            .selectFrom('notice')
            .select('seq')
            .where('state', '=', 'dead')
            .where('changed_at', '<', now - DEAD_NOTICE_KEEP_MS)
            .limit(limit),
        )
        .executeTakeFirst();
      const left = limit - Number(dead.numDeletedRows);
      if (left <= 0) return limit;
      const old = await tx
        .selectFrom('notice_told')
        .select(['target', 'hash'])
        .where('until', '<=', now)
        .limit(left)
        .execute();
      for (const { target, hash } of old)
        await tx.deleteFrom('notice_told').where('target', '=', target).where('hash', '=', hash).execute();
      return Number(dead.numDeletedRows) + old.length;
    });
  }
}
