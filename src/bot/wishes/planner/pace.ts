import type { Clock } from '../../../platform/clock.ts';
import { USUAL_JITTER_MS } from './timetable.ts';

/** A turn that comes so near to its usual distance from the one before has only been jittered, in milliseconds. */
const JITTERED_MS = 5_000;
/** A search that takes longer to be sent than this was held up, in milliseconds. */
const HELD_UP_MS = 30_000;

/**
 * The planner's own time: the system clock less a skew. In it turns that follow each other are always the interval and 6 s
 * apart, so that no choice hangs on the pauses of 2 to 10 s which the governor draws by lot: what a timetable says is what
 * happens, only some seconds sooner or later each time.
 */
export class Pace {
  readonly #clock: Clock;
  /** Milliseconds between two turns; 0: there are none. */
  readonly #interval: () => number;
  #skew = 0;
  /** Planner's time of the last turn in the slot. */
  #last: number | undefined;
  /** The slot is open since then. */
  #open = false;

  constructor(clock: Clock, intervalMs: () => number) {
    this.#clock = clock;
    this.#interval = intervalMs;
  }

  /** What the planner's time is behind the clock, in milliseconds; may be negative. */
  get skew(): number {
    return this.#skew;
  }

  now(): number {
    return this.#clock.now() - this.#skew;
  }

  /** Takes up what an earlier run left. @param last the latest turn, by the clock */
  resume(last: number, skew: number): void {
    this.#skew = skew;
    this.#last = last - skew;
  }

  /** The system clock was set. */
  shift(ms: number): void {
    if (this.#last !== undefined) this.#last += ms;
  }

  /** When the slot opens, by the planner's time. @param wait milliseconds until it does */
  opening(wait: number): number {
    const at = this.now() + wait;
    if (this.#open || this.#last === undefined) return at;
    const usual = this.#last + this.#interval() + USUAL_JITTER_MS;
    return Math.abs(at - usual) <= JITTERED_MS ? usual : at;
  }

  /** The slot is open: from here on the planner's time runs with the clock. @returns what it is now. */
  open(): number {
    const now = this.opening(0);
    this.#skew = this.#clock.now() - now;
    this.#open = true;
    return now;
  }

  /** A turn that was decided on at that time, by the planner's, was sent now. */
  took(decided: number): void {
    const late = this.now() - decided;
    if (late > 0 && late < HELD_UP_MS) this.#skew += late;
    this.#last = this.now();
    this.#open = false;
  }
}
