import { type Infer, pattern, s } from '../../../api/index.ts';
import { fold } from '../text/fold.ts';
import { asLatin } from '../text/look-alike-letters.ts';
import { type LineRule, once, settingsOf, shown } from './rule.ts';

export const patternsSettings = settingsOf(3, {
  lists: s
    .record(
      s.object({
        patterns: s
          .array(s.pattern(), { min: 1, max: 200 })
          .describe('Regular expressions in RE2 syntax; `(?i)` ignores case.'),
        points: s.number({ min: 0.1, max: 100 }).optional().describe('Instead of those of the rule.'),
      }),
    )
    .describe('Lists of regular expressions by name.'),
});

type Settings = Infer<typeof patternsSettings>;

const compiled = once(({ lists, points }: Settings) =>
  Object.entries(lists).map(([name, list]) => ({
    name,
    points: list.points ?? points,
    patterns: list.patterns.map(pattern),
  })),
);

/** Regular expressions, tried on the line as it was typed, and as it reads. They take time in proportion to the line. */
export const patterns: LineRule<Settings> = {
  id: 'patterns',
  on: 'line',
  summary: 'Lines that match a regular expression',
  version: '1',
  judge(line, _, settings) {
    const folded = fold(line.text);
    const readings = [...new Set([line.text, folded, asLatin(folded)])];
    const found = compiled(settings).flatMap(({ name, points, patterns: list }) => {
      for (const one of list) {
        const match = readings.map((reading) => one.find(reading)).find((text) => text !== undefined);
        if (match !== undefined) return [{ name, points, match }];
      }
      return [];
    });
    const [worst] = found.sort((a, b) => b.points - a.points);
    if (worst === undefined) return undefined;
    return {
      points: worst.points,
      reason: `${JSON.stringify(shown(worst.match, 60))} matches the list ${worst.name}`,
      evidence: shown(line.text),
    };
  },
};
