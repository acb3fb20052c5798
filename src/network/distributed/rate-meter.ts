/** The length of a window, in milliseconds. */
const WINDOW_MS = 10_000;

/** How many per second, over the last 10 to 20 seconds. Costs two additions, no timer. */
export class RateMeter {
  #windowStart: number;
  #count = 0;
  #before = 0;
  #beforeMs = 0;

  /** @param now monotonic milliseconds, here and below */
  constructor(now: number) {
    this.#windowStart = now;
  }

  add(count: number, now: number): void {
    if (now - this.#windowStart >= WINDOW_MS) this.#turn(now);
    this.#count += count;
  }

  perSecond(now: number): number {
    if (now - this.#windowStart >= WINDOW_MS) this.#turn(now);
    const ms = this.#beforeMs + now - this.#windowStart;
    return ms === 0 ? 0 : ((this.#before + this.#count) * 1000) / ms;
  }

  #turn(now: number): void {
    const elapsed = now - this.#windowStart;
    this.#before = elapsed < 2 * WINDOW_MS ? this.#count : 0;
    this.#beforeMs = elapsed < 2 * WINDOW_MS ? elapsed : WINDOW_MS;
    this.#windowStart = now;
    this.#count = 0;
  }
}
