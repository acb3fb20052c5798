import type { JobSpec } from '../../plugins/host/wire.ts';
import type { Passed } from './timetable.ts';

/** A run that begins later than this after its time is told that it comes late, in milliseconds. */
export const LATE_MS = 30_000;
/** Runs of one job that wait at most. */
export const MAX_WAITING = 100;

/** Why something that was due is not run. */
export type SkipReason = 'missed' | 'overlap';

/** What becomes of what was due. */
export interface CatchUp {
  /** Due times to run, oldest first. */
  readonly run: readonly number[];
  /** Due times that nothing is done for, since the last run. */
  readonly missed: number;
  /** Why the latest of those was left out, if it is the latest of all. */
  readonly skipped?: SkipReason;
}

/**
 * Decides what to run of that which was due: `misfire` is about what nobody could run in time, `overlap` about a run
 * that is not over.
 * @param missed so many were left out before
 * @param waiting runs of the job that are not over
 */
export function catchUp(
  { misfire, overlap }: Pick<JobSpec, 'misfire' | 'overlap'>,
  { latest, count }: Passed,
  now: number,
  waiting: number,
  missed: number,
): CatchUp {
  const last = latest.at(-1);
  if (last === undefined) return { run: [], missed };
  const inTime = now - last <= LATE_MS;
  let run = misfire === 'all' ? latest : misfire === 'once' || inTime ? [last] : [];
  let skipped: SkipReason | undefined = run.length === 0 ? 'missed' : undefined;
  if (waiting > 0) {
    const room = overlap === 'skip' ? 0 : Math.max(0, MAX_WAITING - waiting);
    if (run.length > room) {
      // Those that are nearest to their time give way.
      run = run.slice(0, room);
      skipped = 'overlap';
    }
  }
  return { run, missed: missed + count - run.length, ...(skipped === undefined ? {} : { skipped }) };
}
