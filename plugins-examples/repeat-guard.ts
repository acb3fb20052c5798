/*
 * A rule of moderation: the same line again and again. It only says how bad that is; what follows (a warning, a removal for an
 * hour, a report to staff) is in `moderation:` of config.yaml, and differs with what the room permits. New rules are in
 * shadow: cases are written, nothing happens.
 *
 *   plugins:
 *     ./plugins-examples/repeat-guard.ts: {}
 *   moderation:
 *     ladder: { 2: warn, 4: 'remove:1h', 8: remove }
 *     rules:
 *       repeat-guard/repeat: { mode: live }
 */
import { definePlugin, s } from 'seekeeper';

const bare = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}]+/gu, '');

export default definePlugin({
  name: 'repeat-guard',
  needs: ['moderate'],
  config: s.object({
    max: s.int({ min: 2, max: 100 }).default(3).describe('So many times is too often.'),
    within: s.duration({ min: '1s', max: '1h' }).default('1m').describe('In so long.'),
    points: s.number({ min: 0.1, max: 100 }).default(2).describe('How bad that is.'),
  }),
  setup(bot) {
    const { max, within, points } = bot.config;
    bot.rule({
      id: 'repeat',
      summary: 'The same line again and again',
      window: { within, sameUser: true },
      exempt: ['trusted'],
      check(line, { recent }) {
        const same = recent.filter(({ text }) => bare(text) === bare(line.text)).length + 1;
        // Once for every `max` of them, or each further line would count again.
        if (same % max !== 0) return null;
        return { points, reason: `the same line ${same} times`, evidence: line.text };
      },
    });
  },
});
