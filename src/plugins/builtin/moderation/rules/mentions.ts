import { type Infer, type RuleContext, s } from '../../../api/index.ts';
import { type LineRule, settingsOf, shown } from './rule.ts';

export const mentionsSettings = settingsOf(3, {
  most: s.int({ min: 2, max: 100 }).default(5).describe('People that one line may name.'),
});

type Settings = Infer<typeof mentionsSettings>;

/** Shorter names are words as well. */
const SHORTEST = 3;

/**
 * Calls half the room. Names that count are of those who spoke or came within the last quarter of an hour, of staff, and
 * whatever begins with an @: who else is inside is not known to a rule.
 */
export const mentions: LineRule<Settings> = {
  id: 'mentions',
  on: 'line',
  summary: 'Calls too many people at once',
  version: '1',
  window: () => ({ withinMs: 15 * 60_000, lines: 200, sameUser: false }),
  judge(line, context, { most, points }) {
    const named = mentioned(line.text, namesOf(context, line.user));
    if (named.length <= most) return undefined;
    return {
      points,
      reason: `names ${named.length} people in one line`,
      evidence: shown(line.text),
    };
  },
};

function namesOf({ recent, joins, staff }: RuleContext, speaker: string): ReadonlySet<string> {
  const names = new Set([...recent.map(({ user }) => user), ...joins.map(({ user }) => user), ...staff]);
  names.delete(speaker);
  return new Set([...names].filter((name) => name.length >= SHORTEST).map((name) => name.toLowerCase()));
}

/** The people whom a line names, each once. */
export function mentioned(text: string, names: ReadonlySet<string>): readonly string[] {
  const lower = text.toLowerCase();
  const found = new Set<string>();
  for (const [, at, word = ''] of lower.matchAll(/(@?)([^\s,;:!?()"'<>[\]]+)/gu)) {
    const name = word.replace(/\.+$/, '');
    if (names.has(name) || (at === '@' && name !== '')) found.add(name);
  }
  for (const name of names) if (name.includes(' ') && lower.includes(name)) found.add(name);
  return [...found];
}
