import { sql } from 'kysely';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Db } from './database.ts';
import { storedText } from './exact-text.ts';
import { type JobKey, of } from './jobs.ts';
import { insertRun, type NewRun, runOf, type StoredRun, waitingTimer } from './run-rows.ts';

/** Timers of one kind. */
export interface TimerCount {
  readonly instance: string;
  readonly id: string;
  readonly count: number;
  /** When the first one is due, milliseconds since the epoch. */
  readonly next: number;
}

/** One-shot timers, by key. */
export class TimerBook {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * Sets a timer, or moves the one that waits under its key.
   * @returns false when the instance has `limit` timers already; nothing is changed then.
   */
  async set(kind: JobKey, timer: NewRun & { readonly key: string }, limit: number): Promise<boolean> {
    return this.#database.write(async (tx) => {
      const old = await waitingTimer(tx, kind, timer.key);
      if (old !== undefined) await tx.deleteFrom('job_run').where('run', '=', old.run).execute();
      else if ((await timersOf(tx, kind.instance)) >= limit) return false;
      await insertRun(tx, kind, timer, this.#clock.now());
      return true;
    });
  }

  /** Takes a timer away, unless it is being run. @param running runs that are under way */
  async cancel(kind: JobKey, key: string, running: ReadonlySet<string>): Promise<boolean> {
    return this.#database.write(async (tx) => {
      const rows = await of(tx.selectFrom('job_run').select('run'), kind)
        .where('key', '=', storedText(key))
        .where('state', 'in', ['waiting', 'begun'])
        .execute();
      const gone = rows.map(({ run }) => run).filter((run) => !running.has(run));
      if (gone.length > 0) await tx.deleteFrom('job_run').where('run', 'in', gone).execute();
      return gone.length > 0;
    });
  }

  /** The timer that waits under this key. */
  get(kind: JobKey, key: string): Promise<StoredRun | undefined> {
    return this.#database.read((db) => waitingTimer(db, kind, key));
  }

  /** Timers that wait and whose key begins with `prefix`, by time. */
  async below(kind: JobKey, prefix: string): Promise<readonly StoredRun[]> {
    return (await this.everyBelow(kind, prefix)).filter(({ state }) => state === 'waiting');
  }

  /** As {@link below}, also those that have begun or were given up. */
  async everyBelow(kind: JobKey, prefix: string): Promise<readonly StoredRun[]> {
    const rows = await this.#database.read((db) => {
      let query = of(db.selectFrom('job_run').selectAll(), kind);
      // Only thins the rows out; keys that are stored encoded (they begin with U+0001) are looked at below.
      if (prefix !== '' && storedText(prefix) === prefix) {
        const length = sql.lit(Array.from(prefix).length);
        query = query.where((eb) =>
          eb.or([
            eb(sql<string>`substr(${eb.ref('key')}, 1, ${length})`, '=', prefix),
            eb(sql<string>`substr(${eb.ref('key')}, 1, 1)`, '=', '\u0001'),
          ]),
        );
      }
      return query.orderBy('at').orderBy('seq').execute();
    });
    return rows.map(runOf).filter(({ key = '' }) => key.startsWith(prefix));
  }

  /** Deletes timers by the names of their runs, whatever became of them. @returns how many there were. */
  async forget(runs: readonly string[]): Promise<number> {
    return this.#database.write(async (tx) => {
      let deleted = 0;
      for (const run of runs) {
        const result = await tx.deleteFrom('job_run').where('run', '=', run).executeTakeFirst();
        deleted += Number(result.numDeletedRows);
      }
      return deleted;
    });
  }

  /** How many timers of each kind there are. */
  async counts(): Promise<readonly TimerCount[]> {
    return this.#database.read((db) =>
      db
        .selectFrom('job_run')
        .select(['instance', 'id', sql<number>`count(*)`.as('count'), sql<number>`min(at)`.as('next')])
        .where('kind', '=', 'timer')
        .where('state', 'in', ['waiting', 'begun'])
        .groupBy(['instance', 'id'])
        .execute(),
    );
  }

  /** Runs of jobs that are not over, and timers that have been tried: at most `limit`. */
  async unfinished(limit: number): Promise<readonly StoredRun[]> {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('job_run')
        .selectAll()
        .where('state', 'in', ['waiting', 'begun'])
        .where((eb) => eb.or([eb('kind', '=', 'job'), eb('attempt', '>', 0)]))
        .orderBy('seq')
        .limit(limit)
        .execute(),
    );
    return rows.map(runOf);
  }
}

async function timersOf(db: Db, instance: string): Promise<number> {
  const { n } = await db
    .selectFrom('job_run')
    .select(sql<number>`count(*)`.as('n'))
    .where('instance', '=', instance)
    .where('kind', '=', 'timer')
    .where('state', 'in', ['waiting', 'begun'])
    .executeTakeFirstOrThrow();
  return n;
}
