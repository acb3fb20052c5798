import { definePlugin } from 'seekeeper';

/** Hostile: never comes back from some lines. */
export default definePlugin({
  name: 'looper',
  needs: ['room.read'],
  setup(bot) {
    bot.on('room.message', ({ text }) => {
      while (text.endsWith('00'));
    });
  },
});
