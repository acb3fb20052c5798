import type { Clock, Timer } from '../../platform/clock.ts';
import { deferred } from '../../platform/deferred.ts';
import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import { PluginError } from '../../plugins/api/errors.ts';
import type { JobRun, PendingTimer, TimerRun } from '../../plugins/api/time.ts';
import type { JobsService, RunOutcome } from '../../plugins/host/services.ts';
import type { JobSpec, RetrySpec } from '../../plugins/host/wire.ts';
import type { DeadLetters } from '../store/dead-letters.ts';
import type { JobRunBook } from '../store/job-runs.ts';
import type { JobBook, JobKey } from '../store/jobs.ts';
import type { StoredRun } from '../store/run-rows.ts';
import type { TimerBook } from '../store/timers.ts';
import type { NoteDecision } from '../why/decision.ts';
import { type JobsReport, reportJobs } from './jobs-report.ts';
import { SKIPPED } from './jobs-text.ts';
import { Lane } from './lane.ts';
import type { Registered } from './registration.ts';
import { makeTimetable } from './timetable.ts';

/** Timers that one plugin may have. */
export const MAX_TIMERS = 10_000;
/** The system clock may be set, and the machine may sleep: what is due is looked for at least so often, in milliseconds. */
const LOOK_MS = 60_000;
const TIDY_MS = 3_600_000;
/** After the store could not be used, in milliseconds. */
const AGAIN_MS = 5_000;

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly store: {
    readonly jobs: JobBook;
    readonly jobRuns: JobRunBook;
    readonly timers: TimerBook;
    readonly deadLetters: DeadLetters;
  };
  /** Of jobs that name none. */
  readonly timezone: string;
  /** Why a run is left out. */
  readonly note: NoteDecision;
}

/**
 * Jobs, intervals and timers of all plugins. What is due stands in the store before anything is called and is taken out
 * after it has succeeded; nothing is kept in memory but what is registered and when to look next.
 */
export class Scheduler implements JobsService {
  readonly #options: SchedulerOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #dirty = new Set<Lane>();
  readonly #idle: (() => void)[] = [];
  #timer: Timer | undefined;
  #tidyAt = 0;
  #state: 'new' | 'started' | 'stopped' = 'new';
  #stepping = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Runs under way, and one more while the store is being written. */
  get active(): number {
    let active = this.#stepping ? 1 : 0;
    for (const lane of this.#lanes.values()) active += lane.running.size;
    return active;
  }

  /** Begins to run what is due. Plugins register before that, and later. */
  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'started';
    for (const lane of this.#lanes.values()) this.#dirty.add(lane);
    void this.#work();
  }

  /** Nothing is begun any more; what runs may end. */
  stop(): void {
    this.#state = 'stopped';
    this.#timer?.cancel();
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    if (this.active === 0) return;
    const { promise, resolve } = deferred();
    this.#idle.push(resolve);
    await promise;
  }

  register(instance: string, spec: JobSpec, run: (run: JobRun) => Promise<RunOutcome>): () => void {
    const { random, timezone } = this.#options;
    const { when } = spec;
    const zoned: JobSpec =
      when.kind === 'cron' ? { ...spec, when: { ...when, timezone: when.timezone ?? timezone } } : spec;
    return this.#add({
      key: { instance, kind: 'job', id: spec.id },
      retry: spec.retry,
      kept: zoned,
      job: { spec: zoned, timetable: makeTimetable(zoned.when, timezone, random), due: undefined, missed: 0 },
      run: (_, about) => run(about),
      adopted: false,
      restUntil: 0,
    });
  }

  listen(
    instance: string,
    kind: string,
    retry: RetrySpec,
    run: (payload: unknown, timer: TimerRun) => Promise<RunOutcome>,
  ): () => void {
    return this.#add({
      key: { instance, kind: 'timer', id: kind },
      retry,
      kept: retry,
      run: ({ payload, key = '' }, about) => run(payload, { ...about, key }),
      adopted: false,
      restUntil: 0,
    });
  }

  async setTimer(instance: string, kind: string, key: string, at: number, payload: unknown): Promise<void> {
    const timer = { run: this.#newRun(), due: at, key, payload };
    if (!(await this.#options.store.timers.set(timerKey(instance, kind), timer, MAX_TIMERS)))
      throw new PluginError('too-many', `a plugin can have ${MAX_TIMERS} timers`);
    this.#touch(instance, at);
  }

  cancelTimer(instance: string, kind: string, key: string): Promise<boolean> {
    const running = this.#lanes.get(instance)?.running ?? new Set<string>();
    return this.#options.store.timers.cancel(timerKey(instance, kind), key, running);
  }

  async getTimer(instance: string, kind: string, key: string): Promise<PendingTimer<unknown> | undefined> {
    const run = await this.#options.store.timers.get(timerKey(instance, kind), key);
    return run === undefined ? undefined : pendingOf(run);
  }

  async listTimers(
    instance: string,
    kind: string,
    prefix: string,
  ): Promise<readonly PendingTimer<unknown>[]> {
    return (await this.#options.store.timers.below(timerKey(instance, kind), prefix)).map(pendingOf);
  }

  /** How everything stands. */
  report(): Promise<JobsReport> {
    const { clock, store, timezone } = this.#options;
    return reportJobs(store, clock.now(), timezone, ({ instance, kind, id }) =>
      this.#lanes.get(instance)?.find(kind, id),
    );
  }

  /** Tries a dead letter again. @returns false when there is none of that name. */
  async retry(run: string): Promise<boolean> {
    const found = await this.#options.store.deadLetters.revive(run);
    if (found === undefined) return false;
    this.#touch(found.instance, found.at);
    return true;
  }

  /** Forgets a dead letter. @returns false when there is none of that name. */
  discard(run: string): Promise<boolean> {
    return this.#options.store.deadLetters.discard(run);
  }

  /**
   * Runs a job now, beside its calendar.
   * @returns the run's name; undefined when no plugin registers that job.
   */
  async runNow(instance: string, id: string): Promise<string | undefined> {
    const entry = this.#lanes.get(instance)?.find('job', id);
    if (entry === undefined) return undefined;
    const run = this.#newRun();
    await this.#options.store.jobRuns.add(entry.key, run);
    this.#touch(instance, this.#options.clock.now());
    return run;
  }

  #add(entry: Registered): () => void {
    const lane = this.#laneOf(entry.key.instance);
    lane.add(entry);
    return () => lane.remove(entry);
  }

  #laneOf(instance: string): Lane {
    const known = this.#lanes.get(instance);
    if (known !== undefined) return known;
    const { clock, log, note, store } = this.#options;
    const lane = new Lane(instance, {
      clock,
      log,
      jobs: store.jobs,
      runs: store.jobRuns,
      newRun: () => this.#newRun(),
      changed: (changed) => this.#changed(changed),
      leftOut: ({ id }, due, why) => {
        const reason = `${SKIPPED[why]}; it was due at ${new Date(due).toISOString()}`;
        note({ source: 'jobs', what: `run job ${id}`.slice(0, 64), reason, plugin: instance });
      },
    });
    this.#lanes.set(instance, lane);
    return lane;
  }

  #newRun(): string {
    const { random } = this.#options;
    return [0, 1].map(() => random.u32().toString(36).padStart(7, '0')).join('');
  }

  #touch(instance: string, at: number): void {
    this.#laneOf(instance).touch(at);
    this.#arm();
  }

  #changed(lane: Lane): void {
    this.#dirty.add(lane);
    if (this.#state === 'started') void this.#work();
    else this.#settle();
  }

  /** One lane after the other, and each only as far as it has places: none keeps the others waiting. */
  async #work(): Promise<void> {
    if (this.#stepping) return;
    this.#stepping = true;
    const { clock, log } = this.#options;
    let failed = false;
    try {
      if (clock.monotonic() >= this.#tidyAt) await this.#tidy();
      for (const lane of this.#dirty) {
        if (this.#state === 'stopped') break;
        this.#dirty.delete(lane);
        await lane.step();
      }
    } catch (error) {
      failed = true;
      log.warn('What is due could not be looked after; another try follows', { error });
      for (const lane of this.#lanes.values()) this.#dirty.add(lane);
    }
    this.#stepping = false;
    this.#settle();
    if (failed) this.#wakeIn(AGAIN_MS);
    else this.#arm();
  }

  async #tidy(): Promise<void> {
    const { clock, log, store } = this.#options;
    const gone = await store.jobs.tidy(
      ({ instance, kind, id }) => this.#lanes.get(instance)?.find(kind, id) !== undefined,
    );
    for (const { instance, kind, id } of gone)
      log.info('A job that no plugin registers any more was forgotten', { plugin: instance, [kind]: id });
    this.#tidyAt = clock.monotonic() + TIDY_MS;
  }

  /** One timer for everything. */
  #arm(): void {
    if (this.#stepping) return;
    let next = Infinity;
    for (const lane of this.#lanes.values()) next = Math.min(next, lane.delay);
    const tidy = this.#tidyAt - this.#options.clock.monotonic();
    this.#wakeIn(Math.min(next === Infinity ? Infinity : Math.min(next, LOOK_MS), tidy));
  }

  #wakeIn(delay: number): void {
    if (this.#state !== 'started') return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimeout(() => {
      for (const lane of this.#lanes.values()) if (lane.delay <= 0) this.#dirty.add(lane);
      if (this.#dirty.size > 0 || this.#options.clock.monotonic() >= this.#tidyAt) void this.#work();
      else this.#arm();
    }, delay);
  }

  #settle(): void {
    if (this.active > 0) return;
    for (const wake of this.#idle.splice(0)) wake();
  }
}

function timerKey(instance: string, id: string): JobKey {
  return { instance, kind: 'timer', id };
}

function pendingOf({ key = '', at, payload }: StoredRun): PendingTimer<unknown> {
  return { key, at, payload };
}
