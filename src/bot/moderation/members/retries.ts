import type { Clock, Timer } from '../../../platform/clock.ts';

/** Attempts that are made again after longer and longer pauses, by key. */
export class Retries {
  readonly #clock: Clock;
  readonly #pauses: readonly number[];
  readonly #waiting = new Map<string, { readonly tries: number; readonly timer: Timer }>();
  #closed = false;

  /** @param pauses in milliseconds; the last one goes on */
  constructor(clock: Clock, pauses: readonly number[]) {
    this.#clock = clock;
    this.#pauses = pauses;
  }

  /** One attempt per key: a new one takes the place of the one that waits. */
  later(key: string, run: () => void): void {
    const tries = this.#waiting.get(key)?.tries ?? 0;
    this.forget(key);
    if (this.#closed) return;
    const pause = this.#pauses[Math.min(tries, this.#pauses.length - 1)]!;
    this.#waiting.set(key, { tries: tries + 1, timer: this.#clock.setTimeout(run, pause) });
  }

  /** It has come about, or is not wanted any more. */
  forget(key: string): void {
    this.#waiting.get(key)?.timer.cancel();
    this.#waiting.delete(key);
  }

  close(): void {
    this.#closed = true;
    for (const { timer } of this.#waiting.values()) timer.cancel();
  }
}
