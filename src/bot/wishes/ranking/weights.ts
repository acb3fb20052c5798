import { PluginError } from '../../../plugins/api/errors.ts';
import { nearestKey } from '../../../plugins/api/schema/nearest-key.ts';
import type { ScorePart } from '../../../plugins/api/wishlist.ts';

/** How much each part of a score counts. */
export type WishWeights = Readonly<Record<ScorePart['name'], number>>;

/** What `wishes.weights` changes one by one. */
export const DEFAULT_WEIGHTS: WishWeights = {
  quality: 30,
  slot: 15,
  completeness: 15,
  similarity: 15,
  speed: 10,
  queue: 10,
  experience: 5,
};

const NAMES = Object.keys(DEFAULT_WEIGHTS) as ScorePart['name'][];

const MAX_WEIGHT = 1000;

/**
 * The weights with defaults for those not given, brought to a sum of 100.
 * @throws PluginError `invalid` for an unknown name, a number outside 0 to 1000, or nothing but zeros.
 */
export function resolveWeights(given: Partial<WishWeights> = {}): WishWeights {
  for (const [name, weight] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULT_WEIGHTS, name)) {
      const nearest = nearestKey(name, NAMES);
      const hint = nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
      throw new PluginError('invalid', `there is no weight ${JSON.stringify(name)}${hint}`);
    }
    if (!(typeof weight === 'number' && weight >= 0 && weight <= MAX_WEIGHT))
      throw new PluginError('invalid', `the weight ${name} must be a number from 0 to ${MAX_WEIGHT}`);
  }
  const weights = { ...DEFAULT_WEIGHTS, ...given };
  const sum = NAMES.reduce((total, name) => total + weights[name], 0);
  if (sum === 0)
    throw new PluginError('invalid', 'the weights are all 0: every find would be worth the same');
  return Object.fromEntries(NAMES.map((name) => [name, (weights[name] / sum) * 100])) as WishWeights;
}
