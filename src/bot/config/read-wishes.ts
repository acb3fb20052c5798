import type { WishFilter } from '../../plugins/api/wishlist.ts';
import { compileWishFilter } from '../wishes/filter/compile-filter.ts';
import { resolveWeights, type WishWeights } from '../wishes/ranking/weights.ts';
import type { WishesConfig } from '../wishes/wish-config.ts';
import type { ConfigSource } from './config-source.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { RawWishes } from './wishes-schema.ts';

/** Brings `wishes:` into its form, and says what is wrong with it beyond the form. */
export function readWishes(
  raw: RawWishes,
  source: Pick<ConfigSource, 'diagnose'>,
): { readonly wishes: WishesConfig; readonly problems: readonly Diagnostic[] } {
  const problems: Diagnostic[] = [];
  const attempt = (path: readonly string[], check: () => unknown): void => {
    try {
      check();
    } catch (error) {
      problems.push(source.diagnose([...path], error instanceof Error ? error.message : String(error)));
    }
  };
  const profiles: Readonly<Record<string, WishFilter>> = raw.profiles;
  for (const [name, filter] of Object.entries(profiles))
    attempt(['wishes', 'profiles', name], () => compileWishFilter(filter));
  const weights: Partial<WishWeights> = raw.weights;
  attempt(['wishes', 'weights'], () => resolveWeights(weights));
  const wishes: WishesConfig = {
    settleMs: raw.settle,
    results: {
      perUser: raw.results['per-user'],
      perWish: raw.results['per-wish'],
      total: raw.results.total,
    },
    memory: { keepMs: raw.memory.keep, perWish: raw.memory['per-wish'] },
    profiles,
    weights,
  };
  return { wishes, problems };
}
