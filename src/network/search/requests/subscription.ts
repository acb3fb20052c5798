import type { Clock, Timer } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { Pattern } from './pattern-book.ts';
import type { SearchRequest } from './request-stream.ts';
import type { Sampler } from './sampler.ts';

/** A request as subscribers see it. Plain data. */
export interface SearchRequestEvent {
  /** The name, or its stand-in if the subscription asked for hashed names. */
  readonly user: string;
  readonly query: string;
  /** `tree`: asked of everybody. `server`: of us, or of a room that we are in. */
  readonly source: SearchRequest['source'];
  /** Host time, milliseconds since the epoch. */
  readonly at: number;
  /** Those terms of the subscription that match, as they were given. Absent if it has none. */
  readonly terms?: readonly string[];
}

export interface SearchRequestBatch {
  /** In the order in which they came; at least one. */
  readonly requests: readonly SearchRequestEvent[];
  /** Requests that matched but came when the batch was full. */
  readonly dropped: number;
}

export interface BatchOptions {
  /** From the first request of a batch to its delivery, 10 ms to an hour. @default 1000 */
  readonly batchMs?: number;
  /** Requests in one batch, 1 to 10000; those above are dropped and counted. @default 500 */
  readonly maxBatch?: number;
}

export type BatchHandler = (batch: SearchRequestBatch) => void | Promise<void>;

export interface SubscriptionCounts {
  readonly matched: number;
  readonly delivered: number;
  readonly dropped: number;
}

/** Who listens to requests; undo it by `stop`. */
export interface RequestSubscription {
  readonly counts: SubscriptionCounts;
  /** No more batches, not even what was collected. */
  stop(): void;
}

/** What a request must meet beside the condition by which it was found. */
export interface Conditions {
  readonly users?: ReadonlySet<string>;
  readonly patterns?: readonly Pattern[];
  readonly sampler?: Sampler;
  readonly nameOf: (user: string) => string;
}

/** Collects what matches and hands it over now and then; waits for a handler that is still busy with the last batch. */
export class Subscription {
  readonly conditions: Conditions;
  /** For the matcher: number of the query for which `terms` were found. */
  query = -1;
  terms: string[] = [];
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #batch: Required<BatchOptions>;
  readonly #handler: BatchHandler;
  #collected: SearchRequestEvent[] = [];
  #overflow = 0;
  #timer: Timer | undefined;
  #busy = false;
  #stopped = false;
  readonly #counts = { matched: 0, delivered: 0, dropped: 0 };

  constructor(options: {
    readonly clock: Clock;
    readonly log: Log;
    readonly conditions: Conditions;
    readonly batch: Required<BatchOptions>;
    readonly handler: BatchHandler;
  }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.conditions = options.conditions;
    this.#batch = options.batch;
    this.#handler = options.handler;
  }

  get counts(): SubscriptionCounts {
    return { ...this.#counts };
  }

  /** A request that meets all conditions. */
  add(request: SearchRequest, terms: readonly string[] | undefined): void {
    this.#counts.matched++;
    if (this.#collected.length >= this.#batch.maxBatch) {
      this.#overflow++;
      this.#counts.dropped++;
      return;
    }
    const { query, source } = request;
    const user = this.conditions.nameOf(request.user);
    this.#collected.push({ user, query, source, at: this.#clock.now(), ...(terms && { terms }) });
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#collected = [];
  }

  #arm(): void {
    if (this.#busy || this.#stopped) return;
    this.#timer ??= this.#clock.setTimeout(() => {
      this.#timer = undefined;
      void this.#deliver();
    }, this.#batch.batchMs);
  }

  async #deliver(): Promise<void> {
    const batch = { requests: this.#collected, dropped: this.#overflow };
    this.#collected = [];
    this.#overflow = 0;
    this.#counts.delivered += batch.requests.length;
    this.#busy = true;
    try {
      await this.#handler(batch);
    } catch (error) {
      this.#log.error('a listener to searches failed', { error });
    }
    this.#busy = false;
    if (this.#collected.length > 0) this.#arm();
  }
}
