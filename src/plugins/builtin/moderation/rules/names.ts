import { type Infer, pattern, s } from '../../../api/index.ts';
import { fold } from '../text/fold.ts';
import { type JoinRule, once, settingsOf, shown } from './rule.ts';

export const namesSettings = settingsOf(5, {
  patterns: s
    .array(s.pattern(), { min: 1, max: 200 })
    .describe('Regular expressions in RE2 syntax for names: "^aurral-", "(?i)bot[0-9]+$".'),
});

type Settings = Infer<typeof namesSettings>;

const compiled = once(({ patterns }: Settings) => patterns.map(pattern));

/** People whose names follow a pattern, as those of many a robot do. */
export const names: JoinRule<Settings> = {
  id: 'names',
  on: 'join',
  summary: 'User names that follow a pattern',
  version: '1',
  judge({ user }, _, settings) {
    const folded = fold(user);
    const found = compiled(settings).find((one) => one.test(user) || one.test(folded));
    if (found === undefined) return undefined;
    return {
      points: settings.points,
      reason: `the name matches ${shown(found.source, 100)}`,
      evidence: shown(user),
    };
  },
};
