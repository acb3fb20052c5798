import { formatDuration, type Infer, s } from '../../../api/index.ts';
import { isOver, limitOf, one } from './limit.ts';
import { type LineRule, settingsOf, shown } from './rule.ts';

export const longLinesSettings = settingsOf(1, {
  longest: s.int({ min: 50, max: 2_000 }).default(600).describe('Characters of a line.'),
  limit: s.string().default('2:2m').describe('So many such lines in so long.'),
});

type Settings = Infer<typeof longLinesSettings>;

/** Walls of text. */
export const longLines: LineRule<Settings> = {
  id: 'long-lines',
  on: 'line',
  summary: 'Walls of text',
  version: '1',
  window: ({ limit }) => ({ withinMs: 2 * limitOf(limit).withinMs, lines: 100, sameUser: true }),
  judge(line, { recent }, settings) {
    const isLong = (text: string) => Array.from(text).length > settings.longest;
    if (!isLong(line.text)) return undefined;
    const limit = limitOf(settings.limit);
    const long = recent.filter(({ user, text }) => user === line.user && isLong(text));
    if (!isOver([...long, line].map(one), limit)) return undefined;
    return {
      points: settings.points,
      reason:
        limit.count === 1
          ? `a line of more than ${settings.longest} characters`
          : `${limit.count} lines of more than ${settings.longest} characters within ${formatDuration(limit.withinMs)}`,
      evidence: shown(line.text),
    };
  },
};
