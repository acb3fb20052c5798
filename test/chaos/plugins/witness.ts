import { definePlugin } from 'seekeeper';

/** Healthy: notes every line, and answers !count. */
export default definePlugin({
  name: 'witness',
  needs: ['room.read', 'pm.read'],
  setup(bot) {
    const note = async (text: string) => {
      await bot.store.update<number>(`heard/${text}`, (times = 0) => times + 1);
    };
    bot.on('room.message', (message) => note(message.text));
    bot.on('private.message', (message) => note(message.text));
    bot.every({ id: 'tick', every: '5m' }, async () => {
      await bot.store.update<number>('ticks', (ticks = 0) => ticks + 1);
    });
  },
});
