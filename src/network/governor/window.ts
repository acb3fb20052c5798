/** At most `max` uses in any span of `windowMs` milliseconds, strictly. */
export class SlidingWindow {
  readonly max: number;
  readonly windowMs: number;
  /** Times of use, oldest first, monotonic milliseconds. */
  #times: number[] = [];

  constructor(max: number, windowMs: number) {
    this.max = max;
    this.windowMs = windowMs;
  }

  wait(now: number): number {
    this.#forget(now);
    const blocking = this.#times[this.#times.length - this.max];
    return blocking === undefined ? 0 : Math.ceil(blocking + this.windowMs - now);
  }

  used(now: number): number {
    this.#forget(now);
    return this.#times.length;
  }

  take(now: number): void {
    this.#times.push(now);
  }

  /** What was taken at `from` was really used at `to`. */
  settle(from: number, to: number): void {
    this.#times = this.#times.map((time) => (time === from ? to : time)).sort((a, b) => a - b);
  }

  /** Milliseconds since each use: what a restart has to remember. */
  ages(now: number): number[] {
    this.#forget(now);
    return this.#times.map((time) => now - time);
  }

  resume(now: number, ages: readonly number[]): void {
    this.#times = ages.map((age) => now - age).sort((a, b) => a - b);
  }

  #forget(now: number): void {
    let old = 0;
    while (old < this.#times.length && this.#times[old]! + this.windowMs <= now) old++;
    if (old > 0) this.#times.splice(0, old);
  }
}

/** At most `max` different keys in any span of `windowMs` milliseconds; a key already counted costs nothing. */
export class DistinctWindow {
  readonly max: number;
  readonly windowMs: number;
  /** Last use of each key, oldest first, monotonic milliseconds. */
  readonly #last = new Map<string, number>();

  constructor(max: number, windowMs: number) {
    this.max = max;
    this.windowMs = windowMs;
  }

  wait(now: number, key: string): number {
    this.#forget(now);
    if (this.#last.has(key) || this.#last.size < this.max) return 0;
    const times = [...this.#last.values()];
    return Math.ceil(times[times.length - this.max]! + this.windowMs - now);
  }

  used(now: number): number {
    this.#forget(now);
    return this.#last.size;
  }

  take(now: number, key: string): void {
    this.#last.delete(key);
    this.#last.set(key, now);
  }

  /** What was taken at `from` was really used at `to`, which is not before any other use. */
  settle(from: number, to: number): void {
    for (const [key, time] of [...this.#last]) if (time === from) this.take(to, key);
  }

  ages(now: number): [key: string, age: number][] {
    this.#forget(now);
    return [...this.#last].map(([key, time]) => [key, now - time]);
  }

  resume(now: number, ages: readonly (readonly [key: string, age: number])[]): void {
    this.#last.clear();
    for (const [key, age] of [...ages].sort((a, b) => b[1] - a[1])) this.#last.set(key, now - age);
  }

  #forget(now: number): void {
    for (const [key, time] of this.#last) {
      if (time + this.windowMs > now) return;
      this.#last.delete(key);
    }
  }
}
