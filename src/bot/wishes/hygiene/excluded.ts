import type { SearchQuery } from '../../../network/search/query.ts';
import { hasSequence, wordsOf } from '../../../network/search/words.ts';
import type { WishFilter, WishProblem } from '../../../plugins/api/wishlist.ts';

/**
 * Phrases the server excludes that stand in the way of a wish: clients leave out every file whose path has one, as it
 * is, anywhere. A single word inside one that is wanted hides all files; several words hide those that write them so.
 */
export function phraseProblems(
  query: SearchQuery,
  filter: WishFilter | undefined,
  excludedPhrases: readonly string[],
): readonly (WishProblem & { readonly code: 'excluded-phrase' | 'near-excluded-phrase' })[] {
  const required = [
    [...query.words],
    ...query.endings.map((ending) => [ending]),
    ...[...(filter?.path?.must ?? []), ...(filter?.name?.must ?? [])].map((entry) => wordsOf(entry)),
  ];
  return excludedPhrases.flatMap((phrase) => {
    const words = wordsOf(phrase);
    const [only] = words;
    if (only === undefined) return [];
    if (words.length === 1 && only === phrase) {
      const hit = required.flat().find((word) => word.includes(phrase));
      if (hit === undefined) return [];
      const about = `the server lets nobody answer with a path that has ${JSON.stringify(phrase)}`;
      return { code: 'excluded-phrase', message: `${about}, and ${JSON.stringify(hit)} is wanted` } as const;
    }
    if (![...required, ...query.phrases].some((run) => hasSequence(run, words))) return [];
    const about = `the server lets nobody answer with a path that has ${JSON.stringify(phrase)} as it stands here`;
    return {
      code: 'near-excluded-phrase',
      message: `${about}; only other ways to write it can be found`,
    } as const;
  });
}
