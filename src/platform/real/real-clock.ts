import type { Clock, Hold, Timer } from '../clock.ts';
import { checkedDelay } from '../delay.ts';

/** Node fires timers with a longer delay at once. */
const LONGEST = 2 ** 31 - 1;

const NO_HOLD: Hold = { release() {} };

/** The system's time. A pending timer keeps the process alive. */
export class RealClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  /** @throws RangeError when `delayMs` is NaN. `Infinity` never fires. */
  setTimeout(run: () => void, delayMs: number): Timer {
    return new RealTimer(run, checkedDelay(delayMs));
  }

  hold(): Hold {
    return NO_HOLD;
  }
}

/** A timer that reaches long delays in several stages. */
class RealTimer implements Timer {
  #run: (() => void) | undefined;
  readonly #due: number;
  #handle: NodeJS.Timeout;

  constructor(run: () => void, delayMs: number) {
    this.#run = run;
    this.#due = performance.now() + delayMs;
    this.#handle = setTimeout(this.#stage, Math.min(delayMs, LONGEST));
  }

  cancel(): void {
    this.#run = undefined;
    clearTimeout(this.#handle);
  }

  readonly #stage = (): void => {
    const left = this.#due - performance.now();
    // Node rounds delays down to whole milliseconds; only a stage of a long timer has more left than that.
    if (left > 2) {
      this.#handle = setTimeout(this.#stage, Math.min(left, LONGEST));
      return;
    }
    const run = this.#run;
    this.#run = undefined;
    run?.();
  };
}
