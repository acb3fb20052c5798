import { arg, type Case, type CaseState } from '../../../api/index.ts';
import { theCase } from './cases.ts';
import { casesFor } from './cases-for.ts';
import { answered, type Moderation, mayModerate, sentence, type Who } from './rooms.ts';

/** `yes 42`, `no #42`, with or without what commands begin with. */
const REPLY = '(?i)^\\W{0,3}(yes|no)\\s+#?\\d{1,9}[.!]?$';

/** How long a question may be what somebody means who just says yes. */
const ASKED_MS = 86_400_000;
/** Whoever is writing an answer does not know yet what happened within this time. */
const MOMENT_MS = 2 * 60_000;
const SETTLED: readonly CaseState[] = [
  'declined',
  'lapsed',
  'acting',
  'done',
  'failed',
  'undone',
  'pardoned',
];
/** How the log tells that a question is settled. */
const ENDS = new Set(['approved', 'declined', 'lapsed']);

/**
 * Staff's answers to what they were asked: `!yes 42` and `!no 42`, in a room also without the prefix, in private also without the
 * number when only one question is open.
 */
export function addDecisions(bot: Moderation): void {
  for (const answer of ['yes', 'no'] as const) {
    bot.command({
      name: answer,
      summary: answer === 'yes' ? 'Does what was suggested' : 'Does not do what was suggested',
      hidden: true,
      cli: true,
      args: { id: arg.optional(arg.text({ max: 200 })) },
      // Everybody says yes and no: whoever was not asked gets no answer.
      run: async ({ args, user, source, at }) =>
        answered(async () => decide(bot, { user, source, at }, answer, args.id?.trim() ?? '')),
    });
  }

  bot.on('room.message', { text: { pattern: REPLY } }, async ({ text, user, at, reply }) => {
    const [, word = '', id = ''] = /^\W{0,3}(yes|no)\s+#?(\d+)/i.exec(text) ?? [];
    // With the prefix it was a command.
    if (/^\W/.test(text)) return;
    const said = await answered(() =>
      decide(bot, { user, source: 'room', at }, word.toLowerCase() as 'yes' | 'no', id),
    );
    if (said !== undefined) await reply(said);
  });
}

async function decide(
  bot: Moderation,
  who: Who & { readonly at: number },
  answer: 'yes' | 'no',
  text: string,
): Promise<string | undefined> {
  const { user, source, at } = who;
  const id = /^#?(\d{1,9})[.!]?$/.exec(text)?.[1];
  if (id === undefined) {
    if (source === 'room' || text !== '') return undefined;
    const open = await casesFor(bot, who, undefined, { state: ['suggested'], limit: 100 });
    const ids = open.slice(0, 20).map((of) => of.id);
    const gone = await settledByOthers(bot, who, at, Math.max(0, ...ids));
    if (gone !== undefined) {
      const still = ids.length === 0 ? '' : ` Still open: ${ids.map((of) => `${answer} ${of}`).join(', ')}.`;
      return `Case ${gone.id} is ${gone.state} already.${still}`;
    }
    const [id, ...more] = ids;
    if (id === undefined) return undefined;
    if (more.length > 0) return `Which one? ${answer} and a number: ${ids.join(', ')}.`;
    await theCase(bot, id, who);
    return sentence((await bot.cases.decide(id, user, answer)).message);
  }
  const number = Number(id);
  const of = await bot.cases.get(number);
  if (of === undefined || !(await mayModerate(bot, who, of.room))) return undefined;
  if (of.state !== 'suggested') return `Case ${number} is ${of.state}; there is nothing to decide.`;
  await theCase(bot, number, who);
  return sentence((await bot.cases.decide(number, user, answer)).message);
}

/**
 * What somebody may mean who just says yes: a question that was asked after the others, or was answered a moment ago, and not by
 * them. @param latest number of the latest question that is open
 */
async function settledByOthers(
  bot: Moderation,
  who: Who,
  at: number,
  latest: number,
): Promise<Case | undefined> {
  const all = await casesFor(bot, who, undefined, { since: at - ASKED_MS, state: SETTLED, limit: 100 });
  return all.find((of) => {
    const end = of.log.find(({ what }) => ENDS.has(what));
    if (end === undefined || end.actor === who.user) return false;
    return of.id > latest || at - end.at < MOMENT_MS;
  });
}
