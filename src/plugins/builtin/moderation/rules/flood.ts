import { formatDuration, type Infer, type RuleLine, s } from '../../../api/index.ts';
import { likeness, profileOf } from '../text/profile.ts';
import { amountAt, type Counted, FULL, isOver, limitOf } from './limit.ts';
import { type LineRule, settingsOf, shown } from './rule.ts';

export const floodSettings = settingsOf(2, {
  limit: s
    .string()
    .default('6:10s')
    .describe('So many ordinary lines in so long. Short ones count less, alike and long ones more.'),
});

/** A line of this length counts 1. */
const ORDINARY = 40;
const LEAST = 0.25;
const MOST = 2;

/** From here on lines are alike; a line that says the same again counts three times. */
const ALIKE = 0.5;
const AGAIN = 2;
/** Whoever sends a long line again because it had a mistake in it floods nobody. */
const FEWEST = 3;

/**
 * Somebody says too much in too short a time. Nobody types more than some twelve characters a second, so lines count by
 * their length: whoever talks in many short lines stays below, and whoever pastes does not.
 */
export const flood: LineRule<Infer<typeof floodSettings>> = {
  id: 'flood',
  on: 'line',
  summary: 'Too much in too short a time',
  version: '1',
  window: ({ limit }) => ({ withinMs: 2 * limitOf(limit).withinMs, lines: FULL, sameUser: true }),
  judge(line, { recent }, settings) {
    const limit = limitOf(settings.limit);
    const own = recent.filter(({ user }) => user === line.user);
    const counted = weighed([...own, line]);
    if (amountAt(counted, limit.withinMs) < limit.count) return undefined;
    const count = own.filter(({ at }) => line.at - at < limit.withinMs).length + 1;
    if (count < FEWEST) return undefined;
    // With fewer lines it was no flood yet, however much they weighed.
    const before = count === FEWEST ? 0 : amountAt(weighed(own), limit.withinMs);
    if (!isOver(counted, limit, before)) return undefined;
    return {
      points: settings.points,
      reason: `${count} lines within ${formatDuration(limit.withinMs)}, as much as ${Math.round(amountAt(counted, limit.withinMs))} ordinary ones`,
      evidence: shown(line.text),
    };
  },
};

/** Lines, with what each counts beside the last one. */
function weighed(lines: readonly RuleLine[]): readonly Counted[] {
  const last = lines.at(-1);
  const said = profileOf(last?.text ?? '');
  return lines.map((line) => {
    const length = Math.min(Math.max(line.text.length / ORDINARY, LEAST), MOST);
    const same = line === last ? 0 : likeness(profileOf(line.text), said);
    const alike = Math.max(0, same - ALIKE) / (1 - ALIKE);
    return { at: line.at, weight: length * (1 + AGAIN * alike) };
  });
}
