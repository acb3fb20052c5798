import { arg, type Invitation, type RoomInfo } from '../../../api/index.ts';
import { discreetly, require, someOf, staffCommand } from './define.ts';
import type { Orders } from './orders.ts';
import { type Call, infoOf, type Moderation, placeOf, powerOf, Refusal, sentence } from './rooms.ts';
import { agoText, timeText } from './texts.ts';

const room = { room: arg.optional(arg.text()) };

/** !members !who !pending !withdraw !bans !history !snapshot !snapshots !diff !restore */
export function addMembership(bot: Moderation, orders: Orders): void {
  staffCommand(bot, {
    name: 'members',
    summary: 'Who belongs to a private room',
    args: room,
    async run(call) {
      const info = await theRoom(bot, call, call.args.room);
      if (!info.private) return `${info.name} is a public room: it has no members. !who shows who is inside.`;
      const operators = info.operators.length === 0 ? 'no operators' : `operators: ${someOf(info.operators)}`;
      const plain = info.members.filter((member) => !info.operators.includes(member));
      return discreetly(bot, call, [
        `${info.name}: owner ${info.owner ?? 'unknown'}, ${operators}.`,
        plain.length === 0 ? 'No other members.' : `${plain.length} other members: ${someOf(plain)}.`,
      ]);
    },
  });

  staffCommand(bot, {
    name: 'who',
    summary: 'Who is inside',
    args: room,
    async run(call) {
      const info = await theRoom(bot, call, call.args.room);
      const names = info.users.map(({ user }) => user).filter((user) => user !== bot.self.user);
      const whole =
        names.length === 0
          ? `Nobody is in ${info.name}.`
          : `${names.length} in ${info.name}: ${someOf(names)}.`;
      return discreetly(bot, call, [whole]);
    },
  });

  staffCommand(bot, {
    name: 'pending',
    summary: 'Invitations that wait, and those of the last days',
    args: room,
    async run(call) {
      const { name } = await theRoom(bot, call, call.args.room);
      const list = await bot.members.pending(name);
      if (list.length === 0) return `No invitations to ${name} wait, and none ended in the last 7 days.`;
      return discreetly(
        bot,
        call,
        list.slice(0, 20).map((one) => invitationLine(one, call.at)),
      );
    },
  });

  staffCommand(bot, {
    name: 'withdraw',
    summary: 'Takes back an invitation that waits',
    args: { user: arg.user(), ...room },
    async run(call) {
      const { name } = await theRoom(bot, call, call.args.room);
      const { user } = call.args;
      return (await bot.members.withdraw(name, user, call.user))
        ? `The invitation of ${user} to ${name} is taken back.`
        : `No invitation of ${user} to ${name} waits; !pending shows those that do.`;
    },
  });

  staffCommand(bot, {
    name: 'bans',
    summary: 'Who is not to be a member, by whom and until when',
    args: room,
    async run(call) {
      const { name } = await theRoom(bot, call, call.args.room);
      const list = await bot.members.banned(name);
      if (list.length === 0) return `Nobody is banned from ${name}.`;
      return discreetly(
        bot,
        call,
        list.slice(0, 20).map(({ user, by, at, reason, until, kind, case: id }) => {
          const time = until === undefined ? 'for good' : `until ${timeText(until)}`;
          const again = kind === 'timed' ? ', then invited again' : '';
          const about = id === undefined ? '' : ` (case ${id})`;
          return `${user}: ${time}${again}, by ${by} on ${timeText(at)}: ${reason}${about}`;
        }),
      );
    },
  });

  staffCommand(bot, {
    name: 'history',
    summary: 'Who let whom in, or put them out',
    args: { user: arg.user(), ...room },
    async run(call) {
      const { name } = await theRoom(bot, call, call.args.room);
      const list = await bot.members.history(name, call.args.user);
      if (list.length === 0)
        return `I know of nothing that happened to ${call.args.user} as a member of ${name}.`;
      return discreetly(
        bot,
        call,
        list
          .slice(0, 15)
          .map(
            ({ at, user, actor, what, detail }) =>
              `${timeText(at)} ${user} ${what} by ${actor}${detail === undefined ? '' : `: ${detail}`}`,
          ),
      );
    },
  });

  addSnapshots(bot, orders);
}

function addSnapshots(bot: Moderation, orders: Orders): void {
  const number = { more: arg.optional(arg.text()) };

  staffCommand(bot, {
    name: 'snapshot',
    summary: 'Notes who belongs to a private room now',
    args: room,
    async run(call) {
      const info = await privateRoom(bot, call, call.args.room);
      const { id, members, operators } = await bot.members.snapshot(info.name, call.user);
      return `Snapshot ${id} of ${info.name}: ${members.length} members, ${operators.length} of them operators.`;
    },
  });

  staffCommand(bot, {
    name: 'snapshots',
    summary: 'Which snapshots there are',
    args: room,
    async run(call) {
      const { name } = await theRoom(bot, call, call.args.room);
      const list = await bot.members.snapshots(name);
      if (list.length === 0) return `There is no snapshot of ${name}; !snapshot makes one.`;
      return discreetly(
        bot,
        call,
        list
          .slice(0, 20)
          .map(({ id, at, by, members }) => `${id}: ${timeText(at)} by ${by}, ${members.length} members`),
      );
    },
  });

  staffCommand(bot, {
    name: 'diff',
    summary: 'What has changed since a snapshot, without a number since the latest',
    args: number,
    examples: ['diff', 'diff 3'],
    async run(call) {
      const { name, id } = await numbered(bot, call, call.args.more);
      const { snapshot, gone, come, operatorsGone, operatorsCome } = await bot.members.difference(name, id);
      const parts = [
        ['gone', gone],
        ['come', come],
        ['no operators any more', operatorsGone],
        ['operators now', operatorsCome],
      ] as const;
      const lines = parts.flatMap(([what, names]) =>
        names.length === 0 ? [] : [`${what}: ${someOf(names)}`],
      );
      const since = `since snapshot ${snapshot.id} (${agoText(snapshot.at, call.at)})`;
      if (lines.length === 0) return `Nothing has changed in ${name} ${since}.`;
      return discreetly(bot, call, [`${name} ${since}:`, ...lines]);
    },
  });

  staffCommand(bot, {
    name: 'restore',
    summary: 'Invites those who are gone since a snapshot; asks first',
    args: number,
    examples: ['restore', 'restore 3'],
    async run(call) {
      const { name, id } = await numbered(bot, call, call.args.more);
      await privateRoom(bot, call, undefined, name);
      const { snapshot, gone, operatorsGone } = await bot.members.difference(name, id);
      if (gone.length + operatorsGone.length === 0)
        return `Nobody is gone from ${name} since snapshot ${snapshot.id}.`;
      const operators = operatorsGone.length === 0 ? '' : ` and ${operatorsGone.length} made operators again`;
      await orders.askRestore(
        { room: name, id: snapshot.id, actor: call.user, source: call.source },
        `Snapshot ${snapshot.id} of ${timeText(snapshot.at)}: ${gone.length} people would be invited to ${name}${operators}: ${someOf(gone, 15)}. Say yes, or no.`,
        call,
      );
      return undefined;
    },
  });
}

/** @throws Refusal when the bot knows nothing of it, or the caller does not moderate it. */
async function theRoom(bot: Moderation, call: Call, text: string | undefined): Promise<RoomInfo> {
  const place = await placeOf(bot, call, text);
  await require(bot, call, place.room);
  const info = await infoOf(bot, place.room);
  if (info === undefined) throw new Refusal(`I have nothing to do with ${place.room}.`);
  return info;
}

/** @throws Refusal when nobody's membership can be changed there. */
async function privateRoom(
  bot: Moderation,
  call: Call,
  text: string | undefined,
  name?: string,
): Promise<RoomInfo> {
  const info = name === undefined ? await theRoom(bot, call, text) : await infoOf(bot, name);
  if (info === undefined) throw new Refusal(`I have nothing to do with ${name ?? 'that room'}.`);
  if (info.private) return info;
  const power = await powerOf(bot, info.name);
  throw new Refusal(sentence(power?.summary ?? `${info.name} is a public room: it has no members`));
}

/** A room in private, and perhaps a number. */
async function numbered(
  bot: Moderation,
  call: Call,
  text: string | undefined,
): Promise<{ readonly name: string; readonly id?: number }> {
  const place = await placeOf(bot, call, text);
  await require(bot, call, place.room);
  if (place.rest === '') return { name: place.room };
  const id = Number(place.rest.replace(/^#/, ''));
  if (!Number.isSafeInteger(id) || id < 1)
    throw new Refusal(`${JSON.stringify(place.rest)} is no number of a snapshot; !snapshots shows them.`);
  return { name: place.room, id };
}

function invitationLine({ user, by, at, state, detail, expires }: Invitation, now: number): string {
  const open = state === 'waiting' || state === 'blocked' || state === 'asked';
  const until = open ? `, until ${timeText(expires)}` : '';
  return `${user}: ${state}${detail === undefined ? '' : ` (${detail})`}, asked for by ${by} ${agoText(at, now)}${until}`;
}
