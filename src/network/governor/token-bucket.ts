/**
 * A token bucket that counts in time instead of tokens (the generic cell rate algorithm): one number, no
 * rounding, and easy to keep across restarts. In any span of T milliseconds it lets at most
 * `capacity + T / everyMs` through.
 */
export class TokenBucket {
  readonly capacity: number;
  /** Milliseconds in which one token comes back. */
  readonly everyMs: number;
  /** When the bucket will be full again, monotonic milliseconds. */
  #fullAt = Number.NEGATIVE_INFINITY;

  constructor(capacity: number, everyMs: number) {
    this.capacity = capacity;
    this.everyMs = everyMs;
  }

  /** Whole tokens there are now. */
  available(now: number): number {
    return Math.floor(this.capacity - this.ahead(now) / this.everyMs + 1e-9);
  }

  /** Milliseconds until `count` tokens are there; 0 when they are. `count` must not exceed the capacity. */
  wait(now: number, count = 1): number {
    const wait = this.ahead(now) - (this.capacity - count) * this.everyMs;
    // A thousandth of a millisecond is rounding, not time.
    return wait > 1e-3 ? Math.ceil(wait) : 0;
  }

  take(now: number, count = 1): void {
    this.#fullAt = now + this.ahead(now) + count * this.everyMs;
  }

  /** What was taken at `from` was really used at `to`. */
  settle(from: number, to: number): void {
    this.#fullAt += to - from;
  }

  /** Milliseconds until full: what a restart has to remember. */
  ahead(now: number): number {
    return Math.max(0, this.#fullAt - now);
  }

  /** Continues from a remembered {@link ahead}. */
  resume(now: number, ahead: number): void {
    this.#fullAt = now + Math.min(ahead, this.capacity * this.everyMs);
  }
}
