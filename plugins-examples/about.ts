/*
 * Says what this bot is and who is behind it. The network tolerates bots that say so.
 *
 *   plugins:
 *     ./plugins-examples/about.ts:
 *       config: { text: "I greet people and remember who was here.", contact: me }
 */
import { definePlugin, s } from 'seekeeper';

export default definePlugin({
  name: 'about',
  config: s.object({
    text: s.string({ min: 1 }).describe('What the bot does, in one line.'),
    contact: s.string().optional().describe('The user to write to when it misbehaves.'),
  }),
  setup(bot) {
    const { text, contact } = bot.config;
    bot.command({
      name: 'about',
      aliases: ['bot', 'info'],
      summary: 'What I am',
      cooldown: { user: '30s', room: '10s' },
      run: () => {
        const who = contact === undefined ? '' : ` Questions go to ${contact}.`;
        return `I am ${bot.self.user}, a bot. ${text}${who} !help lists my commands.`;
      },
    });
  },
});
