import { formatDuration, type Infer, s } from '../../../api/index.ts';
import { isOver, limitOf, one } from './limit.ts';
import { type LineRule, settingsOf, shown } from './rule.ts';

export const capsSettings = settingsOf(1, {
  share: s.number({ min: 0.5, max: 1 }).default(0.8).describe('The part of the letters that are capitals.'),
  shortest: s
    .int({ min: 5, max: 500 })
    .default(20)
    .describe('Lines with fewer letters are not looked at: MF DOOM, OK THEN.'),
  limit: s.string().default('3:2m').describe('So many such lines in so long.'),
});

type Settings = Infer<typeof capsSettings>;

/** Shouting. */
export const caps: LineRule<Settings> = {
  id: 'caps',
  on: 'line',
  summary: 'Shouting: lines in capitals',
  version: '1',
  window: ({ limit }) => ({ withinMs: 2 * limitOf(limit).withinMs, lines: 100, sameUser: true }),
  judge(line, { recent }, settings) {
    if (!isShouted(line.text, settings)) return undefined;
    const limit = limitOf(settings.limit);
    const shouted = recent.filter(({ user, text }) => user === line.user && isShouted(text, settings));
    if (!isOver([...shouted, line].map(one), limit)) return undefined;
    return {
      points: settings.points,
      reason:
        limit.count === 1
          ? 'a line in capitals'
          : `${limit.count} lines in capitals within ${formatDuration(limit.withinMs)}`,
      evidence: shown(line.text),
    };
  },
};

/** Whether a line is in capitals; alphabets without them do not count. */
export function isShouted(text: string, { share, shortest }: Pick<Settings, 'share' | 'shortest'>): boolean {
  // Addresses are not shouted.
  const letters = text.replace(/\S+:\/\/\S+/gu, '').match(/\p{Lu}|\p{Ll}/gu) ?? [];
  if (letters.length < shortest) return false;
  const capitals = letters.filter((letter) => /\p{Lu}/u.test(letter)).length;
  return capitals >= share * letters.length;
}
