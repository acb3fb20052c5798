import { definePlugin } from 'seekeeper';

/** Hostile: ends the process, or tries to. */
export default definePlugin({
  name: 'quitter',
  needs: ['room.read'],
  setup(bot) {
    bot.on('room.message', ({ text }) => {
      if (text.endsWith('50')) process.exit(7);
      if (text.endsWith('99')) process.kill(process.pid, 'SIGKILL');
    });
  },
});
