/*
 * Answers lines that contain certain words.
 *
 *   plugins:
 *     ./plugins-examples/autoreply.ts:
 *       config:
 *         rooms: [indie]
 *         replies:
 *           - { words: [rules, "room rules"], text: "{user}: no links, be kind." }
 *           - { pattern: "(?i)\\bwhere.*lossless", text: "Try the room lossless." }
 *
 * It never talks to other automatic answers: lines that look like one are not answered, a line that says the same
 * as that person's line before is not answered, and everybody gets each answer once per `cooldown`.
 */
import {
  definePlugin,
  type PrivateMessage,
  type Reply,
  type RoomMessage,
  s,
  type TextFilter,
} from 'seekeeper';

/** How clients and other bots begin what nobody typed. */
const AUTOMATIC = /^\s*[[(<*]*\s*(?:auto(?:mated|matic)?|bot)[- ]?(?:message|reply|response)\b/i;

export default definePlugin({
  name: 'autoreply',
  needs: ['room.read', 'room.say', 'pm.read'],
  personal: [{ keys: '*/{user}', what: 'what I last answered you, so as not to repeat it' }],
  config: s.object({
    rooms: s.array(s.string()).default([]).describe('Where to answer.'),
    private: s.boolean().default(false).describe('Also answer private messages, marked as automatic.'),
    cooldown: s
      .duration()
      .default('10m')
      .describe('How long before the same person gets the same answer again.'),
    replies: s
      .array(
        s.object({
          words: s
            .array(s.string({ min: 1 }), { min: 1 })
            .optional()
            .describe('Any of these, anywhere in the line.'),
          pattern: s.string({ min: 1 }).optional().describe('A regular expression in RE2 syntax.'),
          text: s.string({ min: 1 }).describe('The answer; {user} is who wrote.'),
        }),
        { min: 1 },
      )
      .describe('What to answer to what. Several may fit one line.'),
  }),
  setup(bot) {
    const { rooms, cooldown, replies } = bot.config;

    replies.forEach(({ words, pattern, text: answer }, index) => {
      const text: TextFilter = {
        ...(words === undefined ? {} : { includes: words }),
        ...(pattern === undefined ? {} : { pattern }),
      };

      const handle = async (message: (RoomMessage | PrivateMessage) & { reply: Reply }, mark: string) => {
        const { user, at } = message;
        if (AUTOMATIC.test(message.text)) return;
        const said = normalize(message.text);
        const key = `${index}/${user}`;
        const last = await bot.store.get<{ said: string; at: number }>(key);
        // Its own line again means that a machine repeats itself, however long the pause.
        if (last !== undefined && (last.said === said || at - last.at < cooldown)) return;
        await bot.store.set(key, { said, at }, { ttl: Math.max(cooldown, 86_400_000) });
        await message.reply(mark + answer.replaceAll('{user}', user), { priority: 'bulk', ttl: '1m' });
      };

      if (rooms.length > 0) bot.on('room.message', { rooms, text }, (message) => handle(message, ''));
      if (bot.config.private) {
        bot.on('private.message', { text, replayed: 'exclude' }, (message) =>
          handle(message, '[Automatic Message] '),
        );
      }
    });
  },
});

/** What is left of a line when numbers, signs and case do not count. */
function normalize(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\d\p{P}\p{S}\s]+/gu, '');
}
