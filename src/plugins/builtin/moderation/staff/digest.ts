import type { Applicant, Case } from '../../../api/index.ts';
import type { Moderation } from '../commands/rooms.ts';
import { caseLine, timeText } from '../commands/texts.ts';
import { timeOfDay } from '../config-problems.ts';
import { staffTargets, tellStaff } from './tell-staff.ts';

/** When the last digest was told; the next begins there. */
const LAST = 'digest';

/** Cases that are shown one by one. */
const SHOWN = 10;

/** Tells staff at the change of shifts what happened since the last one. Nothing happened: nothing is told. */
export function addDigest(bot: Moderation): void {
  if (staffTargets(bot).length === 0) return;
  for (const time of bot.config.staff?.digest ?? []) {
    const at = timeOfDay(time);
    if (at === undefined) continue;
    bot.schedule(
      { id: `digest-${at.hour}-${at.minute}`, cron: `${at.minute} ${at.hour} * * *`, misfire: 'once' },
      async ({ run, due, at: now }) => {
        const since = (await bot.store.get<number>(LAST)) ?? due - 86_400_000;
        const cases = await bot.cases.list({ since, limit: 500 });
        const open = await bot.cases.list({ state: ['suggested'], limit: 100 });
        const appeals = await bot.cases.list({ appeal: 'open', limit: 500 });
        const applicants = (await bot.members.applicants()).filter(({ state }) => state === 'waiting');
        const lines = digestLines(cases, { open, appeals, applicants });
        if (lines.length > 0)
          await tellStaff(bot, `Since ${timeText(since)} UTC: ${cases.length} cases`, {
            lines,
            key: `digest ${run}`,
          });
        await bot.store.set(LAST, now);
      },
    );
  }
}

/** What waits for staff, however old it is. */
interface Waiting {
  /** Suggestions. */
  readonly open: readonly Case[];
  readonly appeals: readonly Case[];
  readonly applicants: readonly Applicant[];
}

/** What a digest says; empty when there is nothing to say. */
export function digestLines(
  cases: readonly Case[],
  { open, appeals, applicants }: Waiting,
): readonly string[] {
  const lines: string[] = [];
  if (cases.length > 0)
    lines.push(`${counts(cases, caseKind)}. By ${counts(cases, ({ rule, actor }) => rule ?? actor)}.`);
  for (const of of cases.filter(isWorthALine).slice(0, SHOWN)) lines.push(caseLine(of));
  if (open.length > 0) lines.push(`Waiting for a yes or no: ${ids(open)}.`);
  if (appeals.length > 0) lines.push(`Appeals without an answer: ${ids(appeals)}.`);
  if (applicants.length > 0)
    lines.push(
      `Applicants: ${applicants
        .slice(0, 20)
        .map(({ user, room }) => `${user} (${room})`)
        .join(', ')}.`,
    );
  return lines;
}

const caseKind = ({ state, mode }: Case): string => (mode === 'shadow' ? 'in shadow' : state);
const isWorthALine = ({ mode, consequence }: Case): boolean => mode !== 'shadow' && consequence !== 'note';
const ids = (cases: readonly Case[]): string =>
  cases
    .slice(0, 20)
    .map(({ id }) => id)
    .join(', ');

/** `3 done, 1 failed`: the commonest first. */
function counts(cases: readonly Case[], of: (one: Case) => string): string {
  const found = new Map<string, number>();
  for (const one of cases) found.set(of(one), (found.get(of(one)) ?? 0) + 1);
  return [...found]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
}
