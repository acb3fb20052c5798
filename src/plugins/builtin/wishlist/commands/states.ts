import { applied, readOption, specOf } from '../options/read-options.ts';
import { WordsError } from '../options/words.ts';
import { counted, fromNow, utc } from '../telling/words-for-people.ts';
import { asked } from './adding.ts';
import { ownWish, type Part, Refusal, visibleWish, wordsOfCall } from './call.ts';
import { stateText } from './wish-text.ts';

export const del: Part = {
  name: 'del',
  aliases: ['delete', 'remove', 'rm'],
  usage: 'ID …',
  what: 'removes wishes, with all that they have seen',
  async run(desk, call) {
    const ids = wordsOfCall(del, call, 1, 20);
    // All or none: a slip in the last one should not cost the first.
    for (const id of ids) await ownWish(desk, call, id);
    for (const id of ids) await desk.bot.wishlist.remove(id);
    return `Removed: ${ids.join(', ')}.`;
  },
};

export const pause: Part = {
  name: 'pause',
  usage: 'ID …',
  what: 'lets wishes rest until you say resume',
  async run(desk, call) {
    const ids = wordsOfCall(pause, call, 1, 20);
    for (const id of ids) await visibleWish(desk, call, id);
    for (const id of ids) await asked(() => desk.bot.wishlist.pause(id));
    return `Paused: ${ids.join(', ')}.`;
  },
};

export const snooze: Part = {
  name: 'snooze',
  usage: 'ID TIME',
  what: 'lets a wish rest for a time (7d) or until a date (2027-05-01)',
  async run(desk, call) {
    const [id = '', ...time] = wordsOfCall(snooze, call, 2, 4);
    await visibleWish(desk, call, id);
    const until = momentOf(time.join(''), call.at);
    if (until <= call.at) throw new Refusal('That is over already.');
    await asked(() => desk.bot.wishlist.pause(id, until));
    return `Wish ${id} rests until ${utc(until)} (${fromNow(until, call.at)}).`;
  },
};

function momentOf(text: string, at: number): number {
  try {
    return applied({}, [readOption(specOf('expires'), text)], at)['expires'] as number;
  } catch (error) {
    if (!(error instanceof WordsError)) throw error;
    throw new Refusal(
      `"${text.slice(0, 40)}" is no time: say how long, such as 7d, or a date such as 2027-05-01.`,
    );
  }
}

export const resume: Part = {
  name: 'resume',
  usage: 'ID …',
  what: 'lets wishes go on that rest, are done, or expired',
  async run(desk, call) {
    const ids = wordsOfCall(resume, call, 1, 20);
    for (const id of ids) await visibleWish(desk, call, id);
    const lines: string[] = [];
    for (const id of ids) {
      const wish = await asked(() => desk.bot.wishlist.resume(id));
      lines.push(`Wish ${id}: ${stateText(wish, call.at)}`);
    }
    return lines;
  },
};

export const boost: Part = {
  name: 'boost',
  usage: 'ID',
  what: 'gives a wish the very next turn, once',
  async run(desk, call) {
    const [id = ''] = wordsOfCall(boost, call, 1, 1);
    const { bot } = desk;
    const { caller, at } = call;
    const wish = await visibleWish(desk, call, id);
    if (wish.state !== 'active') throw new Refusal(`Wish ${id} is ${wish.state}; "wish resume ${id}" first.`);
    const ttl = bot.config.boostEvery;
    if (!caller.mod && caller.user !== undefined && ttl > 0) {
      const key = `boost/${caller.user}`;
      const last = await bot.store.get<number>(key);
      if (last !== undefined) throw new Refusal(`You can boost again ${fromNow(last + ttl, at)}.`);
      await bot.store.set(key, at, { ttl });
    }
    const { nextTurn } = await asked(() => bot.wishlist.boost(id));
    return `Wish ${id} comes next${nextTurn === undefined ? '' : `, ${fromNow(Math.max(nextTurn, at), at)}`}.`;
  },
};

export const forget: Part = {
  name: 'forget',
  usage: 'ID [USER]',
  what: 'forgets what a wish has seen, all or of one user: it is news again',
  async run(desk, call) {
    const [, id = '', user = ''] = /^(\S+)\s*(.*)$/su.exec(call.rest) ?? [];
    if (id === '') wordsOfCall(forget, call, 1, 1);
    await visibleWish(desk, call, id);
    const count = await asked(() =>
      desk.bot.wishlist.forget(id, user.trim() === '' ? undefined : user.trim()),
    );
    return `Forgot ${counted(count, 'file', 'files')}.`;
  },
};
