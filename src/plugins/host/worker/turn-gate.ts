import type { Clock, Hold, Timer } from '../../../platform/clock.ts';

/** How long virtual time may stand still for a worker, in real milliseconds. */
export interface HoldTimes {
  /** Until it has started, and while it loads a plugin. */
  readonly startMs: number;
  /** At other times, from one sign of life to the next. */
  readonly turnMs: number;
}

/** A process that others keep from working is given up to so many times as long. */
const STARVED = 5;

/**
 * Keeps virtual time still while a worker deals with what it was sent, so that it takes no virtual time. For so long in
 * real time, at most: a worker that does not answer must not stop the time that tells so.
 */
export class TurnGate {
  readonly #clock: Clock;
  readonly #watchdog: Clock;
  readonly #worked: () => number;
  readonly #times: HoldTimes;
  readonly #why: string;
  #sent = 0;
  #done = 0;
  #hold: Hold | undefined;
  #timer: Timer | undefined;
  /** Up to here it may take longer. */
  #patience = 0;
  #deaf = false;
  #ended = false;

  /**
   * @param watchdog real time
   * @param worked processor time that this process has had, in milliseconds: a worker that hangs in a loop uses it up, one
   * that waits for a busy machine does not
   */
  constructor(clock: Clock, watchdog: Clock, worked: () => number, times: HoldTimes, why: string) {
    this.#clock = clock;
    this.#watchdog = watchdog;
    this.#worked = worked;
    this.#times = times;
    this.#why = why;
  }

  /** A message goes out. @param load it makes the worker load a plugin @returns its turn */
  sent(load: boolean): number {
    this.#sent++;
    if (load) this.#patience = this.#sent;
    if (!this.#deaf && !this.#ended && this.#hold === undefined) {
      this.#hold = this.#clock.hold(this.#why);
      this.#watch();
    }
    return this.#sent;
  }

  /** It has sent something: it lives. */
  heard(): void {
    if (this.#hold !== undefined) this.#watch();
  }

  /** It has dealt with everything up to this turn. */
  dealtWith(turn: number): void {
    this.#done = Math.max(this.#done, turn);
    this.#deaf = false;
    if (this.#hold === undefined) return;
    if (this.#done >= this.#sent) this.#release();
    else this.#watch();
  }

  /** It will not answer any more. */
  end(): void {
    this.#ended = true;
    this.#release();
  }

  #watch(): void {
    const ms = this.#patience > this.#done ? this.#times.startMs : this.#times.turnMs;
    this.#wait(ms, this.#worked() + ms / 2, STARVED);
  }

  #wait(ms: number, enough: number, times: number): void {
    this.#timer?.cancel();
    this.#timer = this.#watchdog.setTimeout(() => {
      if (times > 1 && this.#worked() < enough) {
        this.#wait(ms, enough, times - 1);
        return;
      }
      this.#deaf = true;
      this.#release();
    }, ms);
  }

  #release(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#hold?.release();
    this.#hold = undefined;
  }
}
