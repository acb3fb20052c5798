/** What somebody likes and hates, in lower case. */
export interface Taste {
  readonly likes: ReadonlySet<string>;
  readonly hates: ReadonlySet<string>;
}

export interface Scored {
  readonly item: string;
  readonly score: number;
}

/** Scores by item, without zeros. */
class Scores {
  readonly #scores = new Map<string, number>();

  add(items: Iterable<string>, points: number): void {
    for (const item of items) this.#scores.set(item, (this.#scores.get(item) ?? 0) + points);
  }

  /** Best first; equal ones by name, so that the order never depends on who logged in first. */
  ranked(): Scored[] {
    return [...this.#scores]
      .filter(([, score]) => score !== 0)
      .map(([item, score]) => ({ item, score }))
      .sort((a, b) => b.score - a.score || (a.item < b.item ? -1 : 1));
  }
}

/** The best and the worst; one item may stand in both lists [aioslsk]. */
export interface BestAndWorst {
  readonly recommendations: readonly Scored[];
  readonly unrecommendations: readonly Scored[];
}

function bestAndWorst(ranked: readonly Scored[], limit: number): BestAndWorst {
  return { recommendations: ranked.slice(0, limit), unrecommendations: ranked.toReversed().slice(0, limit) };
}

/**
 * For each item of mine that another user likes too, that user's likes gain and hates lose a point; for each item
 * that one of us likes and the other hates, and each hated by me that the other likes, the other's likes lose one [aioslsk].
 */
export function recommendationsFor(me: Taste, others: Iterable<Taste>): BestAndWorst {
  const scores = new Scores();
  for (const other of others) {
    for (const item of me.likes) {
      if (other.likes.has(item)) {
        scores.add(other.likes, 1);
        scores.add(other.hates, -1);
      }
      if (other.hates.has(item)) scores.add(other.likes, -1);
    }
    for (const item of me.hates) if (other.likes.has(item)) scores.add(other.likes, -1);
  }
  const ranked = scores.ranked().filter(({ item }) => !me.likes.has(item) && !me.hates.has(item));
  return bestAndWorst(ranked, 100);
}

/** Likes minus hates over everybody. */
export function globalRecommendations(everybody: Iterable<Taste>): BestAndWorst {
  const scores = new Scores();
  for (const { likes, hates } of everybody) {
    scores.add(likes, 1);
    scores.add(hates, -1);
  }
  return bestAndWorst(scores.ranked(), 200);
}

/** What those who like `wanted` also like (plus) and hate (minus); 100 at most. */
export function itemRecommendations(wanted: string, others: Iterable<Taste>): readonly Scored[] {
  const scores = new Scores();
  for (const other of others) {
    if (!other.likes.has(wanted)) continue;
    scores.add(other.likes, 1);
    scores.add(other.hates, -1);
  }
  return scores
    .ranked()
    .filter(({ item }) => item !== wanted)
    .slice(0, 100);
}

/** How many likes two users share. */
export function sharedLikes(a: Taste, b: Taste): number {
  let shared = 0;
  for (const item of a.likes) if (b.likes.has(item)) shared++;
  return shared;
}
