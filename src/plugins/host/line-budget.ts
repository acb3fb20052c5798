import type { Clock } from '../../platform/clock.ts';

/** How many lines may come. */
export interface LineRate {
  /** At once. */
  readonly burst: number;
  /** In the long run. */
  readonly perSecond: number;
}

/** Lets through so many lines at once and so many a second, and counts the others. */
export class LineBudget {
  readonly #clock: Clock;
  readonly #rate: LineRate;
  #left: number;
  #at: number;
  #lost = 0;

  constructor(clock: Clock, rate: LineRate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#left = rate.burst;
    this.#at = clock.monotonic();
  }

  /** @returns undefined when the line is one too many, else how many were lost before it. */
  take(): number | undefined {
    const now = this.#clock.monotonic();
    const { burst, perSecond } = this.#rate;
    this.#left = Math.min(burst, this.#left + ((now - this.#at) / 1_000) * perSecond);
    this.#at = now;
    if (this.#left < 1) {
      this.#lost++;
      return undefined;
    }
    this.#left--;
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }
}
