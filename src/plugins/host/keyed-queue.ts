import { type Deferred, deferred } from '../../platform/deferred.ts';

interface Job {
  readonly run: () => Promise<void>;
  readonly cancel: () => void;
}

/**
 * Runs jobs of one key one after the other, in order, and jobs of different keys side by side. A job must not throw or
 * reject.
 */
export class KeyedQueue {
  /** Jobs that wait, by key. A key is here as long as one of its jobs runs. */
  readonly #lanes = new Map<string, Job[]>();
  #size = 0;
  #idle: Deferred<void> | undefined;

  /** Jobs that wait or run. */
  get size(): number {
    return this.#size;
  }

  /** Keys with jobs. */
  get lanes(): number {
    return this.#lanes.size;
  }

  /** @param cancel called instead of `run` when the queue is cleared before its turn. */
  push(key: string, run: () => Promise<void>, cancel: () => void): void {
    this.#size++;
    const lane = this.#lanes.get(key);
    if (lane === undefined) {
      const fresh: Job[] = [];
      this.#lanes.set(key, fresh);
      this.#start(key, fresh, run);
    } else lane.push({ run, cancel });
  }

  /** Cancels what waits. What runs, runs on. */
  clear(): void {
    for (const lane of this.#lanes.values()) {
      for (const job of lane.splice(0)) {
        this.#size--;
        job.cancel();
      }
    }
  }

  /** Resolves when nothing waits or runs. */
  idle(): Promise<void> {
    if (this.#size === 0) return Promise.resolve();
    this.#idle ??= deferred();
    return this.#idle.promise;
  }

  #start(key: string, lane: Job[], run: () => Promise<void>): void {
    const next = () => {
      this.#size--;
      const job = lane.shift();
      if (job === undefined) this.#lanes.delete(key);
      else this.#start(key, lane, job.run);
      if (this.#size > 0) return;
      this.#idle?.resolve();
      this.#idle = undefined;
    };
    run().then(next, next);
  }
}
