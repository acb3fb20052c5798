import type { Clock, Hold, Timer } from '../clock.ts';
import { deferred } from '../deferred.ts';
import { checkedDelay } from '../delay.ts';
import { TimerHeap } from './timer-heap.ts';
import { VirtualHold } from './virtual-hold.ts';

// Captured now: a test may replace the globals later, and this clock must keep running on the real event loop.
const nextTurn = globalThis.setImmediate;
const realSetTimeout = globalThis.setTimeout;
const realClearTimeout = globalThis.clearTimeout;

/** How many timers at most share one turn of the event loop. */
const MAX_BATCH = 4096;

export interface VirtualClockOptions {
  /** What `now()` says first, in milliseconds since the Unix epoch. @default 2026-01-01T00:00:00Z */
  readonly startAt?: number;
  /** Real milliseconds without any hold being released after which it is an error. @default 60_000 */
  readonly stuckAfterMs?: number;
  /** Timers that may fire at one instant before it is an error: they seem to set each other for ever. @default 10_000_000 */
  readonly maxTimersPerInstant?: number;
}

export interface RunOptions {
  /** Virtual milliseconds after which it fails. @default 60_000 */
  readonly timeoutMs?: number;
}

interface Run {
  /** Where time stops, on the monotonic scale. */
  readonly target: number;
  readonly until: (() => boolean) | undefined;
  resolve(): void;
  reject(reason: unknown): void;
}

/**
 * Time that a test owns: it moves only inside {@link advance} and its siblings, one of which may run at a time.
 *
 * **Order.** Timers fire by due time, then in the order they were set. Between any two timers, also at the same
 * instant, all promise reactions and `process.nextTick` callbacks run to their end, as they do in Node: each timer
 * fires in an immediate of its own, and many immediates share one turn of the event loop, which is what makes it fast.
 * A timer set with delay 0 fires at the same instant, after those already due.
 *
 * **When time moves.** Only when nothing is due, no hold is unreleased, and a whole turn of the real event loop has
 * passed since the last callback, so that immediates set by callbacks and by their promise chains have run too.
 * While a hold is unreleased no timer fires either, not even at the same instant: how long the held work takes is up to
 * the machine, and the order of events must not be.
 *
 * **Failure.** What a timer's callback throws rejects the running `advance`. Timers not yet fired remain, so the next
 * `advance` goes on from there.
 */
export class VirtualClock implements Clock {
  readonly #timers = new TimerHeap();
  readonly #holds = new Set<VirtualHold>();
  readonly #stuckAfterMs: number;
  readonly #maxTimersPerInstant: number;
  #epoch: number;
  #elapsed = 0;
  #run: Run | undefined;
  #parked: NodeJS.Timeout | undefined;
  /** A turn has passed with nothing to do. */
  #quiet = false;
  #batch = 1;
  #firedNow = 0;
  #slotsLeft = 0;
  #stepQueued = false;

  constructor(options: VirtualClockOptions = {}) {
    this.#epoch = options.startAt ?? Date.UTC(2026, 0, 1);
    this.#stuckAfterMs = options.stuckAfterMs ?? 60_000;
    this.#maxTimersPerInstant = options.maxTimersPerInstant ?? 10_000_000;
  }

  now(): number {
    return this.#epoch + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  /** @throws RangeError when `delayMs` is NaN. `Infinity` never fires. */
  setTimeout(run: () => void, delayMs: number): Timer {
    return this.#timers.add(this.#elapsed + checkedDelay(delayMs), run);
  }

  hold(why: string): Hold {
    const hold = new VirtualHold(why, (released) => this.#released(released));
    this.#holds.add(hold);
    return hold;
  }

  /** Timers that have neither fired nor been cancelled. */
  get pending(): number {
    return this.#timers.size;
  }

  /** When the next timer is due, on the scale of `now()`; undefined when there is none. */
  get nextDue(): number | undefined {
    const next = this.#timers.peek();
    return next === undefined ? undefined : this.#epoch + next.due;
  }

  /** What is being waited for, oldest first. */
  get holding(): readonly string[] {
    return [...this.#holds].map((hold) => hold.why);
  }

  /** Sets the wall clock, as an operator would: `now()` jumps by `ms`; `monotonic()` and timers do not notice. */
  jumpWallClock(ms: number): void {
    this.#epoch += ms;
  }

  /**
   * Lets `ms` pass, firing everything that comes due up to and including the last instant.
   * @throws Error (as rejection) what a timer threw; when the clock is already running; when a hold is stuck.
   */
  advance(ms: number): Promise<void> {
    return this.#start(ms);
  }

  /** Like {@link advance}, up to the moment when `now()` is `time`. It must not lie in the past. */
  advanceTo(time: number): Promise<void> {
    return this.advance(time - this.now());
  }

  /** Fires everything due now, and what that makes due, without letting time pass. */
  settle(): Promise<void> {
    return this.#start(0);
  }

  /**
   * Lets time pass until `predicate` is true. It is asked whenever nothing is left to do at an instant.
   * @throws Error (as rejection) when it is still false after `timeoutMs`; what `predicate` threw; as {@link advance}.
   */
  async runUntil(predicate: () => boolean, options: RunOptions = {}): Promise<void> {
    const timeoutMs = options.timeoutMs ?? 60_000;
    let reached = false;
    const until = () => {
      reached = predicate();
      return reached;
    };
    await this.#start(timeoutMs, until);
    if (!reached) {
      throw new Error(
        `Still not true after ${timeoutMs} ms of virtual time (${this.pending} timers pending)`,
      );
    }
  }

  /**
   * Lets time pass until `work` settles, and settles like it.
   * @throws Error (as rejection) when it takes more than `timeoutMs`; as {@link advance}.
   */
  async run<T>(work: PromiseLike<T> | (() => PromiseLike<T>), options: RunOptions = {}): Promise<T> {
    const promise = typeof work === 'function' ? work() : work;
    let settled = false;
    const note = () => {
      settled = true;
    };
    promise.then(note, note);
    await this.runUntil(() => settled, options);
    return promise;
  }

  #start(ms: number, until?: () => boolean): Promise<void> {
    if (!(ms >= 0 && ms < Infinity)) return Promise.reject(new RangeError(`Time cannot advance by ${ms} ms`));
    if (this.#run !== undefined) {
      return Promise.reject(
        new Error('The virtual clock is already running: await one advance before the next'),
      );
    }
    const { promise, resolve, reject } = deferred();
    this.#run = { target: this.#elapsed + ms, until, resolve, reject };
    this.#newInstant();
    // Immediates that a failed run left behind come before this one, and serve this run.
    this.#queueStep();
    return promise;
  }

  /** At most one step is queued at a time, else two runs in a row would share the clock. */
  #queueStep(): void {
    if (this.#stepQueued) return;
    this.#stepQueued = true;
    nextTurn(this.#step);
  }

  #newInstant(): void {
    this.#quiet = false;
    this.#batch = 1;
    this.#firedNow = 0;
  }

  /** Runs in an immediate of its own, so every promise reaction of what happened before has run. */
  readonly #step = (): void => {
    this.#stepQueued = false;
    const run = this.#run;
    if (run === undefined) return;
    if (this.#holds.size > 0) {
      this.#park();
      return;
    }
    const next = this.#timers.peek();
    if (next !== undefined && next.due <= this.#elapsed) {
      this.#fireBatch();
      return;
    }
    if (!this.#quiet) {
      // Immediates that promise reactions set during the last turn may be queued behind this one.
      this.#quiet = true;
      this.#queueStep();
      return;
    }
    try {
      if (run.until?.() === true) {
        this.#finish();
        return;
      }
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (next === undefined || next.due > run.target) {
      this.#elapsed = run.target;
      this.#finish();
      return;
    }
    this.#elapsed = next.due;
    this.#newInstant();
    this.#fireNext();
    this.#queueStep();
  };

  /**
   * Gives the due timers immediates of their own, all in the next turn. How many are due the heap does not know, so
   * the number of immediates doubles after a batch that used them all and halves after one that did not.
   */
  #fireBatch(): void {
    this.#quiet = false;
    this.#slotsLeft = this.#batch;
    for (let i = 0; i < this.#batch; i++) nextTurn(this.#slot);
  }

  readonly #slot = (): void => {
    this.#slotsLeft--;
    const fired = this.#run !== undefined && this.#holds.size === 0 && this.#fireNext();
    if (this.#slotsLeft > 0) return;
    this.#batch = fired ? Math.min(this.#batch * 2, MAX_BATCH) : Math.max(this.#batch >> 1, 1);
    this.#queueStep();
  };

  #fireNext(): boolean {
    const timer = this.#timers.peek();
    if (timer === undefined || timer.due > this.#elapsed) return false;
    if (++this.#firedNow > this.#maxTimersPerInstant) {
      this.#fail(new Error('Virtual time stands still: timers keep setting timers with no delay'));
      return false;
    }
    const run = this.#timers.take(timer);
    try {
      run();
    } catch (error) {
      this.#fail(error);
    }
    return true;
  }

  #park(): void {
    this.#parked = realSetTimeout(() => {
      this.#parked = undefined;
      const names = this.holding.map((why) => `"${why}"`).join(', ');
      this.#fail(
        new Error(`The virtual clock has waited ${this.#stuckAfterMs} ms of real time for: ${names}`),
      );
    }, this.#stuckAfterMs);
  }

  #released(hold: VirtualHold): void {
    this.#holds.delete(hold);
    if (this.#parked === undefined) return;
    realClearTimeout(this.#parked);
    this.#parked = undefined;
    // One of several came back: the others are not stuck yet.
    if (this.#holds.size > 0) {
      this.#park();
      return;
    }
    this.#quiet = false;
    this.#queueStep();
  }

  #finish(): void {
    const run = this.#run;
    this.#run = undefined;
    run?.resolve();
  }

  #fail(error: unknown): void {
    const run = this.#run;
    this.#run = undefined;
    run?.reject(error);
  }
}
