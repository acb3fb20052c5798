import { sql } from 'kysely';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Db } from './database.ts';
import { dropOldestDead } from './dead-letters.ts';
import { storedText } from './exact-text.ts';
import { type JobKey, type LastRun, noteLast, of, type SkippedRun, type StoredDue } from './jobs.ts';
import { insertRun, type NewRun, runOf, type StoredRun, waitingTimer } from './run-rows.ts';

/** What the due times that have passed come to. */
export interface PassedPlan extends StoredDue {
  readonly runs: readonly NewRun[];
  /** Kept for the next run. */
  readonly missed: number;
  readonly skipped?: SkippedRun;
}

/** Runs: noted before anything is called, and gone when it has succeeded. */
export class JobRunBook {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Due times have passed. @param plan gets the number of runs of the job that are not over */
  async pass(key: JobKey, plan: (waiting: number) => PassedPlan): Promise<PassedPlan> {
    return this.#database.write(async (tx) => {
      const { n } = await of(tx.selectFrom('job_run').select(sql<number>`count(*)`.as('n')), key)
        .where('state', '!=', 'dead')
        .executeTakeFirstOrThrow();
      const planned = plan(n);
      const { runs, base, next, missed, skipped } = planned;
      for (const run of runs) await insertRun(tx, key, run, this.#clock.now());
      await of(
        tx.updateTable('job').set({
          base_at: base ?? null,
          next_at: next ?? null,
          missed,
          ...(skipped !== undefined && { skipped_due: skipped.due, skipped_why: skipped.why }),
        }),
        key,
      ).execute();
      return planned;
    });
  }

  /** A run beside the calendar, due now. */
  async add(key: JobKey, run: string): Promise<void> {
    const now = this.#clock.now();
    await this.#database.write((tx) => insertRun(tx, key, { run, due: now }, now));
  }

  /** Of each of these jobs the run that comes first, if any: those of one job run one after the other. */
  async heads(instance: string, ids: readonly string[]): Promise<readonly StoredRun[]> {
    if (ids.length === 0) return [];
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('job_run')
        .selectAll()
        .where('seq', 'in', (eb) =>
          eb
            .selectFrom('job_run')
            .select((one) => one.fn.min('seq').as('seq'))
            .where('instance', '=', instance)
            .where('kind', '=', 'job')
            .where('state', 'in', ['waiting', 'begun'])
            .where('id', 'in', ids)
            .groupBy('id'),
        )
        .execute(),
    );
    return rows.map(runOf);
  }

  /**
   * The timers of these kinds that come first.
   * @param running runs that are under way, which are left out
   * @param limit so many that were begun before, and so many that were not
   */
  async timers(
    instance: string,
    ids: readonly string[],
    running: readonly string[],
    limit: number,
  ): Promise<readonly StoredRun[]> {
    if (ids.length === 0) return [];
    return this.#database.read(async (db) => {
      // Apart from each other, so that the index gives them in order.
      const first = async (state: 'begun' | 'waiting') =>
        db
          .selectFrom('job_run')
          .selectAll()
          .where('instance', '=', instance)
          .where('kind', '=', 'timer')
          .where('state', '=', state)
          .where('id', 'in', ids)
          .where('run', 'not in', running.length === 0 ? [''] : running)
          .orderBy('at')
          .orderBy('seq')
          .limit(limit)
          .execute();
      return [...(await first('begun')), ...(await first('waiting'))].map(runOf);
    });
  }

  /** Notes that these are begun. One that was begun before is begun again: nobody knows how far it came. */
  async begin(runs: readonly string[]): Promise<readonly StoredRun[]> {
    const rows = await this.#database.write((tx) =>
      tx
        .updateTable('job_run')
        .set((eb) => ({
          redelivered: eb.case().when('state', '=', 'begun').then(1).else(eb.ref('redelivered')).end(),
          state: 'begun' as const,
          attempt: eb('attempt', '+', 1),
          changed_at: this.#clock.now(),
        }))
        .where('run', 'in', runs)
        .where('state', 'in', ['waiting', 'begun'])
        .returningAll()
        .execute(),
    );
    return rows.map(runOf);
  }

  /** It has succeeded. */
  async done(run: StoredRun, last: LastRun): Promise<void> {
    await this.#database.write(async (tx) => {
      await tx.deleteFrom('job_run').where('run', '=', run.run).execute();
      await noteLast(tx, run, last);
    });
  }

  /**
   * An attempt ended with an error. A timer that was set anew meanwhile is not tried again.
   * @param retryAt undefined: it was the last attempt
   * @returns whether it is a dead letter now
   */
  async failed(run: StoredRun, last: LastRun, retryAt: number | undefined): Promise<boolean> {
    return this.#database.write(async (tx) => {
      const anew = run.key !== undefined && (await waitingTimer(tx, run, run.key)) !== undefined;
      const retry = anew ? undefined : retryAt;
      const detail = `${last.detail ?? ''}${anew ? ' (not tried again: the timer was set anew)' : ''}`;
      await noteLast(tx, run, last);
      if (retry === undefined) {
        await this.#bury(tx, run, detail, 1);
        return true;
      }
      await tx
        .updateTable('job_run')
        .set((eb) => ({
          state: 'waiting',
          at: retry,
          failures: eb('failures', '+', 1),
          detail: storedText(detail),
          changed_at: this.#clock.now(),
        }))
        .where('run', '=', run.run)
        .execute();
      return false;
    });
  }

  /** It was begun as often as it may be, and never ended: it becomes a dead letter. */
  async giveUp(run: StoredRun, detail: string): Promise<void> {
    await this.#database.write((tx) => this.#bury(tx, run, detail, 0));
  }

  async #bury(tx: Db, run: StoredRun, detail: string, failures: number): Promise<void> {
    await tx
      .updateTable('job_run')
      .set((eb) => ({
        state: 'dead',
        failures: eb('failures', '+', failures),
        detail: storedText(detail),
        changed_at: this.#clock.now(),
      }))
      .where('run', '=', run.run)
      .execute();
    await dropOldestDead(tx, run.instance);
  }
}
