import type { Random } from '../../platform/random.ts';
import type { Limits } from '../governor/limits.ts';
import type { SessionMemory } from './session-memory.ts';

const SECOND = 1000;

/** How long to wait before a login is tried. All waits are milliseconds. */
export class RetryPlan {
  readonly #limits: Limits['login'];
  readonly #random: Random;
  #failures = 0;

  constructor(limits: Limits['login'], random: Random) {
    this.#limits = limits;
    this.#random = random;
  }

  /** Attempts that failed, and sessions that did not last, since one that lasted. */
  get failures(): number {
    return this.#failures;
  }

  reset(): void {
    this.#failures = 0;
  }

  /** Another failure: 5 to 15 s after the first, then twice as long each time, up to five minutes. */
  next(): number {
    const { retrySeconds, retryMaxSeconds } = this.#limits;
    const jittered = retrySeconds * (1 + 2 * this.#random.float()) * 2 ** Math.min(this.#failures, 20);
    this.#failures += 1;
    return Math.min(jittered, retryMaxSeconds) * SECOND;
  }

  /** Because of attempts of earlier runs: a crash loop must not hammer the server. */
  afterRestart({ attempts, sinceAttempt }: SessionMemory): number {
    if (attempts === 0) return 0;
    const { restartSeconds, retryMaxSeconds } = this.#limits;
    const longest = Math.max(retryMaxSeconds, restartSeconds);
    const spacing = Math.min(restartSeconds * 2 ** Math.min(attempts - 1, 20), longest);
    return Math.max(0, spacing * SECOND - sinceAttempt);
  }

  /** Before an attempt that a person asked for. */
  byHand({ sinceAttempt }: SessionMemory): number {
    return Math.max(0, this.#limits.restartSeconds * SECOND - sinceAttempt);
  }
}
