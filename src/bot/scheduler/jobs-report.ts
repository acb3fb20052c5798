import type { DeadLetters } from '../store/dead-letters.ts';
import type { JobBook, JobKey, LastRun, SkippedRun } from '../store/jobs.ts';
import type { StoredRun } from '../store/run-rows.ts';
import type { TimerBook } from '../store/timers.ts';
import { type Registered, whenText } from './registration.ts';

/** Dead letters and unfinished runs in a report, at most. */
const MAX_LISTED = 500;

/** A job, or a kind of timers, for whoever asks. Times are milliseconds since the epoch. */
export interface JobInfo extends JobKey {
  /** `0 20 * * * Europe/Berlin`, `every 6h`, `timers`. */
  readonly when: string;
  /** Absent: never again, or no timer is set. */
  readonly next?: number;
  /** Timers that are set; 0 for jobs. */
  readonly timers: number;
  /** Its runs that are due, begun, or wait to be tried again. */
  readonly runs: readonly RunInfo[];
  /** Due times since the last run that nothing makes up for. */
  readonly missed: number;
  readonly last?: LastRun;
  readonly skipped?: SkippedRun;
  /** No plugin registers it now; it is forgotten 30 days after this time. */
  readonly orphaned: boolean;
  readonly orphanedAt?: number;
}

/** A run that is not over. */
export interface RunInfo {
  readonly run: string;
  readonly key?: string;
  readonly due: number;
  /** When it is tried (again). */
  readonly at: number;
  readonly begun: boolean;
  readonly attempt: number;
  readonly error?: string;
}

/** A run that was given up. */
export interface DeadLetter extends JobKey {
  readonly run: string;
  readonly key?: string;
  readonly due: number;
  /** When it was given up. */
  readonly at: number;
  readonly attempts: number;
  readonly error: string;
}

/** How durable time stands. */
export interface JobsReport {
  readonly at: number;
  /** Of the bot. */
  readonly timezone: string;
  readonly jobs: readonly JobInfo[];
  /** The newest ones. */
  readonly dead: readonly DeadLetter[];
  readonly deadCount: number;
}

interface Books {
  readonly jobs: JobBook;
  readonly timers: TimerBook;
  readonly deadLetters: DeadLetters;
}

/** Collects how everything stands. @param find what is registered now */
export async function reportJobs(
  { jobs, timers, deadLetters }: Books,
  now: number,
  timezone: string,
  find: (key: JobKey) => Registered | undefined,
): Promise<JobsReport> {
  const counts = await timers.counts();
  const unfinished = await timers.unfinished(MAX_LISTED);
  const dead = await deadLetters.list(MAX_LISTED);
  const infos = (await jobs.list()).map((job): JobInfo => {
    const { instance, kind, id, spec, missed, last, skipped, orphanedAt } = job;
    const own = (one: { instance: string; id: string }) => one.instance === instance && one.id === id;
    const count = kind === 'timer' ? counts.find(own) : undefined;
    const next = kind === 'timer' ? count?.next : job.next;
    return {
      instance,
      kind,
      id,
      when: whenText(spec),
      ...(next !== undefined && { next }),
      timers: count?.count ?? 0,
      runs: unfinished.filter((run) => run.kind === kind && own(run)).map(runInfo),
      missed,
      ...(last !== undefined && { last }),
      ...(skipped !== undefined && { skipped }),
      orphaned: find(job) === undefined,
      ...(orphanedAt !== undefined && { orphanedAt }),
    };
  });
  return { at: now, timezone, jobs: infos, dead: dead.map(letterOf), deadCount: await deadLetters.count() };
}

function runInfo({ run, key, due, at, state, attempt, detail }: StoredRun): RunInfo {
  return {
    run,
    ...(key !== undefined && { key }),
    due,
    at,
    begun: state === 'begun',
    attempt,
    ...(detail !== undefined && { error: detail }),
  };
}

function letterOf({ run, instance, kind, id, key, due, changedAt, attempt, detail }: StoredRun): DeadLetter {
  return {
    run,
    instance,
    kind,
    id,
    ...(key !== undefined && { key }),
    due,
    at: changedAt,
    attempts: attempt,
    error: detail ?? '',
  };
}
