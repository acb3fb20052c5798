/** Uses of the store for wishes, one after the other: each finds what the one before has left. */
export class Work {
  #last: Promise<unknown> = Promise.resolve();
  #active = 0;

  /** Under way, and waiting. */
  get active(): number {
    return this.#active;
  }

  /** Settles like `task`, which begins when all before it have ended. */
  run<T>(task: () => Promise<T>): Promise<T> {
    this.#active++;
    const done = this.#last.then(task, task);
    const settle = (): void => {
      this.#active--;
    };
    this.#last = done.then(settle, settle);
    return done;
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#active > 0) await this.#last;
  }
}
