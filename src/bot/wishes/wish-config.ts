import type { WishFilter } from '../../plugins/api/wishlist.ts';
import type { WishWeights } from './ranking/weights.ts';

/** What the config says about wishes. Times are milliseconds. */
export interface WishesConfig {
  /** How long after the first of some results they are looked at together. */
  readonly settleMs: number;
  readonly results: {
    /** Finds of one user in one turn of a wish. */
    readonly perUser: number;
    /** Finds of one turn of a wish. */
    readonly perWish: number;
    /** Results of all wishes that wait to be looked at. */
    readonly total: number;
  };
  readonly memory: {
    /** How long what was seen is remembered after it was last seen. */
    readonly keepMs: number;
    /** What one wish remembers: files, folders and contents together. */
    readonly perWish: number;
  };
  /** Filters by name. */
  readonly profiles: Readonly<Record<string, WishFilter>>;
  /** Of scores; what is not given has its default. */
  readonly weights: Partial<WishWeights>;
}

/** What holds without a word in the config. */
export const DEFAULT_WISHES: WishesConfig = {
  settleMs: 15_000,
  results: { perUser: 100, perWish: 1_000, total: 20_000 },
  memory: { keepMs: 365 * 86_400_000, perWish: 20_000 },
  profiles: {},
  weights: {},
};
