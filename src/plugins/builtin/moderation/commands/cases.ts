import { arg, type Case } from '../../../api/index.ts';
import { codeOf } from '../error-code.ts';
import { nearestNames } from '../text/nearest-names.ts';
import { casesFor } from './cases-for.ts';
import { discreetly, openCommand, someOf, staffCommand } from './define.ts';
import {
  firstWord,
  type Moderation,
  mayModerate,
  Refusal,
  roomNames,
  roomOf,
  sentence,
  type Who,
} from './rooms.ts';
import { caseLine, caseText } from './texts.ts';

/** Cases in one answer. */
const SHOWN = 10;
const id = { id: arg.int({ min: 1 }) };
const note = { ...id, note: arg.optional(arg.text({ max: 500 })) };

/** !case !cases !strikes !undo !pardon !note !appeals !grant !reject !appeal */
export function addCases(bot: Moderation): void {
  staffCommand(bot, {
    name: 'case',
    summary: 'Everything about one case',
    args: id,
    async run(call) {
      return discreetly(bot, call, caseText(await theCase(bot, call.args.id, call)));
    },
  });

  staffCommand(bot, {
    name: 'cases',
    summary: 'The latest cases, of somebody or of a room',
    args: { user: arg.optional(arg.user()) },
    examples: ['cases', 'cases bob'],
    async run(call) {
      const { user } = call.args;
      const here = roomOf(bot, call);
      const seen = await casesFor(bot, call, here, { limit: SHOWN, ...(user !== undefined && { user }) });
      if (seen.length > 0) return discreetly(bot, call, seen.slice(0, SHOWN).map(caseLine));
      const where = here === undefined ? '' : ` in ${here}`;
      if (user === undefined) return `There are no cases${where}.`;
      return `There are no cases about ${user}${where}.${await meant(bot, call, user)}`;
    },
  });

  staffCommand(bot, {
    name: 'strikes',
    summary: 'How many points somebody has, and what comes next',
    args: { user: arg.user() },
    async run(call) {
      const { user } = call.args;
      const all = await bot.cases.strikes(user, roomOf(bot, call));
      const lines: string[] = [];
      for (const { room, points, next, cases } of all) {
        if (!(await mayModerate(bot, call, room))) continue;
        lines.push(
          `${user} in ${room}: ${Math.round(points * 10) / 10} points, ${cases.length} cases; next comes ${next}.`,
        );
      }
      return lines.length > 0
        ? discreetly(bot, call, lines)
        : `${user} has no points.${await meant(bot, call, user)}`;
    },
  });

  staffCommand(bot, {
    name: 'undo',
    summary: 'Takes back what was done; the points stay',
    args: note,
    async run({ args, user, source }) {
      await theCase(bot, args.id, { user, source });
      return sentence((await bot.cases.undo(args.id, user, args.note)).message);
    },
  });

  staffCommand(bot, {
    name: 'pardon',
    summary: 'Takes back what was done, and the points too',
    args: note,
    async run({ args, user, source }) {
      await theCase(bot, args.id, { user, source });
      return sentence((await bot.cases.pardon(args.id, user, args.note)).message);
    },
  });

  staffCommand(bot, {
    name: 'note',
    summary: 'Writes something into a case',
    args: { ...id, text: arg.text({ max: 1_000 }) },
    async run({ args, user, source }) {
      await theCase(bot, args.id, { user, source });
      await bot.cases.note(args.id, user, args.text);
      return `Noted in case ${args.id}.`;
    },
  });

  staffCommand(bot, {
    name: 'export-cases',
    summary: 'Cases with the lines around them, of everybody or somebody, as text or JSON',
    in: 'cli',
    args: { user: arg.optional(arg.user()), format: arg.optional(arg.oneOf('text', 'json')) },
    examples: ['export-cases', 'export-cases bob json'],
    async run({ args }) {
      const { user, format = 'text' } = args;
      return (await bot.cases.export(user === undefined ? {} : { user }, format)).split('\n');
    },
  });

  addAppeals(bot);
}

function addAppeals(bot: Moderation): void {
  staffCommand(bot, {
    name: 'appeals',
    summary: 'Appeals that nobody has answered',
    async run(call) {
      const open = await casesFor(bot, call, roomOf(bot, call), { appeal: 'open', limit: 500 });
      if (open.length === 0) return 'No appeal waits for an answer.';
      const more = open.length - SHOWN;
      return discreetly(bot, call, [
        ...open
          .slice(0, SHOWN)
          .flatMap((of) => [caseLine(of), `  ${of.user} says: ${of.appeal?.text ?? ''}`]),
        ...(more > 0
          ? [`and ${more} more that are older: ${someOf(open.slice(SHOWN).map(({ id }) => `${id}`))}`]
          : []),
      ]);
    },
  });

  for (const answer of ['grant', 'reject'] as const) {
    staffCommand(bot, {
      name: answer,
      summary: answer === 'grant' ? 'Grants an appeal: the case is pardoned' : 'Rejects an appeal',
      args: note,
      run: async ({ args, user, source }) => answerAppeal(bot, args.id, { user, source }, answer, args.note),
    });
  }

  openCommand(bot, {
    name: 'appeal',
    summary: 'Says why a decision about you is wrong; in private',
    args: { ...id, text: arg.text({ max: 1_000 }) },
    cooldown: { user: '10s' },
    examples: ['appeal 42 that was my brother'],
    async run({ args, user, source }) {
      const [word, rest] = firstWord(args.text);
      if (word === 'grant' || word === 'reject') {
        const of = await bot.cases.get(args.id);
        if (of !== undefined && of.user !== user && (await mayModerate(bot, { user, source }, of.room)))
          return answerAppeal(bot, args.id, { user, source }, word, rest === '' ? undefined : rest);
      }
      if (source === 'room') return `${user}: please write that to me in private.`;
      return sentence((await bot.cases.appeal(args.id, user, args.text)).message);
    },
  });
}

async function answerAppeal(
  bot: Moderation,
  number: number,
  who: Who,
  answer: 'grant' | 'reject',
  why: string | undefined,
): Promise<string> {
  await theCase(bot, number, who);
  return sentence((await bot.cases.answerAppeal(number, who.user, answer, why)).message);
}

/**
 * A case that somebody may see.
 * @throws Refusal when there is none, or it is of a room that they do not moderate: which of the two is nobody's business.
 */
export async function theCase(bot: Moderation, number: number, who: Who): Promise<Case> {
  const of = await bot.cases.get(number).catch((error: unknown) => {
    if (codeOf(error) === 'not-found') return undefined;
    throw error;
  });
  if (of === undefined || !(await mayModerate(bot, who, of.room)))
    throw new Refusal(`There is no case ${number} that you could see.`);
  if (who.source !== 'cli' && of.user === who.user)
    throw new Refusal(`Case ${number} is about you; somebody else has to look at it.`);
  return of;
}

/** Whom they may have meant, of those about whom there are cases or who are inside, in rooms that they moderate. */
async function meant(bot: Moderation, who: Who, user: string): Promise<string> {
  const cases = await casesFor(bot, who, undefined, { limit: 500 });
  const known = new Set(cases.map((of) => of.user));
  for (const room of await roomNames(bot)) {
    if (!(await mayModerate(bot, who, room))) continue;
    for (const one of (await bot.rooms.info(room))?.users ?? []) known.add(one.user);
  }
  known.delete(user);
  known.delete(bot.self.user);
  const near = nearestNames(user, known);
  return near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
}
