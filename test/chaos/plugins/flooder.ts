import { definePlugin } from 'seekeeper';

/** Hostile: floods the log, the store, the metrics, timers and rooms, with megabytes where it can. */
export default definePlugin({
  name: 'flooder',
  needs: ['room.read', 'room.say'],
  setup(bot) {
    const timers = bot.timer<string>('flood', () => {});
    bot.on('room.message', ({ text, room, at }) => {
      const much = 'x'.repeat(2_000_000);
      for (let i = 0; i < 60; i++) {
        bot.log.info(`flood ${i}`, { much: much.slice(0, 10_000) });
        bot.metric.count(`flood${i}`, { text });
        void timers.set(`${text}/${i}`, at + 60_000 + i, 'payload');
        void bot.store.set(`flood/${i}`, much);
        void bot.say(room.name, much, { ttl: '1s', priority: 'bulk' });
      }
    });
  },
});
