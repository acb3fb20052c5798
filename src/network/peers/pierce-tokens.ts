import type { Clock } from '../../platform/clock.ts';
import type { Random } from '../../platform/random.ts';
import type { Attempt } from './attempt.ts';

/** Tokens kept after another way has won. */
const MAX_SPENT = 1024;

/** The tokens by which a peer that connects to us at our request shows which request that was. Each serves once. */
export class PierceTokens {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #lifeMs: number;
  readonly #live = new Map<number, Attempt>();
  /** Of attempts that another way won, which may still come: whose, and until when. */
  readonly #spent = new Map<number, { readonly user: string; readonly until: number }>();

  /** @param lifeMs how long one is still recognised after another way has won. */
  constructor(clock: Clock, random: Random, lifeMs: number) {
    this.#clock = clock;
    this.#random = random;
    this.#lifeMs = lifeMs;
  }

  get size(): number {
    return this.#live.size;
  }

  /** A new one, random so that nobody can guess it. [aioslsk avoids 0] */
  give(attempt: Attempt): number {
    let token = 0;
    while (token === 0 || this.#live.has(token) || this.#spent.has(token)) token = this.#random.u32();
    attempt.token = token;
    this.#live.set(token, attempt);
    return token;
  }

  find(token: number): Attempt | undefined {
    return this.#live.get(token);
  }

  /** It is not valid any more. */
  forget(attempt: Attempt): void {
    if (attempt.token !== undefined) this.#live.delete(attempt.token);
    attempt.token = undefined;
  }

  /** Another way has won; a peer may have used it before it knew. */
  spend(attempt: Attempt): void {
    const { token, user } = attempt;
    if (token === undefined || attempt.type !== 'P') return;
    const now = this.#clock.monotonic();
    this.#spent.set(token, { user, until: now + this.#lifeMs });
    for (const [oldest, { until }] of this.#spent) {
      if (until > now && this.#spent.size <= MAX_SPENT) return;
      this.#spent.delete(oldest);
    }
  }

  /** Whom a spent token was given to. */
  redeem(token: number): string | undefined {
    const spent = this.#spent.get(token);
    this.#spent.delete(token);
    return spent !== undefined && spent.until > this.#clock.monotonic() ? spent.user : undefined;
  }
}
