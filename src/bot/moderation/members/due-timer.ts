import type { Clock, Timer } from '../../../platform/clock.ts';

/** After work that failed it is tried again so much later. */
const AGAIN_MS = 60_000;

export interface DueTimerOptions {
  readonly clock: Clock;
  /** When there is something to do next, in milliseconds since the epoch; Infinity: never. */
  readonly next: () => number;
  /** Does what is due. */
  readonly work: () => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** Does what is due when it is due. */
export class DueTimer {
  readonly #options: DueTimerOptions;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: DueTimerOptions) {
    this.#options = options;
  }

  /** To be called whenever something else may be due next. */
  schedule(atLeastMs = 0): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const { clock, next } = this.#options;
    const at = next();
    if (this.#stopped || at === Infinity) return;
    this.#timer = clock.setTimeout(() => void this.#run(), Math.max(atLeastMs, at - clock.now()));
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #run(): Promise<void> {
    try {
      await this.#options.work();
      this.schedule();
    } catch (error) {
      this.#options.failed(error);
      this.schedule(AGAIN_MS);
    }
  }
}
