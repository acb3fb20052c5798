/*
 * Remembers when people last spoke: !seen <user> [short|full]. Mods may erase somebody with !forget <user>.
 *
 *   plugins:
 *     ./plugins-examples/seen.ts: {}
 */
import { arg, definePlugin, formatDuration } from 'seekeeper';

interface Sighting {
  at: number;
  room: string;
  text: string;
  lines: number;
}

export default definePlugin({
  name: 'seen',
  needs: ['room.read', 'room.say'],
  personal: [{ keys: 'user/{user}', what: 'when and where you last spoke, and what you said' }],
  setup(bot) {
    // User names are case-sensitive: Al and al are two people.
    const key = (user: string) => `user/${user}`;

    bot.on('room.message', async (message) => {
      const { user, at, text, room } = message;
      await bot.store.update<Sighting>(key(user), (old) => ({
        at,
        room: room.name,
        text,
        lines: (old?.lines ?? 0) + 1,
      }));
    });

    bot.command({
      name: 'seen',
      aliases: ['lastseen'],
      summary: 'When did somebody last speak?',
      args: { user: arg.user(), detail: arg.optional(arg.oneOf('short', 'full')) },
      cooldown: { user: '10s', room: '3s' },
      examples: ['seen alice', 'seen "two words" full'],
      async run({ args, at, refundCooldown }) {
        const sighting = await bot.store.get<Sighting>(key(args.user));
        if (!sighting) {
          refundCooldown();
          return `I have not seen ${args.user}.`;
        }
        const ago = formatDuration(Math.floor((at - sighting.at) / 1000) * 1000);
        const answer = `${args.user}: ${ago} ago in ${sighting.room}`;
        return args.detail === 'full'
          ? `${answer}, saying "${sighting.text}" (${sighting.lines} lines)`
          : answer;
      },
    });

    bot.command({
      name: 'forget',
      summary: 'Erase what I know about a user',
      args: { user: arg.user() },
      allow: ['mod', 'owner'],
      async run({ args }) {
        const known = await bot.store.delete(key(args.user));
        return known ? `Forgot ${args.user}.` : `I knew nothing about ${args.user}.`;
      },
    });
  },
});
