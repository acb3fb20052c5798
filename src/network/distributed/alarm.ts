import type { Clock, Timer } from '../../platform/clock.ts';

/** One timer for many deadlines. It may ring early, never late: whoever hears it looks what is due. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #timer: Timer | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings at `due` (monotonic milliseconds) or before; `Infinity`: not at all. */
  set(due: number): void {
    if (this.#at <= due && due !== Number.POSITIVE_INFINITY) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#at = due;
    if (due === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined;
      this.#at = Number.POSITIVE_INFINITY;
      this.#ring();
    }, due - this.#clock.monotonic());
  }
}
