import type { SearchHit } from '../../../plugins/api/search.ts';
import type { WishTally } from '../../store/wish-rows.ts';

/** Paths kept of each filter. */
const MAX_EXAMPLES = 3;
/** Filters counted apart; there are some thirty. */
const MAX_FILTERS = 60;
/** UTF-16 units of an example's path: its end is what tells files apart. */
const MAX_PATH = 200;
const MAX_DETAIL = 160;

/** Counts a result that was dropped, with a few examples of each filter: the first of different users. */
export function countDrop(tally: WishTally, filter: string, { user, path }: SearchHit, detail: string): void {
  const { dropped } = tally;
  let entry = dropped.get(filter);
  if (entry === undefined) {
    if (dropped.size >= MAX_FILTERS) return;
    entry = { count: 0, examples: [] };
    dropped.set(filter, entry);
  }
  entry.count++;
  const { examples } = entry;
  if (examples.length >= MAX_EXAMPLES || examples.some((example) => example.user === user)) return;
  examples.push({
    user,
    path: path.length > MAX_PATH ? `…${path.slice(-MAX_PATH)}` : path,
    detail: detail.slice(0, MAX_DETAIL),
  });
}
