import { formatDuration, type Infer, type RuleJoin, s } from '../../../api/index.ts';
import { skeleton } from '../text/skeleton.ts';
import { limitOf } from './limit.ts';
import { type JoinRule, settingsOf, shown } from './rule.ts';

export const joinWavesSettings = settingsOf(3, {
  limit: s.string().default('6:30s').describe('So many new accounts in so long.'),
  files: s.int({ min: 0 }).default(0).describe('Accounts with more files than this are not new.'),
});

type Settings = Infer<typeof joinWavesSettings>;

/** Whoever was seen here so long ago does not belong to the wave. */
const KNOWN_MS = 24 * 3_600_000;

/**
 * Many new accounts at once. The network does not tell the age of an account: new is who has uploaded nothing, shares
 * nothing and was not seen here a day ago. Those before the limit is reached are not judged.
 */
export const joinWaves: JoinRule<Settings> = {
  id: 'join-waves',
  on: 'join',
  summary: 'Many new accounts at once',
  version: '1',
  window: ({ limit }) => ({ withinMs: limitOf(limit).withinMs, lines: 500, sameUser: false }),
  judge(join, { joins, firstSeen = join.at }, settings) {
    if (!isNew(join, settings) || join.at - firstSeen > KNOWN_MS) return undefined;
    const { count, withinMs } = limitOf(settings.limit);
    const wave = new Set(
      joins
        .filter((other) => join.at - other.at < withinMs && isNew(other, settings))
        .map(({ user }) => user),
    );
    wave.add(join.user);
    if (wave.size < count) return undefined;
    const alike = [...wave].filter((name) => stem(name) === stem(join.user)).length;
    const named = alike > wave.size / 2 ? `, ${alike} of them with names like this` : '';
    return {
      points: settings.points,
      reason: `${wave.size} new accounts within ${formatDuration(withinMs)}${named}`,
      evidence: shown([...wave].join(', ')),
    };
  },
};

function isNew({ stats }: RuleJoin, { files }: Settings): boolean {
  return stats.uploads === 0 && stats.files <= files;
}

/** What names that were made by the dozen have in common. */
const stem = (name: string): string => skeleton(name.replace(/\d+/g, '')).slice(0, 4);
