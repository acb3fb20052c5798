import type { Clock } from '../../platform/clock.ts';

/** Askers remembered at a time. */
const MAX_KEYS = 4096;

/** Lets each key through once per time. Forgets those whose time is over, and beyond a bound the oldest. */
export class RateGate {
  readonly #clock: Clock;
  readonly #gapMs: number;
  readonly #until = new Map<string, number>();

  constructor(clock: Clock, gapMs: number) {
    this.#clock = clock;
    this.#gapMs = gapMs;
  }

  get size(): number {
    return this.#until.size;
  }

  pass(key: string): boolean {
    const now = this.#clock.monotonic();
    if ((this.#until.get(key) ?? 0) > now) return false;
    this.#until.delete(key);
    this.#until.set(key, now + this.#gapMs);
    for (const [oldest, until] of this.#until) {
      if (until > now && this.#until.size <= MAX_KEYS) break;
      this.#until.delete(oldest);
    }
    return true;
  }
}
