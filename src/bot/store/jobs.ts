import type { Clock } from '../../platform/clock.ts';
import type { Database, Db } from './database.ts';
import { exactText, storedText } from './exact-text.ts';
import type { JobTable } from './tables.ts';

/** How long a job that no plugin registers is kept, in milliseconds (30 days). */
export const ORPHAN_KEEP_MS = 30 * 86_400_000;

/** What a job is found by. */
export interface JobKey {
  readonly instance: string;
  readonly kind: 'job' | 'timer';
  readonly id: string;
}

/** How the last attempt ended. */
export interface LastRun {
  readonly due: number;
  /** When it began. */
  readonly at: number;
  readonly ms: number;
  readonly how: 'done' | 'error';
  readonly detail?: string;
}

/** A due time that was left out. */
export interface SkippedRun {
  readonly due: number;
  readonly why: string;
}

/** When a job is due next, or that it never is. */
export interface StoredDue {
  readonly base: number | undefined;
  readonly next: number | undefined;
}

/** A job, or a kind of timers, as it is kept. Times are milliseconds since the epoch. */
export interface StoredJob extends JobKey, StoredDue {
  readonly spec: unknown;
  readonly missed: number;
  readonly orphanedAt?: number;
  readonly last?: LastRun;
  readonly skipped?: SkippedRun;
}

/** Jobs and kinds of timers: what was registered, whether or not anybody registers it now. */
export class JobBook {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async list(): Promise<readonly StoredJob[]> {
    const rows = await this.#database.read((db) =>
      db.selectFrom('job').selectAll().orderBy('instance').orderBy('kind').orderBy('id').execute(),
    );
    return rows.map(jobOf);
  }

  /**
   * Notes that something is registered.
   * @param plan tells when it is due, from what is known of it
   * @returns what is kept of it now
   */
  async adopt(
    key: JobKey,
    spec: unknown,
    plan: (known: StoredJob | undefined) => StoredDue,
  ): Promise<StoredJob> {
    return this.#database.write(async (tx) => {
      const row = await of(tx.selectFrom('job').selectAll(), key).executeTakeFirst();
      const { base, next } = plan(row === undefined ? undefined : jobOf(row));
      const values = {
        spec: JSON.stringify(spec),
        base_at: base ?? null,
        next_at: next ?? null,
        orphaned_at: null,
      };
      const written = await tx
        .insertInto('job')
        .values({ ...key, ...values, missed: 0 })
        .onConflict((conflict) => conflict.columns(['instance', 'kind', 'id']).doUpdateSet(values))
        .returningAll()
        .executeTakeFirstOrThrow();
      return jobOf(written);
    });
  }

  /**
   * Marks what nobody registers, and deletes what nobody has registered for {@link ORPHAN_KEEP_MS}, with its runs.
   * @param registered tells what somebody registers
   */
  async tidy(registered: (key: JobKey) => boolean): Promise<readonly JobKey[]> {
    const now = this.#clock.now();
    return this.#database.write(async (tx) => {
      const gone: JobKey[] = [];
      const rows = await tx.selectFrom('job').select(['instance', 'kind', 'id', 'orphaned_at']).execute();
      for (const { orphaned_at: since, ...key } of rows) {
        if (registered(key)) continue;
        if (since === null) await of(tx.updateTable('job').set({ orphaned_at: now }), key).execute();
        else if (since <= now - ORPHAN_KEEP_MS) {
          await of(tx.deleteFrom('job_run'), key).execute();
          await of(tx.deleteFrom('job'), key).execute();
          gone.push(key);
        }
      }
      return gone;
    });
  }
}

/** Notes in a transaction how an attempt ended. */
export async function noteLast(tx: Db, key: JobKey, { due, at, ms, how, detail }: LastRun): Promise<void> {
  await of(
    tx.updateTable('job').set({
      last_due: due,
      last_at: at,
      last_ms: ms,
      last_how: how,
      last_detail: detail === undefined ? null : storedText(detail),
    }),
    key,
  ).execute();
}

/** Narrows a query to one job, or to its runs. */
export function of<Q extends { where(column: 'instance' | 'kind' | 'id', operator: '=', value: string): Q }>(
  query: Q,
  { instance, kind, id }: JobKey,
): Q {
  return query.where('instance', '=', instance).where('kind', '=', kind).where('id', '=', id);
}

function jobOf(row: JobTable): StoredJob {
  return {
    instance: row.instance,
    kind: row.kind,
    id: row.id,
    spec: JSON.parse(row.spec) as unknown,
    base: row.base_at ?? undefined,
    next: row.next_at ?? undefined,
    missed: row.missed,
    ...(row.orphaned_at !== null && { orphanedAt: row.orphaned_at }),
    ...(row.last_at !== null && {
      last: {
        due: row.last_due ?? row.last_at,
        at: row.last_at,
        ms: row.last_ms ?? 0,
        how: row.last_how as LastRun['how'],
        ...(row.last_detail !== null && { detail: exactText(row.last_detail) }),
      },
    }),
    ...(row.skipped_due !== null && { skipped: { due: row.skipped_due, why: row.skipped_why ?? '' } }),
  };
}
