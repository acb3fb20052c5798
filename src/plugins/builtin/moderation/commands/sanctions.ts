import { arg, parseDuration } from '../../../api/index.ts';
import type { ActName, Order } from './acts.ts';
import { require, staffCommand } from './define.ts';
import type { Orders } from './orders.ts';
import { firstWord, infoOf, type Moderation, placeOf, Refusal, sentence } from './rooms.ts';

interface Kind {
  readonly act: ActName;
  readonly summary: string;
  /** Whether a time may stand before the reason, must, or is none. */
  readonly time: 'must' | 'may' | 'none';
  readonly several: boolean;
  readonly examples: readonly string[];
}

const KINDS: readonly Kind[] = [
  {
    act: 'warn',
    summary: 'Warns somebody in private',
    time: 'none',
    several: false,
    examples: ['warn bob please stop posting that link', 'warn bob "lost tapes" that is enough'],
  },
  {
    act: 'ignore',
    summary: 'Stops answering somebody, for a time or for good',
    time: 'may',
    several: true,
    examples: ['ignore bob 1d plays with my commands'],
  },
  {
    act: 'timeout',
    summary: 'Puts somebody out of a private room for a time; they are invited again when it ends',
    time: 'must',
    several: true,
    examples: ['timeout bob 1h cool down', 'timeout bob den 2d'],
  },
  {
    act: 'ban',
    summary: 'Puts somebody out of a private room, so that nobody lets them in again, for a time or for good',
    time: 'may',
    several: true,
    examples: ['ban bob advertises', 'ban bob,carl 30d raid'],
  },
  {
    act: 'remove',
    summary: 'Puts somebody out of a private room',
    time: 'none',
    several: true,
    examples: ['remove bob'],
  },
  {
    act: 'invite',
    summary: 'Invites somebody into a private room, now or when they can be',
    time: 'none',
    several: true,
    examples: ['invite alice', 'invite "two words" den'],
  },
  { act: 'op', summary: 'Makes a member an operator', time: 'none', several: false, examples: ['op alice'] },
  {
    act: 'deop',
    summary: 'Makes an operator an ordinary member',
    time: 'none',
    several: false,
    examples: ['deop alice'],
  },
];

const HINT =
  'In private the room comes behind the name, in quotes when it has spaces. Several names: with commas between.';
const LEAST_MS = 60_000;

/** !warn !ignore !timeout !ban !remove !invite !op !deop */
export function addSanctions(bot: Moderation, orders: Orders): void {
  for (const kind of KINDS) {
    staffCommand(bot, {
      name: kind.act,
      summary: kind.summary,
      description: HINT,
      args: { user: arg.user(), more: arg.optional(arg.text({ max: 400 })) },
      examples: kind.examples,
      async run(call) {
        const place = await placeOf(bot, call, call.args.more);
        await require(bot, call, place.room);
        const { forMs, reason } = timeAndReason(kind, place.rest);
        const users = kind.several ? await severalOf(bot, place.room, call.args.user) : [call.args.user];
        const list = users.map(
          (user): Order => ({
            act: kind.act,
            room: place.room,
            user,
            actor: call.user,
            source: call.source,
            reason,
            ...(forMs !== undefined && { forMs }),
          }),
        );
        return orders.order(list, call);
      },
    });
  }

  staffCommand(bot, {
    name: 'unban',
    summary: 'Lets somebody be a member again; who was put out for a time is invited',
    description: HINT,
    args: { user: arg.user(), more: arg.optional(arg.text()) },
    examples: ['unban bob'],
    async run(call) {
      const { room } = await placeOf(bot, call, call.args.more);
      await require(bot, call, room);
      const { user } = call.args;
      if (await bot.members.unban(room, user, call.user))
        return `${user} may be a member of ${room} again; !invite ${user} invites them.`;
      const banned = (await bot.members.banned(room)).map((one) => one.user);
      return banned.length === 0
        ? `Nobody is banned from ${room}.`
        : `${user} is not banned from ${room}. Banned are ${banned.slice(0, 20).join(', ')}.`;
    },
  });
}

function timeAndReason(kind: Kind, text: string): { readonly forMs?: number; readonly reason: string } {
  const [word, rest] = firstWord(text);
  const ms = kind.time === 'none' ? undefined : parseDuration(word);
  if (ms !== undefined && ms < LEAST_MS) throw new Refusal('A minute is the shortest time.');
  if (ms === undefined && kind.time === 'must')
    throw new Refusal(
      `For how long? ${sentence(`For example: ${kind.examples[0] ?? ''}`)} For good it is !ban.`,
    );
  const reason = ms === undefined ? text : rest;
  return { ...(ms !== undefined && { forMs: ms }), reason: reason === '' ? 'no reason given' : reason };
}

/** `a,b` are two people, unless somebody is called that. */
async function severalOf(bot: Moderation, room: string, typed: string): Promise<readonly string[]> {
  if (!typed.includes(',')) return [typed];
  const info = await infoOf(bot, room);
  const known = [...(info?.members ?? []), ...(info?.users.map(({ user }) => user) ?? [])];
  if (known.includes(typed)) return [typed];
  const users = typed.split(',').map((user) => user.trim());
  return [...new Set(users.filter((user) => user !== ''))];
}
