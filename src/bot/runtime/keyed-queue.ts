/**
 * Runs work in order per key; different keys run side by side. One failing task neither stops those behind it nor
 * is lost: its rejection is the caller's.
 */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<void>>();
  #running = 0;
  #waiters: (() => void)[] = [];

  /** Tasks that run or wait. */
  get size(): number {
    return this.#running;
  }

  /** Runs `task` after every earlier one of its key. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    this.#running += 1;
    const result = before.then(task);
    const tail: Promise<void> = result.then(
      () => this.#ended(key, tail),
      () => this.#ended(key, tail),
    );
    this.#tails.set(key, tail);
    return result;
  }

  /** Resolves when nothing runs or waits any more, what is added meanwhile included. */
  async idle(): Promise<void> {
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  #ended(key: string, tail: Promise<void>): void {
    if (this.#tails.get(key) === tail) this.#tails.delete(key);
    this.#running -= 1;
    if (this.#running > 0) return;
    for (const wake of this.#waiters.splice(0)) wake();
  }
}
