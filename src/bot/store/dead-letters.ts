import { sql } from 'kysely';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Db } from './database.ts';
import { runOf, type StoredRun } from './run-rows.ts';

/** How long a dead letter is kept, in milliseconds (90 days). */
export const DEAD_KEEP_MS = 90 * 86_400_000;
/** How many dead letters of one plugin are kept. */
export const MAX_DEAD = 1_000;

/** Runs that were given up: kept so that a person can see them, and try them again. */
export class DeadLetters {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** The newest ones, oldest of them first. */
  async list(limit: number): Promise<readonly StoredRun[]> {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('job_run')
        .selectAll()
        .where('state', '=', 'dead')
        .orderBy('changed_at', 'desc')
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute(),
    );
    return rows.map(runOf).reverse();
  }

  async count(): Promise<number> {
    const { n } = await this.#database.read((db) =>
      db
        .selectFrom('job_run')
        .select(sql<number>`count(*)`.as('n'))
        .where('state', '=', 'dead')
        .executeTakeFirstOrThrow(),
    );
    return n;
  }

  /** Has it tried again, from its first attempt on. @returns it; undefined when there is none of that name. */
  async revive(run: string): Promise<StoredRun | undefined> {
    const now = this.#clock.now();
    const row = await this.#database.write((tx) =>
      tx
        .updateTable('job_run')
        .set({ state: 'waiting', at: now, attempt: 0, changed_at: now })
        .where('run', '=', run)
        .where('state', '=', 'dead')
        .returningAll()
        .executeTakeFirst(),
    );
    return row === undefined ? undefined : runOf(row);
  }

  /** @returns false when there is none of that name. */
  async discard(run: string): Promise<boolean> {
    const result = await this.#database.write((tx) =>
      tx.deleteFrom('job_run').where('run', '=', run).where('state', '=', 'dead').executeTakeFirst(),
    );
    return Number(result.numDeletedRows) > 0;
  }

  /** Forgets at most `limit` of those older than {@link DEAD_KEEP_MS}. @returns how many. */
  async prune(limit: number): Promise<number> {
    const before = this.#clock.now() - DEAD_KEEP_MS;
    const result = await this.#database.write((tx) =>
      tx
        .deleteFrom('job_run')
        .where('seq', 'in', (eb) =>
          eb
            .selectFrom('job_run')
            .select('seq')
            .where('state', '=', 'dead')
            .where('changed_at', '<', before)
            .limit(limit),
        )
        .executeTakeFirst(),
    );
    return Number(result.numDeletedRows);
  }
}

/** The oldest dead letters of an instance give way to the newest. */
export async function dropOldestDead(tx: Db, instance: string): Promise<void> {
  const oldest = await tx
    .selectFrom('job_run')
    .select('seq')
    .where('instance', '=', instance)
    .where('state', '=', 'dead')
    .orderBy('changed_at', 'desc')
    .orderBy('seq', 'desc')
    .offset(MAX_DEAD)
    // SQLite knows no offset without a limit; there is never more than one too many.
    .limit(MAX_DEAD)
    .execute();
  if (oldest.length === 0) return;
  await tx
    .deleteFrom('job_run')
    .where(
      'seq',
      'in',
      oldest.map(({ seq }) => seq),
    )
    .execute();
}
