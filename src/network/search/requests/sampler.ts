import type { Random } from '../../../platform/random.ts';

/** Picks a share of what passes, at random, drawing once per picked item instead of once per item. */
export class Sampler {
  readonly #random: Random;
  readonly #share: number;
  #skip: number;

  /** @param share above 0, at most 1. */
  constructor(random: Random, share: number) {
    this.#random = random;
    this.#share = share;
    this.#skip = this.#gap();
  }

  /** Whether this one is picked. */
  pick(): boolean {
    if (this.#skip > 0) {
      this.#skip--;
      return false;
    }
    this.#skip = this.#gap();
    return true;
  }

  /** How many are passed over before the next: geometrically distributed. */
  #gap(): number {
    return this.#share >= 1 ? 0 : Math.floor(Math.log1p(-this.#random.float()) / Math.log1p(-this.#share));
  }
}
