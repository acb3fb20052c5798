import type { WishFind } from '../../../api/index.ts';
import type { RemoteFile } from './slskd-api.ts';

/** A user who has what is wanted. */
export interface Source {
  readonly user: string;
  /** One for each thing that is wanted, in the same order everywhere. */
  readonly files: readonly RemoteFile[];
}

const MAX_SOURCES = 10;
const MAX_FILES = 300;

/**
 * Who can be asked for a find, the find's own user first, then by score.
 * @param known results of the same wish, the latest first
 * @param whole everything in the find's folder instead of the file alone
 */
export function sourcesOf(find: WishFind, known: readonly WishFind[], whole: boolean): readonly Source[] {
  const wanted = whole ? folderOf(find, known) : [find];
  const users = new Map<string, Map<string, WishFind>>();
  for (const result of [...wanted, ...known]) {
    const contents = users.get(result.hit.user) ?? new Map<string, WishFind>();
    if (!contents.has(result.content)) contents.set(result.content, result);
    users.set(result.hit.user, contents);
  }
  const own = find.hit.user;
  return [...users]
    .flatMap(([user, contents]) => {
      const finds = wanted.flatMap(({ content }) => contents.get(content) ?? []);
      if (finds.length < wanted.length) return [];
      const score = finds.reduce((sum, one) => sum + one.score, 0);
      const files = finds.map(({ hit: { path, size } }) => ({ filename: path, size }));
      return [{ user, files, score: user === own ? Infinity : score }];
    })
    .sort((a, b) => b.score - a.score || (a.user < b.user ? -1 : 1))
    .slice(0, MAX_SOURCES)
    .map(({ user, files }) => ({ user, files }));
}

/** The find and what else passed of its folder, each content once, by path. */
function folderOf(find: WishFind, known: readonly WishFind[]): WishFind[] {
  const files = new Map([[find.content, find]]);
  for (const result of known) {
    const same = result.hit.user === find.hit.user && result.hit.folder === find.hit.folder;
    if (same && !files.has(result.content)) files.set(result.content, result);
  }
  return [...files.values()].sort((a, b) => (a.hit.path < b.hit.path ? -1 : 1)).slice(0, MAX_FILES);
}
