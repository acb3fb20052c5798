import type { Clock, Timer } from '../../platform/clock.ts';

/** Pauses that can be called off all together. */
export class Naps {
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after `ms` milliseconds, or never once they were called off. */
  take(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, ms);
      this.#timers.add(timer);
    });
  }

  callOff(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }
}
