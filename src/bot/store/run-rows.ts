import type { Db } from './database.ts';
import { exactText, storedText } from './exact-text.ts';
import { type JobKey, of } from './jobs.ts';
import type { JobRunTable } from './tables.ts';

/** A run that has not succeeded yet, as it is kept. Times are milliseconds since the epoch. */
export interface StoredRun extends JobKey {
  readonly run: string;
  /** Of a timer. */
  readonly key?: string;
  readonly due: number;
  /** When it is to be tried (again). */
  readonly at: number;
  readonly state: JobRunTable['state'];
  /** Attempts that have begun. */
  readonly attempt: number;
  readonly failures: number;
  readonly redelivered: boolean;
  readonly missed: number;
  readonly payload: unknown;
  /** The last error. */
  readonly detail?: string;
  readonly changedAt: number;
}

/** A run as it begins its life. */
export interface NewRun {
  readonly run: string;
  readonly due: number;
  readonly missed?: number;
  readonly key?: string;
  readonly payload?: unknown;
}

/** Writes a run that nobody has tried yet. */
export async function insertRun(
  tx: Db,
  { instance, kind, id }: JobKey,
  { run, due, missed = 0, key, payload }: NewRun,
  now: number,
): Promise<void> {
  await tx
    .insertInto('job_run')
    .values({
      run,
      instance,
      kind,
      id,
      key: key === undefined ? null : storedText(key),
      due_at: due,
      at: due,
      state: 'waiting',
      attempt: 0,
      failures: 0,
      redelivered: 0,
      missed,
      payload: payload === undefined ? null : JSON.stringify(payload),
      detail: null,
      changed_at: now,
    })
    .execute();
}

/** The timer that waits under a key; there is never more than one. */
export async function waitingTimer(db: Db, key: JobKey, name: string): Promise<StoredRun | undefined> {
  const row = await of(db.selectFrom('job_run').selectAll(), key)
    .where('key', '=', storedText(name))
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  return row === undefined ? undefined : runOf(row);
}

/** A row as everybody else sees it. */
export function runOf(row: Omit<JobRunTable, 'seq'>): StoredRun {
  return {
    run: row.run,
    instance: row.instance,
    kind: row.kind,
    id: row.id,
    ...(row.key !== null && { key: exactText(row.key) }),
    due: row.due_at,
    at: row.at,
    state: row.state,
    attempt: row.attempt,
    failures: row.failures,
    redelivered: row.redelivered === 1,
    missed: row.missed,
    payload: row.payload === null ? null : (JSON.parse(row.payload) as unknown),
    ...(row.detail !== null && { detail: exactText(row.detail) }),
    changedAt: row.changed_at,
  };
}
