import { formatDuration, type Infer, s } from '../../../api/index.ts';
import { isOver, limitOf, one } from './limit.ts';
import { type LineRule, settingsOf, shown } from './rule.ts';

export const asciiArtSettings = settingsOf(1, {
  share: s
    .number({ min: 0.3, max: 1 })
    .default(0.6)
    .describe('The part of a line that is neither letters nor digits.'),
  shortest: s
    .int({ min: 8, max: 500 })
    .default(24)
    .describe('Shorter lines are not looked at: \\o/, ----, <3<3<3.'),
  emoji: s.int({ min: 3, max: 500 }).default(15).describe('So many emoji in one line.'),
  limit: s.string().default('2:1m').describe('So many such lines in so long.'),
});

type Settings = Infer<typeof asciiArtSettings>;

/** Pictures made of characters: boxes, blocks, Braille, the same sign without end, emoji without end, stacked accents. */
export const asciiArt: LineRule<Settings> = {
  id: 'ascii-art',
  on: 'line',
  summary: 'Pictures made of characters, and rows of emoji',
  version: '1',
  window: ({ limit }) => ({ withinMs: 2 * limitOf(limit).withinMs, lines: 100, sameUser: true }),
  judge(line, { recent }, settings) {
    if (!isPicture(line.text, settings)) return undefined;
    const limit = limitOf(settings.limit);
    const pictures = recent.filter(({ user, text }) => user === line.user && isPicture(text, settings));
    if (!isOver([...pictures, line].map(one), limit)) return undefined;
    return {
      points: settings.points,
      reason:
        limit.count === 1
          ? 'a picture made of characters'
          : `${limit.count} lines of pictures made of characters within ${formatDuration(limit.withinMs)}`,
      evidence: shown(line.text),
    };
  },
};

/** Accents on one letter that no language stacks so high. */
const ZALGO = /\p{Mn}{5,}/u;
const EMOJI = /\p{Extended_Pictographic}/gu;
const ADDRESS = /\S+:\/\/\S+/gu;

export function isPicture(
  text: string,
  { share, shortest, emoji }: Pick<Settings, 'share' | 'shortest' | 'emoji'>,
): boolean {
  if (ZALGO.test(text)) return true;
  const emojis = text.match(EMOJI)?.length ?? 0;
  if (emojis >= emoji) return true;
  const rest = text.replace(ADDRESS, '').replace(EMOJI, '');
  const signs = Array.from(rest.replace(/[\s\p{Cf}\p{Mn}]/gu, ''));
  if (signs.length < shortest) return false;
  const others = signs.filter((sign) => !/[\p{L}\p{N}]/u.test(sign)).length;
  return others >= share * signs.length;
}
