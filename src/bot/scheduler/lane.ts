import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { after } from '../../platform/time.ts';
import type { RunOutcome } from '../../plugins/host/services.ts';
import type { JobRunBook } from '../store/job-runs.ts';
import type { JobBook, JobKey, LastRun } from '../store/jobs.ts';
import type { StoredRun } from '../store/run-rows.ts';
import { StoreError } from '../store/store-error.ts';
import { catchUp, MAX_WAITING, type SkipReason } from './catch-up.ts';
import { aboutRun, type JobPart, type Registered, resume, retryAt } from './registration.ts';

/** Runs of one plugin at a time; what else is due waits in the store. */
export const MAX_RUNNING = 8;
/** A plugin that went away registers anew when it is back; this is for one that does not. In milliseconds. */
const REST_MS = 600_000;
/** The disk may be full for a while: what has happened is noted later then. In milliseconds. */
const NOTE_AGAIN_MS = 5_000;

export interface LaneParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly jobs: JobBook;
  readonly runs: JobRunBook;
  readonly newRun: () => string;
  /** There is something to do. */
  readonly changed: (lane: Lane) => void;
  /** A run of a job is left out. */
  readonly leftOut: (key: JobKey, due: number, why: SkipReason) => void;
}

interface Running {
  readonly entry: Registered;
  readonly run: StoredRun;
}

/** Durable time of one plugin instance, apart from that of all others. */
export class Lane {
  readonly #instance: string;
  readonly #parts: LaneParts;
  /** By kind and id. */
  readonly #entries = new Map<string, Registered>();
  readonly #running = new Map<string, Running>();
  /** When something is due next, by the clock. */
  #wakeAt = Infinity;
  /** What was set while the store was being looked at. */
  #touched = Infinity;

  constructor(instance: string, parts: LaneParts) {
    this.#instance = instance;
    this.#parts = parts;
  }

  /** Runs that are under way. */
  get running(): ReadonlySet<string> {
    return new Set(this.#running.keys());
  }

  /** Milliseconds until there is something to do. */
  get delay(): number {
    const { clock } = this.#parts;
    let delay = this.#wakeAt - clock.now();
    const now = clock.monotonic();
    for (const { restUntil } of this.#entries.values())
      if (restUntil > 0) delay = Math.min(delay, restUntil - now);
    return delay;
  }

  /** The newest registration of an id counts. */
  add(entry: Registered): void {
    this.#entries.set(nameOf(entry.key), entry);
    this.#parts.changed(this);
  }

  remove(entry: Registered): void {
    if (this.#entries.get(nameOf(entry.key)) === entry) this.#entries.delete(nameOf(entry.key));
  }

  find(kind: 'job' | 'timer', id: string): Registered | undefined {
    return this.#entries.get(nameOf({ kind, id }));
  }

  /** Something is due at that time. */
  touch(at: number): void {
    this.#touched = Math.min(this.#touched, at);
    this.#wakeAt = Math.min(this.#wakeAt, at);
  }

  /** Notes what is registered, then what was due, then begins what can be begun. */
  async step(): Promise<void> {
    this.#touched = Infinity;
    for (const entry of this.#entries.values()) if (!entry.adopted) await this.#adopt(entry);
    for (const { key, adopted, job } of this.#entries.values()) {
      if (adopted && job?.due !== undefined && job.due.at <= this.#parts.clock.now())
        await this.#pass(key, job, job.due);
    }
    const next = await this.#begin();
    const dues = [...this.#entries.values()].map(({ job }) => job?.due?.at ?? Infinity);
    this.#wakeAt = Math.min(next, this.#touched, ...dues);
  }

  async #adopt(entry: Registered): Promise<void> {
    const { clock, jobs } = this.#parts;
    const { job } = entry;
    const kept = await jobs.adopt(entry.key, entry.kept, (known) =>
      job === undefined ? { base: undefined, next: undefined } : resume(job, known, clock.now()),
    );
    entry.adopted = true;
    if (job === undefined) return;
    job.due = kept.next === undefined ? undefined : { base: kept.base ?? kept.next, at: kept.next };
    job.missed = kept.missed;
  }

  /** What is due next stands in the store before anything is called. */
  async #pass(key: Registered['key'], job: JobPart, due: NonNullable<JobPart['due']>): Promise<void> {
    const { clock, runs, newRun } = this.#parts;
    const now = clock.now();
    const passed = job.timetable.passed(due, now, MAX_WAITING);
    const last = passed.latest.at(-1) ?? due.at;
    let skipped: SkipReason | undefined;
    const { missed } = await runs.pass(key, (waiting) => {
      const plan = catchUp(job.spec, passed, now, waiting, job.missed);
      skipped = plan.skipped;
      return {
        base: passed.next?.base,
        next: passed.next?.at,
        runs: plan.run.map((at, index) => ({
          run: newRun(),
          due: at,
          missed: index === 0 ? plan.missed : 0,
        })),
        missed: plan.run.length > 0 ? 0 : plan.missed,
        ...(plan.skipped !== undefined && { skipped: { due: last, why: plan.skipped } }),
      };
    });
    job.due = passed.next;
    job.missed = missed;
    if (skipped !== undefined) this.#parts.leftOut(key, last, skipped);
  }

  /** @returns when to look again, by the clock */
  async #begin(): Promise<number> {
    const { clock, runs } = this.#parts;
    const free = MAX_RUNNING - this.#running.size;
    const { jobs, timers } = this.#ready();
    // The end of a run is a reason to look again.
    if (free <= 0) return Infinity;
    const found = [
      ...(await runs.heads(this.#instance, jobs)),
      ...(await runs.timers(this.#instance, timers, [...this.#running.keys()], free + 1)),
    ].sort((a, b) => a.at - b.at);
    const now = clock.now();
    const due = found.filter(({ at, state }) => at <= now || state === 'begun');
    const chosen: StoredRun[] = [];
    for (const run of due.slice(0, free)) if (!(await this.#exhausted(run))) chosen.push(run);
    if (chosen.length > 0) {
      for (const run of await runs.begin(chosen.map(({ run: name }) => name))) {
        const entry = this.find(run.kind, run.id);
        // It may have been taken away meanwhile; whoever registers it next finds the run begun.
        if (entry === undefined) continue;
        this.#running.set(run.run, { entry, run });
        void this.#execute({ entry, run });
      }
    }
    if (due.length > free) return Infinity;
    return found.find((run) => !due.includes(run))?.at ?? Infinity;
  }

  /** Ids for which something can be begun now. */
  #ready(): { readonly jobs: string[]; readonly timers: string[] } {
    const now = this.#parts.clock.monotonic();
    const busy = new Set<string>();
    for (const { run } of this.#running.values()) if (run.kind === 'job') busy.add(run.id);
    const ready = { jobs: [] as string[], timers: [] as string[] };
    for (const entry of this.#entries.values()) {
      if (entry.restUntil > now || !entry.adopted) continue;
      entry.restUntil = 0;
      if (entry.job === undefined) ready.timers.push(entry.key.id);
      else if (!busy.has(entry.key.id)) ready.jobs.push(entry.key.id);
    }
    return ready;
  }

  /** A run that takes its process down every time is not begun for ever. */
  async #exhausted(run: StoredRun): Promise<boolean> {
    const entry = this.find(run.kind, run.id);
    if (run.state !== 'begun' || entry === undefined || run.attempt < entry.retry.attempts) return false;
    const detail = `it was begun ${run.attempt} times and never ended: the bot or the plugin ended first`;
    await this.#parts.runs.giveUp(run, detail);
    this.#reportDead(run, detail);
    this.#parts.changed(this);
    return true;
  }

  async #execute(running: Running): Promise<void> {
    const { clock, log } = this.#parts;
    const { entry, run } = running;
    const [at, began] = [clock.now(), clock.monotonic()];
    let outcome: RunOutcome;
    try {
      outcome = await entry.run(run, aboutRun(run, at));
    } catch (error) {
      outcome = { how: 'error', message: error instanceof Error ? error.message : String(error) };
    }
    const ms = Math.round(clock.monotonic() - began);
    for (;;) {
      try {
        await this.#note(running, outcome, at, ms);
        break;
      } catch (error) {
        if (error instanceof StoreError && error.code === 'closed') return;
        log.warn('The end of a run could not be noted yet', { plugin: run.instance, job: run.id, error });
        // It is over, but nobody may begin it again before that is known.
        await after(clock, NOTE_AGAIN_MS);
      }
    }
    this.#running.delete(run.run);
    this.#parts.changed(this);
  }

  async #note({ entry, run }: Running, outcome: RunOutcome, at: number, ms: number): Promise<void> {
    const { clock, runs } = this.#parts;
    const last: Pick<LastRun, 'due' | 'at' | 'ms'> = { due: run.due, at, ms };
    switch (outcome.how) {
      case 'done':
        await runs.done(run, { ...last, how: 'done' });
        return;
      case 'error': {
        const again = retryAt(entry.retry, run.attempt, clock.now());
        const failed: LastRun = { ...last, how: 'error', detail: outcome.message };
        if (await runs.failed(run, failed, again)) this.#reportDead(run, outcome.message);
        return;
      }
      case 'cut':
        // It stays begun. Of a plugin that is gone nothing is asked until it is back.
        if (this.find(run.kind, run.id) !== entry) return;
        for (const other of this.#entries.values()) other.restUntil = clock.monotonic() + REST_MS;
    }
  }

  #reportDead({ instance, id, kind, run }: StoredRun, reason: string): void {
    this.#parts.log.error('A run was given up', { plugin: instance, [kind]: id, run, reason });
  }
}

function nameOf({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind} ${id}`;
}
