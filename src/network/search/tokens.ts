import type { Random } from '../../platform/random.ts';

/** Tokens that are not given out again for a while, so that a late answer to an old search never counts for a new one. */
const REMEMBERED = 4096;

/**
 * Tokens of searches: random, because results of another session, ours or that of somebody who used this account
 * before, may still be on their way.
 */
export class SearchTokens {
  readonly #random: Random;
  readonly #recent = new Set<number>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** A token from 1 to 2^32 - 1 that was not used recently and is not `taken`. */
  next(taken: (token: number) => boolean): number {
    let token = this.#random.u32();
    while (token === 0 || this.#recent.has(token) || taken(token)) token = this.#random.u32();
    if (this.#recent.size >= REMEMBERED) this.#recent.delete(this.#recent.values().next().value!);
    this.#recent.add(token);
    return token;
  }

  /** Whether we gave it out not long ago. */
  isOurs(token: number): boolean {
    return this.#recent.has(token);
  }
}
