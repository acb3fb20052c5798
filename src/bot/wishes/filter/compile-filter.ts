import type { SearchHit } from '../../../plugins/api/search.ts';
import type { WishFilter, WishVerdict } from '../../../plugins/api/wishlist.ts';
import { checkFilter } from './check-filter.ts';
import { type Condition, Subject } from './condition.ts';
import { hitConditions, userTest } from './hit-conditions.ts';
import { patternConditions } from './pattern-conditions.ts';
import { wordConditions } from './word-conditions.ts';

/** A filter ready for use. */
export interface WishTest {
  /** How many files of a folder must pass everything else; 0: it does not matter. */
  readonly minFolderFiles: number;
  /** Whether anything of this user can pass at all. */
  user(user: string, verified: boolean): boolean;
  /**
   * Whether a hit passes, and the first condition that failed: what costs little is asked first.
   * @param folder how many files of the hit's folder pass everything else; absent: all but `minFolderFiles` is asked.
   */
  check(hit: SearchHit, folder?: { readonly files: number }): WishVerdict;
}

const PASSES: WishVerdict = { passes: true };

/**
 * Reads a filter; a wish's profile is merged already ({@link mergeFilters}).
 * @throws PluginError `invalid` for what is no filter, or what nothing could pass; `bad-pattern`. The message is a
 * sentence about the first mistake.
 */
export function compileWishFilter(filter: WishFilter = {}): WishTest {
  checkFilter(filter);
  const conditions: readonly Condition[] = [
    ...hitConditions(filter),
    ...wordConditions(filter),
    ...patternConditions(filter),
  ];
  const { minFolderFiles = 0 } = filter;
  return {
    minFolderFiles,
    user: userTest(filter),
    check(hit, folder) {
      const subject = new Subject(hit);
      for (const { filter: name, failure } of conditions) {
        const detail = failure(subject);
        if (detail !== undefined) return { passes: false, filter: name, detail };
      }
      if (folder === undefined || folder.files >= minFolderFiles) return PASSES;
      const detail = `${folder.files} of the folder's files pass, at least ${minFolderFiles} are wanted`;
      return { passes: false, filter: 'minFolderFiles', detail };
    },
  };
}
