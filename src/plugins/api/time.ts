import type { Registration } from './bot.ts';
import type { DurationInput } from './duration.ts';

/** Why a job runs now. `catch-up`: it was due more than 30 s ago, when the bot was away or it could not run. */
export type JobReason = 'due' | 'catch-up' | 'retry';

/** One run of a job or timer. */
export interface JobRun {
  /** The job's id, as it was registered. */
  readonly id: string;
  /** Identifies this run: the same when it is tried again, or begun again after the process died. */
  readonly run: string;
  /** When it should have run, milliseconds since the epoch. */
  readonly due: number;
  /** Now, by the host's clock, milliseconds since the epoch. */
  readonly at: number;
  readonly reason: JobReason;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Due times between the last run and this one that were left out for good; 10,000 stands for that many or more. */
  readonly missed: number;
  /** The handler may have run for this before: the process died before its end was noted. */
  readonly redelivered: boolean;
}

/** What happens when a run throws. After the last attempt it is a dead letter: `!jobs` and `seekeeper jobs` show it. */
export interface RetryOptions {
  /** Attempts in all, 1 to 20. @default 5 */
  readonly attempts?: number;
  /** Wait before the second attempt; it doubles, up to an hour. @default '1m' */
  readonly backoff?: DurationInput;
}

interface JobOptions {
  /** Unique within the plugin. The job is found again by it after a restart or reload. 1 to 64 characters. */
  readonly id: string;
  /**
   * Runs that were missed (the bot was away): `once` makes up for all of them with one, `skip` with none, `all` runs each
   * of them, at most the 100 latest. @default 'once'
   */
  readonly misfire?: 'once' | 'skip' | 'all';
  /**
   * When the last run still goes on, or waits to be tried again: leave this one out, or run it afterwards.
   * @default 'skip'
   */
  readonly overlap?: 'skip' | 'wait';
  readonly retry?: RetryOptions;
}

/** A job by the calendar. */
export interface ScheduleOptions extends JobOptions {
  /** Five fields (minute hour day month weekday), or six with seconds first, as node-cron reads them. */
  readonly cron: string;
  /** IANA name, such as `Europe/Berlin`. @default the bot's `timezone` */
  readonly timezone?: string;
  /**
   * When clocks go forward, a time of day that does not exist: `shift` runs it at the first moment after the gap, `skip`
   * leaves it out. An expression that runs every hour has nothing to shift. @default 'shift'
   */
  readonly gap?: 'shift' | 'skip';
  /**
   * When clocks go back, a time of day that comes twice: run at the first, at the second, or at both. An expression that
   * runs every hour runs in both. @default 'first'
   */
  readonly fold?: 'first' | 'second' | 'both';
}

/** A job by the clock: as long after the last due time, whatever the calendar does. */
export interface EveryOptions extends JobOptions {
  /** 1 s at least. */
  readonly every: DurationInput;
  /** Each run is up to this much later, evenly spread; at most `every`. @default 0 */
  readonly jitter?: DurationInput;
}

/** May be async: the run has succeeded when its promise resolves. What it returns is not used. */
export type JobHandler = (run: JobRun) => unknown;

/** A timer that fired. */
export interface TimerRun extends JobRun {
  /** The key under which it was set. */
  readonly key: string;
}

export interface PendingTimer<T> {
  readonly key: string;
  /** When it is due, milliseconds since the epoch. */
  readonly at: number;
  readonly payload: T;
}

/** One-shot timers of one kind, by key. They are in the store once the promise resolves, and outlive everything. */
export interface Timers<T> extends Registration {
  /**
   * Sets a timer, or moves the one with this key. A time that has passed fires at once. One that is being run goes on
   * beside it, and is not tried again when it fails.
   * @param key 1 to 256 characters
   * @param at milliseconds since the epoch
   * @param payload what JSON can carry, up to 64 kB
   * @throws PluginError (as rejection) `too-many` above 10,000 timers of one plugin; `invalid`; `too-large`.
   */
  set(key: string, at: number, payload: T): Promise<void>;
  /** @returns whether there was one. A run that has begun goes on. */
  cancel(key: string): Promise<boolean>;
  get(key: string): Promise<PendingTimer<T> | undefined>;
  /** Those whose key begins with `prefix`, by time. */
  list(prefix?: string): Promise<readonly PendingTimer<T>[]>;
}

/** Removed from the store only after it has succeeded. */
export type TimerHandler<T> = (payload: T, timer: TimerRun) => unknown;

export interface TimerOptions {
  readonly retry?: RetryOptions;
}
