import { formatDuration, type RoomOutcome } from '../../../api/index.ts';
import type { NameKind } from './people.ts';
import { type Moderation, sentence, type Who } from './rooms.ts';

/** Something that a person orders, as plain data: it may wait for a yes. */
export interface Order {
  readonly act: ActName;
  readonly room: string;
  readonly user: string;
  readonly actor: string;
  /** From where they ordered it. */
  readonly source: Who['source'];
  /** Milliseconds. Absent: for good. */
  readonly forMs?: number;
  readonly reason: string;
}

export interface Act {
  /** Whether it changes who belongs to a private room. */
  readonly needsPower: boolean;
  readonly name: NameKind;
  /** In words, before a name: "put out of den for 1h". */
  words(order: Pick<Order, 'room' | 'forMs'>): string;
  perform(bot: Moderation, order: Order): Promise<string>;
}

export type ActName = 'warn' | 'ignore' | 'timeout' | 'ban' | 'remove' | 'invite' | 'op' | 'deop';

const time = (forMs: number | undefined) =>
  forMs === undefined ? 'for good' : `for ${formatDuration(forMs)}`;

/** What each order does. */
export const ACTS: Readonly<Record<ActName, Act>> = {
  warn: {
    needsPower: false,
    name: 'anybody',
    words: () => 'warn',
    perform: (bot, order) => sanction(bot, order, 'warn'),
  },
  ignore: {
    needsPower: false,
    name: 'anybody',
    words: ({ forMs }) => `stop answering ${time(forMs)}`,
    perform: (bot, order) => sanction(bot, order, 'ignore'),
  },
  timeout: {
    needsPower: true,
    name: 'member',
    words: ({ room, forMs }) => `put out of ${room} ${time(forMs)}`,
    perform: (bot, order) => sanction(bot, order, 'remove'),
  },
  ban: {
    needsPower: true,
    name: 'member',
    words: ({ room, forMs }) => `ban from ${room} ${time(forMs)}`,
    perform: (bot, order) => sanction(bot, order, 'remove'),
  },
  remove: {
    needsPower: true,
    name: 'member',
    words: ({ room }) => `put out of ${room}`,
    perform: async (bot, { room, user, actor }) =>
      outcomeText(await bot.members.remove(room, user, actor), user, `is no longer a member of ${room}`),
  },
  invite: {
    needsPower: true,
    name: 'anybody',
    words: ({ room }) => `invite to ${room}`,
    perform: async (bot, { room, user, actor }) => {
      const invitation = await bot.members.invite(room, user, actor);
      return invitationText(invitation.state, user, room, invitation.detail);
    },
  },
  op: {
    needsPower: true,
    name: 'member',
    words: ({ room }) => `make an operator of ${room}`,
    perform: async (bot, { room, user, actor }) =>
      outcomeText(await bot.members.op(room, user, actor), user, `is now an operator of ${room}`),
  },
  deop: {
    needsPower: true,
    name: 'operator',
    words: ({ room }) => `make an ordinary member of ${room}`,
    perform: async (bot, { room, user, actor }) =>
      outcomeText(await bot.members.deop(room, user, actor), user, `is no longer an operator of ${room}`),
  },
};

/** The same consequences, evidence and record as those of a rule. */
async function sanction(bot: Moderation, order: Order, consequence: string): Promise<string> {
  const { room, user, actor, reason, forMs } = order;
  const { message } = await bot.cases.sanction({
    room,
    user,
    consequence,
    reason,
    actor,
    ...(forMs !== undefined && { forMs }),
  });
  return sentence(message);
}

function outcomeText(outcome: RoomOutcome, user: string, done: string): string {
  switch (outcome.state) {
    case 'confirmed':
      return `${user} ${done}.`;
    case 'refused':
      return sentence(`${user}: not done. ${outcome.reason}`);
    case 'unknown':
      return sentence(`${user}: I cannot tell whether that worked: ${outcome.reason}`);
  }
}

function invitationText(state: string, user: string, room: string, detail: string | undefined): string {
  const why = detail === undefined ? '' : ` (${detail})`;
  switch (state) {
    case 'done':
      return `${user} is a member of ${room}${why}.`;
    case 'asked':
      return `${user} is being invited to ${room}; I tell you how it ends.`;
    case 'waiting':
      return `${user} is not online. The invitation to ${room} waits for them; I tell you how it ends.`;
    case 'blocked':
      return `${user} does not accept invitations. I have told them how to, and try again; !pending shows it.`;
    default:
      return `${user} was not invited to ${room}: ${detail ?? state}.`;
  }
}
