import { type Applicant, arg } from '../../../api/index.ts';
import { discreetly, openCommand, require, staffCommand } from '../commands/define.ts';
import { type Call, firstWord, type Moderation, placeOf, Refusal } from '../commands/rooms.ts';
import { agoText } from '../commands/texts.ts';
import { nearestNames } from '../text/nearest-names.ts';
import { admitWhenComplete, answerLines, notInvitedText, waitingText } from './gate.ts';

const who = { user: arg.user(), more: arg.optional(arg.text({ max: 300 })) };

/** !applicants !approve !deny !vouch */
export function addGateCommands(bot: Moderation): void {
  staffCommand(bot, {
    name: 'applicants',
    summary: 'Who would like to get into a private room',
    args: { room: arg.optional(arg.text()) },
    async run(call) {
      const { room } = await placeOf(bot, call, call.args.room);
      await require(bot, call, room);
      const list = waiting(await bot.members.applicants(room));
      if (list.length === 0) return `Nobody waits to get into ${room}.`;
      return discreetly(
        bot,
        call,
        list
          .slice(0, 8)
          .flatMap((one) => [
            `${one.user}, ${agoText(one.at, call.at)}${one.detail === undefined ? '' : ` (${one.detail})`}`,
            ...answerLines(one).map((text) => `  ${text}`),
          ]),
      );
    },
  });

  for (const answer of ['approve', 'deny'] as const) {
    staffCommand(bot, {
      name: answer,
      summary: answer === 'approve' ? 'Lets an applicant in' : 'Does not let an applicant in',
      args: who,
      async run(call) {
        const { room, rest } = await placeOf(bot, call, call.args.more);
        await require(bot, call, room);
        const { user } = applicantOf(await bot.members.applicants(room), call.args.user, room);
        const decided = await bot.members.admit(
          room,
          user,
          call.user,
          answer === 'approve' ? 'approve' : 'reject',
        );
        if (decided.invitation === 'refused') return notInvitedText(room, decided);
        const why = rest === '' ? '' : ` ${rest}`;
        await bot.pm(
          user,
          answer === 'approve'
            ? `You are being let into ${room}. Your client has to accept invitations to rooms for that.${why}`
            : `Your application to ${room} was not accepted.${why}`,
        );
        return answer === 'approve'
          ? `${user} is being invited to ${room}; !pending shows how it goes.`
          : `${user} is not let into ${room}.`;
      },
    });
  }

  openCommand(bot, {
    name: 'vouch',
    summary: 'Says that you know an applicant, as a member of the room',
    args: who,
    cooldown: { user: '5s' },
    examples: ['vouch alice', 'vouch alice den'],
    run: async (call) => vouch(bot, call, call.args.user, call.args.more ?? ''),
  });
}

async function vouch(bot: Moderation, call: Call, typed: string, more: string): Promise<string> {
  const room = await roomToVouchIn(bot, call, typed, more);
  const { gate } = bot.configIn(room);
  if (gate === undefined || gate.vouchers === 0)
    throw new Refusal(`Nobody has to be vouched for in ${room}.`);
  const applicant = applicantOf(await bot.members.applicants(room), typed, room);
  if (applicant.vouchers.includes(call.user)) return `You have vouched for ${applicant.user} already.`;
  const noted = await bot.members.apply({
    room,
    user: applicant.user,
    state: 'waiting',
    answers: applicant.answers,
    vouchers: [...applicant.vouchers, call.user],
  });
  const admitted = await admitWhenComplete(bot, room, gate, noted);
  await bot.pm(applicant.user, admitted ?? waitingText(room, gate, noted));
  return admitted === undefined
    ? `Noted: you vouch for ${applicant.user} (${noted.vouchers.length} of ${gate.vouchers}).`
    : `Noted. ${applicant.user} has enough members behind them now.`;
}

/** Only members of a room may vouch there; in private it is the one where the applicant waits. */
async function roomToVouchIn(bot: Moderation, call: Call, typed: string, more: string): Promise<string> {
  const [named] = firstWord(more);
  const wanted = call.room?.name ?? (named === '' ? undefined : named);
  const rooms: string[] = [];
  for (const { name } of await bot.rooms.list()) {
    if (wanted !== undefined && name !== wanted) continue;
    const info = await bot.rooms.info(name);
    if (info?.members.includes(call.user) === true || info?.owner === call.user) rooms.push(name);
  }
  if (rooms.length === 0)
    throw new Refusal(
      wanted === undefined
        ? 'You are a member of no room that I look after.'
        : `Only members of ${wanted} can vouch for somebody there.`,
    );
  for (const room of rooms) {
    if (waiting(await bot.members.applicants(room)).some(({ user }) => user === typed)) return room;
  }
  return rooms[0]!;
}

function waiting(all: readonly Applicant[]): readonly Applicant[] {
  return all.filter(({ state }) => state === 'waiting' || state === 'answered');
}

/** @throws Refusal naming the nearest applicant. */
function applicantOf(all: readonly Applicant[], user: string, room: string): Applicant {
  const list = waiting(all);
  const found = list.find((one) => one.user === user);
  if (found !== undefined) return found;
  const [near] = nearestNames(
    user,
    list.map((one) => one.user),
    1,
  );
  throw new Refusal(
    near === undefined
      ? `${user} does not wait to get into ${room}; !applicants shows who does.`
      : `${user} does not wait to get into ${room}; did you mean ${near}?`,
  );
}
