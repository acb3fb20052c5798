import type { SearchHit } from '../../../plugins/api/search.ts';
import type { ScorePart } from '../../../plugins/api/wishlist.ts';
import { quality } from '../content/quality.ts';
import { similarity } from './similarity.ts';
import type { WishWeights } from './weights.ts';

/** What a hit is scored against. */
export interface ScoreContext {
  /** As the wish has it. */
  readonly query: string;
  /** Files of the same user and folder that passed, this one included. */
  readonly folderFiles: number;
  /** How downloads from this user went. Absent: none did. */
  readonly experience?: { readonly good: number; readonly bad: number } | undefined;
}

export interface Score {
  /** 0 to 100: the sum of the parts' values times their weights. */
  readonly score: number;
  /** Of which it is made; their weights add up to 100. */
  readonly parts: readonly ScorePart[];
}

/** Files of a folder that counts as whole: more are no better. */
const WHOLE_FOLDER = 12;

/** Bytes/s between which speed counts, on a logarithmic scale. */
const SLOW = 10_000;
const FAST = 10_000_000;

/** Uploads waiting that halve the part. */
const HALF_QUEUE = 20;

const VALUES: Readonly<Record<ScorePart['name'], (hit: SearchHit, context: ScoreContext) => number>> = {
  quality: (hit) => quality(hit) / 100,
  completeness: (_, { folderFiles }) => Math.log2(1 + folderFiles) / Math.log2(1 + WHOLE_FOLDER),
  speed: ({ speed }) => Math.log10(Math.max(speed, SLOW) / SLOW) / Math.log10(FAST / SLOW),
  queue: ({ queueLength, locked }) => (locked ? 0 : HALF_QUEUE / (HALF_QUEUE + queueLength)),
  slot: ({ slotFree, locked }) => (slotFree && !locked ? 1 : 0),
  similarity: (hit, { query }) => similarity(query, hit),
  // Laplace's rule: one failure of one says less than ten of ten, and an unknown user stands in the middle.
  experience: (_, { experience: { good, bad } = { good: 0, bad: 0 } }) => (good + 1) / (good + bad + 2),
};

/**
 * How much a hit is worth fetching, with its reasons. `weights` as `resolveWeights` made them. A locked file has neither
 * slot nor queue, whatever its owner says.
 */
export function score(hit: SearchHit, context: ScoreContext, weights: WishWeights): Score {
  const parts = (Object.keys(VALUES) as ScorePart['name'][]).map((name) => {
    const value = VALUES[name](hit, context);
    return { name, value: Math.round(Math.min(1, Math.max(0, value)) * 100) / 100, weight: weights[name] };
  });
  const sum = parts.reduce((total, { value, weight }) => total + value * weight, 0);
  return { score: Math.min(100, Math.round(sum * 100) / 100), parts };
}

/** Best first; among equals by user and path, so that the order never depends on who answered first. */
export function byScore(
  a: { readonly score: number; readonly hit: SearchHit },
  b: { readonly score: number; readonly hit: SearchHit },
): number {
  return b.score - a.score || order(a.hit.user, b.hit.user) || order(a.hit.path, b.hit.path);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
