/** Time that may be spent on waiting for somebody: a share of what passes, saved up to a bound. Monotonic milliseconds. */
export class Patience {
  readonly #share: number;
  readonly #most: number;
  #saved: number;
  #at: number;

  constructor(share: number, most: number, now: number) {
    this.#share = share;
    this.#most = most;
    this.#saved = most;
    this.#at = now;
  }

  left(now: number): number {
    this.#saved = Math.min(this.#most, this.#saved + (now - this.#at) * this.#share);
    this.#at = now;
    return this.#saved;
  }

  spend(ms: number, now: number): void {
    this.#saved = Math.max(0, this.left(now) - ms);
  }
}
