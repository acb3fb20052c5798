import { definePlugin } from 'seekeeper';

/** Hostile: throws, rejects what nobody awaits, and never settles. */
export default definePlugin({
  name: 'thrower',
  needs: ['room.read'],
  setup(bot) {
    bot.on('room.message', ({ text }) => {
      void Promise.reject(new Error(`nobody awaits ${text}`));
      if (text.endsWith('7')) return new Promise(() => {});
      throw new Error(`cannot bear ${text}`);
    });
  },
});
