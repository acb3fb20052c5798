import { formatDuration } from '../../plugins/api/duration.ts';
import type { JobRun } from '../../plugins/api/time.ts';
import { MAX_BACKOFF_MS } from '../../plugins/host/job-spec.ts';
import type { RunOutcome } from '../../plugins/host/services.ts';
import type { JobSpec, RetrySpec } from '../../plugins/host/wire.ts';
import type { JobKey, StoredDue, StoredJob } from '../store/jobs.ts';
import type { StoredRun } from '../store/run-rows.ts';
import { LATE_MS } from './catch-up.ts';
import type { Due, Timetable } from './timetable.ts';

/** A job that is registered: what the store knows of it, and its calendar. */
export interface JobPart {
  readonly spec: JobSpec;
  readonly timetable: Timetable;
  /** Undefined: never. */
  due: Due | undefined;
  /** See the store's column. */
  missed: number;
}

/** What a plugin has registered, while it is loaded. */
export interface Registered {
  readonly key: JobKey;
  readonly retry: RetrySpec;
  /** What is kept in the store. */
  readonly kept: JobSpec | RetrySpec;
  /** Absent for a kind of timers. */
  readonly job?: JobPart;
  readonly run: (run: StoredRun, about: JobRun) => Promise<RunOutcome>;
  /** Noted in the store. */
  adopted: boolean;
  /** The plugin is gone though this is still registered: nothing is asked of it until then, by the monotonic clock. */
  restUntil: number;
}

/** When a job that is registered now is due, from what is known of it. */
export function resume({ spec, timetable }: JobPart, known: StoredJob | undefined, now: number): StoredDue {
  if (known?.next !== undefined && sameTimes(known.spec, spec)) return { base: known.base, next: known.next };
  const due = known === undefined ? timetable.first(now) : timetable.resume(now, lastBase(known));
  return { base: due?.base, next: due?.at };
}

function sameTimes(kept: unknown, { when }: JobSpec): boolean {
  return JSON.stringify((kept as Partial<JobSpec> | null)?.when) === JSON.stringify(when);
}

/** The due time before the next, of an interval. */
function lastBase({ spec, base }: StoredJob): number | undefined {
  const when = (spec as Partial<JobSpec> | null)?.when;
  return when?.kind === 'every' && base !== undefined ? base - when.everyMs : undefined;
}

/** What a handler is told of its run. */
export function aboutRun(run: StoredRun, now: number): JobRun {
  const { id, due, attempt, missed, redelivered, failures } = run;
  const reason = failures > 0 ? 'retry' : now - due > LATE_MS ? 'catch-up' : 'due';
  return { id, run: run.run, due, at: now, reason, attempt, missed, redelivered };
}

/** When a run that has failed is tried again; undefined when it was the last attempt. */
export function retryAt(
  { attempts, backoffMs }: RetrySpec,
  attempt: number,
  now: number,
): number | undefined {
  if (attempt >= attempts) return undefined;
  return now + Math.min(backoffMs * 2 ** (attempt - 1), MAX_BACKOFF_MS);
}

/** When something runs, in words: `0 20 * * * Europe/Berlin`, `every 6h`. */
export function whenText(spec: unknown): string {
  const when = (spec as Partial<JobSpec> | null)?.when;
  if (when?.kind === 'cron') return `${when.cron} ${when.timezone ?? ''}`.trim();
  if (when?.kind === 'every') return `every ${formatDuration(when.everyMs)}`;
  return 'timers';
}
