import type { Wish } from '../../../api/index.ts';
import { unquoted } from '../options/words.ts';
import { counted } from '../telling/words-for-people.ts';
import { asked } from './adding.ts';
import { type Call, type Desk, type Part, usage } from './call.ts';

/*
 * Mods have a user ignored by all wishes. Anybody else means their own wishes, where it is an option of each.
 */

export const ignoreUser: Part = {
  name: 'ignore-user',
  aliases: ['ignore'],
  usage: '[USER]',
  what: 'results of this user count no more: in your wishes, or by a mod in all of them; without a name: who that is',
  async run(desk, call) {
    const user = userIn(call);
    if (user === '') return whoIsIgnored(desk, call);
    if (call.caller.mod) {
      await asked(() => desk.bot.wishlist.ignore(user));
      return `Results of ${user} count for no wish any more.`;
    }
    const count = await changeOwn(desk, call, (users) => (users.includes(user) ? users : [...users, user]));
    return `Results of ${user} count no more in ${counted(count, 'wish', 'wishes')} of yours.`;
  },
};

export const unignoreUser: Part = {
  name: 'unignore-user',
  aliases: ['unignore'],
  usage: 'USER',
  what: 'takes that back',
  async run(desk, call) {
    const user = userIn(call);
    if (user === '') throw usage(unignoreUser);
    if (call.caller.mod) {
      const was = await asked(() => desk.bot.wishlist.unignore(user));
      return was ? `Results of ${user} count again.` : `${user} was not ignored.`;
    }
    const count = await changeOwn(desk, call, (users) => users.filter((name) => name !== user));
    return `Results of ${user} count again in ${counted(count, 'wish', 'wishes')} of yours.`;
  },
};

const userIn = ({ rest }: Call): string => unquoted(rest.trim());

async function whoIsIgnored({ bot }: Desk, { caller }: Call): Promise<string> {
  const users = caller.mod
    ? await bot.wishlist.ignored()
    : [...new Set((await own(bot, caller)).flatMap(({ options }) => options.filter?.notUsers ?? []))];
  return users.length === 0 ? 'Nobody is ignored.' : `Ignored: ${users.join(', ')}`;
}

/** @returns how many wishes were changed. */
async function changeOwn(
  { bot, declared }: Desk,
  { caller }: Call,
  change: (users: readonly string[]) => readonly string[],
): Promise<number> {
  let count = 0;
  for (const { id, options } of await own(bot, caller)) {
    const { notUsers = [], ...filter } = options.filter ?? {};
    const users = change(notUsers);
    if (declared.has(id) || users.length === notUsers.length) continue;
    const next = users.length === 0 ? filter : { ...filter, notUsers: users };
    await asked(() => bot.wishlist.change(id, { filter: Object.keys(next).length === 0 ? null : next }));
    count += 1;
  }
  return count;
}

async function own(bot: Desk['bot'], { user }: Call['caller']): Promise<readonly Wish[]> {
  return user === undefined ? [] : bot.wishlist.list({ user });
}
