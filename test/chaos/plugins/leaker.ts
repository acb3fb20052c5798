import { definePlugin } from 'seekeeper';

const kept: Uint8Array[] = [];

/** Hostile: keeps a megabyte of every line, outside of the heap. */
export default definePlugin({
  name: 'leaker',
  needs: ['room.read'],
  setup(bot) {
    bot.on('room.message', () => {
      kept.push(new Uint8Array(1_048_576).fill(1));
    });
  },
});
