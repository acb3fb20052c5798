import {
  formatDuration,
  type Infer,
  type RuleContext,
  type RuleLine,
  s,
  type Verdict,
} from '../../../api/index.ts';
import { likeness, type Profile, profileOf } from '../text/profile.ts';
import { FULL, isOver, limitOf, one } from './limit.ts';
import { type LineRule, settingsOf, shown } from './rule.ts';

export const repeatsSettings = settingsOf(2, {
  limit: s.string().default('4:2m').describe('So many times the same from one person in so long.'),
  crowd: s
    .string()
    .default('4:2m')
    .describe('So many new people with the same line in so long; for lines of 20 letters and more.'),
  similarity: s
    .number({ min: 0.5, max: 1 })
    .default(0.85)
    .describe('From where on lines are the same: 1 is the same letters.'),
  shortest: s
    .int({ min: 1, max: 200 })
    .default(12)
    .describe('Shorter lines may come again: lol, yes, thank you.'),
});

type Settings = Infer<typeof repeatsSettings>;

/** Shorter lines are greetings, and many people say them. */
const CROWD_SHORTEST = 20;

/** Whoever has said more here is no stranger who came for this. */
const STRANGER_LINES = 10;

/** The same, or nearly the same, again and again: from one person, or from several who are new. */
export const repeats: LineRule<Settings> = {
  id: 'repeats',
  on: 'line',
  summary: 'The same line again and again',
  version: '1',
  window: ({ limit, crowd }) => ({
    withinMs: 2 * Math.max(limitOf(limit).withinMs, limitOf(crowd).withinMs),
    lines: FULL,
    sameUser: false,
  }),
  judge(line, context, settings) {
    const said = profileOf(line.text);
    if (said.bare.length < settings.shortest) return undefined;
    const same = context.recent.filter(({ text }) => isSame(said, profileOf(text), settings.similarity));
    return byOne(line, same, settings) ?? byMany(line, said.bare, same, context, settings);
  },
};

/** Most lines of a room are not even of the same length. */
function isSame(a: Profile, b: Profile, least: number): boolean {
  const [shorter, longer] = [a.bare.length, b.bare.length].sort((left, right) => left - right);
  return shorter! >= least * 0.75 * longer! && likeness(a, b) >= least;
}

function byOne(line: RuleLine, same: readonly RuleLine[], settings: Settings): Verdict | undefined {
  const limit = limitOf(settings.limit);
  const own = same.filter(({ user }) => user === line.user);
  if (!isOver([...own, line].map(one), limit)) return undefined;
  const count = own.filter(({ at }) => line.at - at < limit.withinMs).length + 1;
  return {
    points: settings.points,
    reason: `the same line ${count} times within ${formatDuration(limit.withinMs)}`,
    evidence: shown(line.text),
  };
}

function byMany(
  line: RuleLine,
  text: string,
  same: readonly RuleLine[],
  { linesBefore }: RuleContext,
  settings: Settings,
): Verdict | undefined {
  if (text.length < CROWD_SHORTEST || linesBefore > STRANGER_LINES) return undefined;
  const limit = limitOf(settings.crowd);
  const users = new Set(same.filter(({ at }) => line.at - at < limit.withinMs).map(({ user }) => user));
  // Each of them is objected to once: what they say again is byOne's.
  if (users.has(line.user) || users.size + 1 < limit.count) return undefined;
  return {
    points: settings.points,
    reason: `the same line from ${users.size + 1} people within ${formatDuration(limit.withinMs)}`,
    evidence: shown(line.text),
  };
}
