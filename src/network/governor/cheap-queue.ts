import type { Desk } from './desk.ts';
import { RETRY_MS } from './queue-limits.ts';
import { Queues } from './queues.ts';
import { named, type Verdict } from './verdict.ts';

/**
 * Housekeeping and acknowledgements: many and small. They are reserved on disk in blocks and then written at once; a
 * restart loses the rest of a block.
 */
export class CheapQueue {
  readonly waiting = new Queues();
  readonly #desk: Desk;
  readonly #block: number;
  readonly #onGrant: () => void;
  /** Frames that may leave without another save. */
  #reserved = 0;
  #reserving = false;

  /** @param block frames reserved at a time. */
  constructor(desk: Desk, block: number, onGrant: () => void) {
    this.#desk = desk;
    this.#block = block;
    this.#onGrant = onGrant;
  }

  pump(now: number): void {
    while (this.#reserved > 0) {
      const job = this.waiting.next((head) => head.gate?.() ?? true);
      if (!job) break;
      this.#reserved -= 1;
      if (this.#desk.write(job)) continue;
      this.#desk.tally.finish(job, { state: 'dropped', code: 'offline', reason: 'the connection is closed' });
    }
    if (this.#reserved < this.#block / 2 && this.#refillWait(now) === 0) void this.reserve();
  }

  /** When the next frame may leave, if any waits for time. */
  next(now: number): Verdict | undefined {
    if (this.waiting.size === 0 || this.#reserved > 0 || this.#reserving) return undefined;
    return named('housekeeping.perSecond', this.#refillWait(now));
  }

  /** Reserves what is missing of a block. Resolves after the first attempt, whether or not it could be saved. */
  async reserve(): Promise<void> {
    if (this.#reserving) return;
    const { budgets, clock, store } = this.#desk;
    const now = clock.monotonic();
    const frames = Math.min(this.#block - this.#reserved, budgets.housekeeping.available(now));
    if (frames <= 0) return;
    this.#reserving = true;
    budgets.housekeeping.take(now, frames);
    if (await store.save()) this.#grant(frames);
    else void this.#reserveLater(frames);
  }

  async #reserveLater(frames: number): Promise<void> {
    do await this.#desk.naps.take(RETRY_MS);
    while (!(await this.#desk.store.save()));
    this.#grant(frames);
  }

  #grant(frames: number): void {
    this.#reserved += frames;
    this.#reserving = false;
    this.#onGrant();
  }

  /** A quarter of a block is worth a save. */
  #refillWait(now: number): number {
    return this.#desk.budgets.housekeeping.wait(now, Math.ceil(this.#block / 4));
  }
}
