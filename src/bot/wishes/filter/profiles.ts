import type { WishFilter, WishWords } from '../../../plugins/api/wishlist.ts';

/**
 * A wish's own filter above that of its profile: what the wish says replaces what the profile says, condition by
 * condition. Of `path` and `name` each of `must`, `any` and `not` is a condition of its own. Lists are replaced, never joined.
 */
export function mergeFilters(profile: WishFilter = {}, own: WishFilter = {}): WishFilter {
  const path = mergeWords(profile.path, own.path);
  const name = mergeWords(profile.name, own.name);
  return { ...profile, ...own, ...(path && { path }), ...(name && { name }) };
}

const mergeWords = (profile: WishWords | undefined, own: WishWords | undefined): WishWords | undefined =>
  profile && own ? { ...profile, ...own } : (own ?? profile);
