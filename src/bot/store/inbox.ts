import type { Inbox, InboxEntry, InboxVerdict } from '../../network/ports.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Db } from './database.ts';
import { exactText, storedText } from './exact-text.ts';
import { inboxKey } from './inbox-key.ts';
import { StoreError } from './store-error.ts';

/**
 * How long a handled message is recognised when the server sends it again, in milliseconds (90 days). The server
 * repeats what was not acknowledged at each login, so only a bot away for longer could handle one twice.
 */
export const INBOX_MEMORY_MS = 90 * 86_400_000;

/** A stored message that has not been handled to its end. */
export interface InboxItem extends InboxEntry {
  readonly key: string;
  /** How often a handler was started for it. */
  readonly attempts: number;
  /** A handler may have run for it before: it was started and the process ended before `done`. */
  readonly redelivered: boolean;
}

/** A handler may start now. */
export interface Delivery {
  readonly redelivered: boolean;
  /** How often a handler was started for this message, this time included. */
  readonly attempts: number;
}

/**
 * Private messages: stored before they are acknowledged, marked as started before a handler runs and as done
 * afterwards. So every message is handled at least once, and a second time is always announced as such.
 */
export class StoreInbox implements Inbox {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async accept(entries: readonly InboxEntry[]): Promise<readonly InboxVerdict[]> {
    if (entries.length === 0) return [];
    return this.#database.write(async (tx) => {
      const verdicts: InboxVerdict[] = [];
      for (const entry of entries) verdicts.push(await this.#accept(tx, entry));
      return verdicts;
    });
  }

  /**
   * To be called before a handler runs; durable once resolved.
   * @throws StoreError `misuse` when there is no such message or it is done.
   */
  async begin(key: string): Promise<Delivery> {
    return this.#database.write(async (tx) => {
      const row = await tx
        .updateTable('inbox')
        .set((eb) => ({ state: 'started', attempts: eb('attempts', '+', 1), changed_at: this.#clock.now() }))
        .where('key', '=', key)
        .where('state', '!=', 'done')
        .returning('attempts')
        .executeTakeFirst();
      if (row === undefined) throw new StoreError('misuse', `No message ${key} waits to be handled`);
      return { redelivered: row.attempts > 1, attempts: row.attempts };
    });
  }

  /** Every handler has ended. Erases the text and keeps the key; durable once resolved. A second call does nothing. */
  async done(key: string): Promise<void> {
    await this.#database.write(async (tx) => {
      await tx
        .updateTable('inbox')
        .set({ state: 'done', body: null, changed_at: this.#clock.now() })
        .where('key', '=', key)
        .where('state', '!=', 'done')
        .execute();
    });
  }

  /** Messages that are not done, in order of arrival: what a start has to deliver first. */
  async pending(): Promise<readonly InboxItem[]> {
    const rows = await this.#database.read((db) =>
      db.selectFrom('inbox').selectAll().where('state', '!=', 'done').orderBy('seq').execute(),
    );
    return rows.map((row) => ({
      key: row.key,
      id: row.id,
      timestamp: row.sent_at,
      user: exactText(row.sender),
      text: exactText(row.body ?? ''),
      replayed: row.replayed === 1,
      at: row.at,
      attempts: row.attempts,
      redelivered: row.attempts > 0,
    }));
  }

  /** Forgets at most `limit` messages that were done more than {@link INBOX_MEMORY_MS} ago. @returns how many. */
  async prune(limit: number): Promise<number> {
    const before = this.#clock.now() - INBOX_MEMORY_MS;
    const result = await this.#database.write((tx) =>
      tx
        .deleteFrom('inbox')
        .where('seq', 'in', (eb) =>
          eb
            .selectFrom('inbox')
            .select('seq')
            .where('state', '=', 'done')
            .where('changed_at', '<', before)
            .limit(limit),
        )
        .executeTakeFirst(),
    );
    return Number(result.numDeletedRows);
  }

  async #accept(tx: Db, entry: InboxEntry): Promise<InboxVerdict> {
    const key = inboxKey(entry);
    const result = await tx
      .insertInto('inbox')
      .values({
        key,
        id: entry.id,
        sent_at: entry.timestamp,
        sender: storedText(entry.user),
        body: storedText(entry.text),
        replayed: entry.replayed ? 1 : 0,
        at: entry.at,
        state: 'stored',
        attempts: 0,
        changed_at: this.#clock.now(),
      })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .executeTakeFirst();
    return { verdict: result.numInsertedOrUpdatedRows === 1n ? 'new' : 'known', key };
  }
}
