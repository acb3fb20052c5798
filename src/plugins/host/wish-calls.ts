import { PluginError } from '../api/errors.ts';
import type { SearchHit } from '../api/search.ts';
import type { HostServices } from './services.ts';
import { readWish, readWishChange, readWishId, readWishQuery } from './wish-input.ts';

const MAX_RESULTS = 500;
const USUAL_RESULTS = 50;
const MAX_PLAN_MS = 30 * 86_400_000;

type WishCall = (
  wishes: HostServices['wishes'],
  instance: string,
  args: readonly unknown[],
) => Promise<unknown>;

/** Functions of `bot.wishlist` by name; nothing in the arguments is trusted. */
export const WISH_CALLS: ReadonlyMap<string, WishCall> = new Map<string, WishCall>([
  [
    'add',
    async (wishes, instance, [id, spec]) =>
      wishes.add(
        instance,
        id === undefined ? undefined : readWishId(id, 'bot.wishlist.add'),
        readWish(spec, 'bot.wishlist.add'),
      ),
  ],
  [
    'change',
    async (wishes, instance, [id, change]) =>
      wishes.change(instance, idOf(id, 'change'), readWishChange(change, 'bot.wishlist.change')),
  ],
  ['remove', async (wishes, instance, [id]) => wishes.remove(instance, idOf(id, 'remove'))],
  ['get', async (wishes, instance, [id]) => wishes.get(instance, idOf(id, 'get'))],
  [
    'list',
    async (wishes, instance, [query]) => wishes.list(instance, readWishQuery(query, 'bot.wishlist.list')),
  ],
  [
    'pause',
    async (wishes, instance, [id, until]) => {
      if (until !== undefined && !(typeof until === 'number' && Number.isFinite(until)))
        throw new PluginError('invalid', 'bot.wishlist.pause: until must be milliseconds since the epoch');
      return wishes.pause(instance, idOf(id, 'pause'), until);
    },
  ],
  ['resume', async (wishes, instance, [id]) => wishes.resume(instance, idOf(id, 'resume'))],
  ['boost', async (wishes, instance, [id]) => wishes.boost(instance, idOf(id, 'boost'))],
  [
    'results',
    async (wishes, instance, [id, limit = USUAL_RESULTS]) => {
      if (!(typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= MAX_RESULTS))
        throw new PluginError(
          'invalid',
          `bot.wishlist.results: limit must be a whole number from 1 to ${MAX_RESULTS}`,
        );
      return wishes.results(instance, idOf(id, 'results'), limit);
    },
  ],
  [
    'result',
    async (wishes, instance, [id, number]) => {
      if (typeof number !== 'number' || !Number.isInteger(number))
        throw new PluginError('invalid', 'bot.wishlist.result: number must be a whole number');
      return wishes.result(instance, idOf(id, 'result'), number);
    },
  ],
  ['why', async (wishes, instance, [id]) => wishes.why(instance, idOf(id, 'why'))],
  [
    'forget',
    async (wishes, instance, [id, user]) =>
      wishes.forget(instance, idOf(id, 'forget'), user === undefined ? undefined : userOf(user, 'forget')),
  ],
  ['ignore', async (wishes, instance, [user]) => wishes.ignore(instance, userOf(user, 'ignore'))],
  ['unignore', async (wishes, instance, [user]) => wishes.unignore(instance, userOf(user, 'unignore'))],
  ['ignored', async (wishes, instance) => wishes.ignored(instance)],
  [
    'experience',
    async (wishes, instance, [user, how]) => {
      if (how !== 'good' && how !== 'bad')
        throw new PluginError('invalid', 'bot.wishlist.experience: how must be "good" or "bad"');
      return wishes.experience(instance, userOf(user, 'experience'), how);
    },
  ],
  ['check', async (wishes, instance, [spec]) => wishes.check(instance, readWish(spec, 'bot.wishlist.check'))],
  [
    'test',
    async (wishes, instance, [spec, hit]) =>
      wishes.test(instance, readWish(spec, 'bot.wishlist.test'), hitOf(hit)),
  ],
  [
    'plan',
    async (wishes, instance, [ms]) => {
      if (!(typeof ms === 'number' && ms > 0 && ms <= MAX_PLAN_MS))
        throw new PluginError('invalid', 'bot.wishlist.plan: give it a time of up to 30d');
      return wishes.plan(instance, ms);
    },
  ],
]);

function idOf(value: unknown, method: string): string {
  return readWishId(value, `bot.wishlist.${method}`);
}

function userOf(value: unknown, method: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new PluginError('invalid', `bot.wishlist.${method}: the user must be a text that is not empty`);
}

/** As far as filters look at it. */
function hitOf(value: unknown): SearchHit {
  const given =
    typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const { user, path, name, size, attributes } = given;
  if (
    typeof user === 'string' &&
    typeof path === 'string' &&
    typeof name === 'string' &&
    typeof size === 'number' &&
    typeof attributes === 'object' &&
    attributes !== null
  )
    return value as SearchHit;
  throw new PluginError('invalid', 'bot.wishlist.test: give it a hit, as a search has them');
}
