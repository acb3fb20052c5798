import type { Registrar } from '../host-registrations.ts';
import type { DeliverFinds } from '../services.ts';
import { readWish, readWishId } from '../wish-input.ts';
import { outcomeOf } from './outcome.ts';
import { outside } from './outside.ts';

/** `bot.wishlist({ … })`. */
export const wish: Registrar<'wish'> = (context, reg, given) => {
  const { id, services, run } = context;
  context.require('search.run', 'bot.wishlist');
  const name = readWishId(given.id, 'bot.wishlist');
  const spec = readWish(given.spec, `bot.wishlist(${JSON.stringify(name)})`);
  const route = { reg, where: `wish ${name}` };
  const deliver: DeliverFinds = async (finds) => outcomeOf(await run(route, finds));
  return outside(() => services.wishes.register(id, name, spec, given.handled ? deliver : undefined));
};

/** `bot.wishlist.onFinds`. */
export const finds: Registrar<'finds'> = (context, reg) => {
  const { id, services, run } = context;
  context.require('search.run', 'bot.wishlist.onFinds');
  const route = { reg, where: 'finds of wishes' };
  return outside(() => services.wishes.onFinds(id, async (found) => outcomeOf(await run(route, found))));
};
