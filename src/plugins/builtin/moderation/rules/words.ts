import { type Infer, s } from '../../../api/index.ts';
import { wordList } from '../text/word-list.ts';
import { type LineRule, once, settingsOf, shown } from './rule.ts';

export const wordsSettings = settingsOf(3, {
  lists: s
    .record(
      s.object({
        words: s
          .array(s.string({ min: 1, max: 100 }), { min: 1, max: 2_000 })
          .describe('Words and phrases; `*` at an end stands for anything.'),
        points: s.number({ min: 0.1, max: 100 }).optional().describe('Instead of those of the rule.'),
      }),
    )
    .describe('Word lists by name.'),
});

type Settings = Infer<typeof wordsSettings>;

const compiled = once(({ lists, points }: Settings) =>
  Object.entries(lists).map(([name, list]) => ({
    name,
    points: list.points ?? points,
    words: wordList(list.words),
  })),
);

/** Words that are not to be said here, however they are dressed up. */
export const words: LineRule<Settings> = {
  id: 'words',
  on: 'line',
  summary: 'Words that are not to be said here',
  version: '1',
  judge(line, _, settings) {
    const found = compiled(settings).flatMap(({ name, points, words: list }) => {
      const word = list.find(line.text);
      return word === undefined ? [] : [{ name, points, word }];
    });
    const [worst] = found.sort((a, b) => b.points - a.points);
    if (worst === undefined) return undefined;
    return {
      points: worst.points,
      reason: `${JSON.stringify(shown(worst.word, 60))} is on the list ${worst.name}`,
      evidence: shown(line.text),
    };
  },
};
