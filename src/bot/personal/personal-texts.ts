import { ago } from '../why/ago.ts';
import type { ForgetReport, PersonalReport } from './personal-data.ts';

/** Lines of one answer: the rest is told to be there. */
const MAX_LINES = 15;

/** What is known about somebody, for that person or for whoever runs the bot. */
export function reportLines(report: PersonalReport, now: number, samples: boolean): string[] {
  const { user, bot, dialogs, plugins } = report;
  const { lines } = bot;
  const said =
    lines.last === undefined
      ? undefined
      : `${lines.count} lines in rooms, the first ${ago(lines.first ?? lines.last, now)} ago, the last ${ago(lines.last, now)} ago`;
  const own = [
    said,
    counted(bot.moves, 'times of joining, leaving or writing in private'),
    counted(bot.decisions, 'decisions not to do something (!why shows them)'),
    counted(bot.receipts, 'notes of what became of private lines sent'),
    counted(bot.fingerprints, 'fingerprints of private messages, without text'),
    counted(bot.waiting + bot.outgoing, 'private messages that wait'),
    counted(dialogs, 'dialogs under way'),
  ].filter((line) => line !== undefined);
  const list = [
    ...(own.length === 0 ? [] : [`I keep: ${own.join('; ')}.`]),
    ...plugins.flatMap(({ plugin, items, problems }) => [
      ...items.map(({ what, count, samples: found }) => {
        const values = samples && found.length > 0 ? `: ${found.join(' | ')}` : '';
        return `${plugin}: ${what} (${count})${values}`;
      }),
      ...problems.map((problem) => `${plugin}: could not be asked, ${problem}`),
    ]),
  ];
  if (list.length === 0) return [`Nothing is kept about ${user}.`];
  if (list.length <= MAX_LINES) return list;
  return [...list.slice(0, MAX_LINES - 1), `… and ${list.length - MAX_LINES + 1} more`];
}

/** What was deleted. */
export function forgottenLines({ user, bot, dialogs, plugins }: ForgetReport): string[] {
  const own = [
    counted(bot.lines, 'lines in rooms'),
    counted(bot.moves, 'times of joining, leaving or writing'),
    counted(bot.decisions, 'decisions'),
    counted(bot.receipts, 'notes of private lines'),
    counted(dialogs, 'dialogs'),
    ...plugins.map(({ plugin, deleted }) => counted(deleted, `things of ${plugin}`)),
  ].filter((line) => line !== undefined);
  const problems = plugins.flatMap(({ plugin, problems: found }) =>
    found.map((problem) => `${plugin} could not delete all of it: ${problem}`),
  );
  const deleted =
    own.length === 0 ? `Nothing was kept about ${user}.` : `Deleted about ${user}: ${own.join(', ')}.`;
  return [deleted, ...problems];
}

function counted(count: number, what: string): string | undefined {
  return count === 0 ? undefined : `${count} ${what}`;
}
