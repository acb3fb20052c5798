import type { Clock } from '../../platform/clock.ts';
import type { StoredWish } from '../store/wish-rows.ts';

/** Less than that is a clock being put right, in milliseconds. */
const JUMP_MS = 5_000;

/** Notices when the system clock is set: what wishes have waited does not change by it. */
export class ClockJumps {
  readonly #clock: Clock;
  #offset: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offset = clock.now() - clock.monotonic();
  }

  /** By how much the system clock was set since the last call, in milliseconds; 0: it was not. */
  look(): number {
    const offset = this.#clock.now() - this.#clock.monotonic();
    const jump = offset - this.#offset;
    if (Math.abs(jump) < JUMP_MS) return 0;
    this.#offset = offset;
    return jump;
  }
}

/** By how much the clock was set back while nobody looked, so that turns would lie in the future: not more than 0. */
export function setBack(wishes: Iterable<StoredWish>, now: number): number {
  let latest = now;
  for (const { lastTurn, createdAt } of wishes) latest = Math.max(latest, lastTurn ?? createdAt);
  return now - latest;
}

/** Moves the past of a wish with the clock: order and waiting times stay. */
export function shift(wish: StoredWish, ms: number): void {
  const { doc } = wish;
  if (wish.lastTurn === undefined) wish.createdAt += ms;
  else wish.lastTurn += ms;
  if (wish.boostedAt !== undefined) wish.boostedAt += ms;
  if (doc.before?.lastTurn !== undefined) doc.before = { ...doc.before, lastTurn: doc.before.lastTurn + ms };
}
