/** A pending timer. Cancelling one that has fired, or was cancelled before, does nothing. */
export interface Timer {
  cancel(): void;
}

/** A claim that work is under way outside the event loop. Releasing it twice does nothing. */
export interface Hold {
  release(): void;
}

/**
 * Time as everything above the platform sees it. Nothing else in the project may ask the operating system
 * for the time, so that a test can own it.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. May jump when the operator sets the system clock. */
  now(): number;
  /** Milliseconds since an arbitrary start; never goes backwards. Measure durations with this one. */
  monotonic(): number;
  /** Calls `run` once, `delayMs` from now (0 or more; negative counts as 0). Long delays (> 24.8 days) are supported. */
  setTimeout(run: () => void, delayMs: number): Timer;
  /**
   * Work that leaves the event loop (a worker, thread-pool zlib, files) holds the clock while it runs:
   * virtual time stands still until every hold is released. On the real clock a hold does nothing.
   * @param why what is being waited for; shown when a virtual clock is stuck.
   */
  hold(why: string): Hold;
}
