import type { JobRun, PendingTimer, TimerRun } from '../../api/time.ts';
import type { JobsService, RunOutcome } from '../services.ts';
import type { JobSpec, RetrySpec } from '../wire.ts';

interface FakeJob {
  readonly spec: JobSpec;
  readonly run: (run: JobRun) => Promise<RunOutcome>;
}

interface FakeListener {
  readonly retry: RetrySpec;
  readonly run: (payload: unknown, timer: TimerRun) => Promise<RunOutcome>;
}

/** Durable time in memory; the test decides when something is due. */
export class FakeJobs implements JobsService {
  /** By `instance/id`. */
  readonly jobs = new Map<string, FakeJob>();
  /** By `instance/kind`. */
  readonly listeners = new Map<string, FakeListener>();
  /** By `instance/kind/key`. */
  readonly timers = new Map<string, PendingTimer<unknown>>();
  #runs = 0;

  register(instance: string, spec: JobSpec, run: FakeJob['run']): () => void {
    const job = { spec, run };
    this.jobs.set(`${instance}/${spec.id}`, job);
    return () => forget(this.jobs, `${instance}/${spec.id}`, job);
  }

  listen(instance: string, kind: string, retry: RetrySpec, run: FakeListener['run']): () => void {
    const listener = { retry, run };
    this.listeners.set(`${instance}/${kind}`, listener);
    return () => forget(this.listeners, `${instance}/${kind}`, listener);
  }

  async setTimer(instance: string, kind: string, key: string, at: number, payload: unknown): Promise<void> {
    this.timers.set(`${instance}/${kind}/${key}`, { key, at, payload });
  }

  async cancelTimer(instance: string, kind: string, key: string): Promise<boolean> {
    return this.timers.delete(`${instance}/${kind}/${key}`);
  }

  async getTimer(instance: string, kind: string, key: string): Promise<PendingTimer<unknown> | undefined> {
    return this.timers.get(`${instance}/${kind}/${key}`);
  }

  async listTimers(
    instance: string,
    kind: string,
    prefix: string,
  ): Promise<readonly PendingTimer<unknown>[]> {
    return [...this.timers]
      .filter(([full]) => full.startsWith(`${instance}/${kind}/${prefix}`))
      .map(([, timer]) => timer)
      .sort((a, b) => a.at - b.at);
  }

  /** A job is due. */
  async due(job: string, changes: Partial<JobRun> = {}): Promise<RunOutcome> {
    const found = this.jobs.get(job);
    if (found === undefined) throw new Error(`no job ${job}`);
    return found.run({ ...this.#run(found.spec.id), ...changes });
  }

  /** A timer is due; it is gone when it succeeds. */
  async fire(instance: string, kind: string, key: string): Promise<RunOutcome> {
    const listener = this.listeners.get(`${instance}/${kind}`);
    const timer = this.timers.get(`${instance}/${kind}/${key}`);
    if (listener === undefined || timer === undefined) throw new Error(`no timer ${instance}/${kind}/${key}`);
    const outcome = await listener.run(timer.payload, { ...this.#run(kind), key });
    if (outcome.how === 'done') this.timers.delete(`${instance}/${kind}/${key}`);
    return outcome;
  }

  #run(id: string): JobRun {
    const run = `run-${++this.#runs}`;
    return { id, run, due: 0, at: 0, reason: 'due', attempt: 1, missed: 0, redelivered: false };
  }
}

/** Only the newest of a name counts. */
function forget<T>(all: Map<string, T>, name: string, one: T): void {
  if (all.get(name) === one) all.delete(name);
}
