/*
 * Welcomes people who enter a room; whoever comes again within `quietFor` is not welcomed again.
 *
 *   plugins:
 *     ./plugins-examples/greeter.ts:
 *       config: { rooms: [indie], text: "Welcome {user}!", quietFor: 1d }
 */
import { definePlugin, s } from 'seekeeper';

export default definePlugin({
  name: 'greeter',
  needs: ['room.read', 'room.say'],
  personal: [{ keys: '*/{user}', what: 'when I last welcomed you' }],
  config: s.object({
    rooms: s.array(s.string(), { min: 1 }).describe('Where to welcome people.'),
    text: s
      .string()
      .default('Welcome {user}, type !help to see what I can do.')
      .describe('{user} is their name.'),
    quietFor: s.duration().default('1d').describe('How long before the same person is welcomed there again.'),
  }),
  setup(bot) {
    const { rooms, text, quietFor } = bot.config;
    bot.on('room.join', { rooms }, async (event) => {
      const key = `${event.room.name}/${event.user}`;
      if (await bot.store.get(key)) return;
      await bot.store.set(key, event.at, { ttl: quietFor });
      // A welcome is worth nothing when it comes late, and must never keep an answer waiting.
      await event.reply(text.replaceAll('{user}', event.user), { priority: 'bulk', ttl: '30s' });
    });
  },
});
