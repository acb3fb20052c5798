import type { Store, WishFind, WishFinds } from '../../../api/index.ts';
import type { SlskdConfig } from '../config.ts';

type Rule = SlskdConfig['rule'];

/** Finds that need nobody's word, the best of each content. */
export function passed(finds: readonly WishFind[], rule: Rule): WishFind[] {
  const best = new Map<string, WishFind>();
  for (const find of finds) {
    const fits =
      find.score >= rule.minScore &&
      rule.kinds.includes(find.kind) &&
      find.hit.size <= rule.maxMegabytes * 1e6 &&
      !find.hit.locked;
    const before = best.get(find.content);
    if (fits && (before === undefined || find.score > before.score)) best.set(find.content, find);
  }
  return [...best.values()];
}

const DAY_MS = 86_400_000;

/** The rule's share of today, counted once for the same finds. */
export async function takeShare(
  store: Store,
  { id, at }: WishFinds,
  wanted: number,
  perDay: number,
): Promise<number> {
  let share = 0;
  const day = Math.floor(at / DAY_MS);
  await store.update<Record<string, number>>(
    `auto/${day}`,
    (taken = {}) => {
      const others = Object.entries(taken).reduce((sum, [key, count]) => (key === id ? sum : sum + count), 0);
      share = taken[id] ?? Math.max(0, Math.min(wanted, perDay - others));
      return { ...taken, [id]: share };
    },
    { ttl: 3 * DAY_MS },
  );
  return share;
}
