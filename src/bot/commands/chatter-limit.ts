import type { Clock } from '../../platform/clock.ts';

/**
 * Bounds what the bot says to one person about commands (refusals, usage, help), so that neither a spammer nor
 * another bot gets it to talk without end. In memory.
 */
export class ChatterLimit {
  readonly #clock: Clock;
  readonly #count: number;
  readonly #withinMs: number;
  readonly #times = new Map<string, number[]>();

  /** At most `count` in any `withinMs` milliseconds, per user. */
  constructor(clock: Clock, count: number, withinMs: number) {
    this.#clock = clock;
    this.#count = count;
    this.#withinMs = withinMs;
  }

  /** Takes one, if there is one left. */
  take(user: string): boolean {
    const now = this.#clock.monotonic();
    const recent = (this.#times.get(user) ?? []).filter((at) => now - at < this.#withinMs);
    const allowed = recent.length < this.#count;
    if (allowed) recent.push(now);
    this.#times.delete(user);
    this.#times.set(user, recent);
    this.#forgetOldest(now);
    return allowed;
  }

  /** The map is in order of last use: those in front are forgotten first. */
  #forgetOldest(now: number): void {
    for (const [user, times] of this.#times) {
      if (now - (times.at(-1) ?? -Infinity) < this.#withinMs) return;
      this.#times.delete(user);
    }
  }
}
