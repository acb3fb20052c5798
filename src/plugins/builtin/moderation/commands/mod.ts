import { arg, type RoomPower } from '../../../api/index.ts';
import { discreetly, openCommand, require, staffCommand } from './define.ts';
import { type Call, type Moderation, mayModerate, placeOf, Refusal, roomOf, type Who } from './rooms.ts';
import { agoText } from './texts.ts';

/** !mod status, rules, halt, resume; !rules */
export function addMod(bot: Moderation): void {
  staffCommand(bot, {
    name: 'mod',
    summary: 'What moderation can do and does here; stops it and lets it go on',
    description:
      'status: what each consequence comes to here. rules: each rule and its mode. halt REASON: nothing is done by rules any more, anywhere. resume: they go on.',
    args: {
      what: arg.optional(arg.oneOf('status', 'rules', 'halt', 'resume')),
      more: arg.optional(arg.text({ max: 300 })),
    },
    examples: ['mod status', 'mod rules', 'mod halt something is wrong', 'mod resume'],
    async run(call) {
      const { what = 'status', more = '' } = call.args;
      switch (what) {
        case 'status':
          return status(bot, call, more);
        case 'rules':
          return rules(bot, call, more);
        case 'halt':
          await everywhere(bot, call);
          await bot.cases.halt(call.user, more === '' ? 'no reason given' : more);
          return 'Halted: no rule does anything any more, cases are still written. !mod resume lets them go on.';
        case 'resume':
          await everywhere(bot, call);
          if ((await bot.cases.halted()) === undefined) return 'Moderation is not halted.';
          await bot.cases.resume(call.user);
          return 'Rules act again, each in its mode.';
      }
    },
  });

  openCommand(bot, {
    name: 'rules',
    summary: 'The rules of this room',
    cooldown: { room: '30s', user: '30s' },
    async run(call) {
      const lines = bot.configIn(call.room?.name ?? '').houseRules;
      return lines.length === 0 ? undefined : lines;
    },
  });
}

/** The switch is for the whole bot, so the operators of one room cannot use it. */
async function everywhere(bot: Moderation, { user, source }: Who): Promise<void> {
  if (source === 'cli') return;
  const { roles } = await bot.users.facts(user);
  if (!roles.includes('owner') && !roles.includes('mod'))
    throw new Refusal('That is for all rooms: only owners and mods of the bot can do it.');
}

async function status(
  bot: Moderation,
  call: Call,
  text: string,
): Promise<string | readonly string[] | undefined> {
  const rooms = await seen(bot, call, text);
  const halt = await bot.cases.halted();
  const halted =
    halt === undefined ? [] : [`Halted ${agoText(halt.at, call.at)} by ${halt.actor}: ${halt.reason}.`];
  return discreetly(bot, call, [...halted, ...rooms.flatMap(statusLines)]);
}

/** What a room permits, in words. */
export function statusLines({ summary, mode, ladder, rules: all }: RoomPower): readonly string[] {
  const steps = ladder.map(({ points, wanted, possible, instead }) =>
    wanted === possible
      ? `${points}: ${wanted}`
      : `${points}: ${possible} instead of ${wanted}${instead === undefined ? '' : ` (${instead})`}`,
  );
  const count = (of: string) => all.filter((rule) => rule.mode === of).length;
  return [
    `${summary}. Mode ${mode}; rules: ${count('live')} live, ${count('suggest')} suggest, ${count('shadow')} in shadow.`,
    `Points and what follows: ${steps.join('; ')}.`,
  ];
}

async function rules(
  bot: Moderation,
  call: Call,
  text: string,
): Promise<string | readonly string[] | undefined> {
  const rooms = await seen(bot, call, text);
  const lines = rooms.flatMap(({ room, rules: all }) => [
    `${room}:`,
    ...all.map(({ rule, summary, mode, cases, overturned }) => {
      const wrong = overturned === 0 ? '' : `, ${overturned} overturned`;
      return `  ${rule} (${mode}): ${summary}; ${cases} cases${wrong}`;
    }),
  ]);
  return discreetly(bot, call, lines.slice(0, 40));
}

/** The rooms that somebody asks about: this one, the named one, or all that they moderate. */
async function seen(bot: Moderation, call: Call, text: string): Promise<readonly RoomPower[]> {
  if (roomOf(bot, call) !== undefined || text !== '') {
    const { room } = await placeOf(bot, call, text);
    await require(bot, call, room);
    const found = (await bot.cases.power(room)).filter((one) => one.room === room);
    if (found.length === 0) throw new Refusal(`I have nothing to do with ${room}.`);
    return found;
  }
  const all = await bot.cases.power();
  const may = await Promise.all(all.map(({ room }) => mayModerate(bot, call, room)));
  const mine = all.filter((_, index) => may[index] === true);
  if (mine.length === 0) throw new Refusal('I am in no room that you moderate.');
  return mine;
}
