/*
 * Questions for a room: !trivia asks one, whoever writes the answer first gets the point, !scores tells who leads.
 *
 *   plugins:
 *     ./plugins-examples/trivia.ts:
 *       config: { questions: [{ q: 'Which instrument has 88 keys?', a: [piano, 'the piano'] }] }
 */
import { definePlugin, formatDuration, s } from 'seekeeper';

interface Round {
  /** Index of the question. */
  index: number;
  id: string;
}

export default definePlugin({
  name: 'trivia',
  needs: ['room.read', 'room.say'],
  config: s.object({
    questions: s.array(s.object({ q: s.string({ min: 1 }), a: s.array(s.string({ min: 1 }), { min: 1 }) }), {
      min: 1,
    }),
    time: s.duration({ min: '10s', max: '10m' }).default('45s'),
  }),
  personal: [{ keys: 'score/*/{user}', what: 'your score in a quiz' }],
  setup(bot) {
    const { questions, time } = bot.config;
    const roundKey = (room: string) => `round/${room}`;
    const scoreKey = (room: string, user: string) => `score/${room}/${user}`;
    // Spelling is not what is asked for.
    const plain = (text: string) =>
      text
        .normalize('NFKD')
        .replace(/[^\p{L}\p{N}]+/gu, '')
        .toLowerCase();

    /** Ends the round, for one caller only. */
    async function take(room: string, id?: string): Promise<Round | undefined> {
      let taken: Round | undefined;
      await bot.store.update<Round>(roundKey(room), (open) => {
        taken = open !== undefined && (id === undefined || open.id === id) ? open : undefined;
        return taken === undefined ? open : undefined;
      });
      return taken;
    }

    const over = bot.timer<{ room: string; id: string }>('over', async ({ room, id }) => {
      const round = await take(room, id);
      const answer = round && questions[round.index]?.a[0];
      if (answer !== undefined) await bot.say(room, `Nobody knew: ${answer}.`, { ttl: '1m' });
    });

    bot.on('room.message', async (message) => {
      const room = message.room.name;
      const round = await bot.store.get<Round>(roundKey(room));
      const answers = round && questions[round.index]?.a;
      if (round === undefined || answers?.some((answer) => plain(answer) === plain(message.text)) !== true)
        return;
      if ((await take(room, round.id)) === undefined) return;
      await over.cancel(room);
      const score = await bot.store.update<number>(scoreKey(room, message.user), (old = 0) => old + 1);
      await message.reply(`${message.user} is right and has ${score} ${score === 1 ? 'point' : 'points'}.`);
    });

    bot.command({
      name: 'trivia',
      summary: 'A question for the room',
      in: 'room',
      cooldown: { room: '15s' },
      async run({ room, at, id, refundCooldown }) {
        if (room === undefined) return undefined;
        if ((await bot.store.get(roundKey(room.name))) !== undefined) {
          refundCooldown();
          return 'There is a question already.';
        }
        const index = Math.floor(bot.random() * questions.length);
        await bot.store.set(roundKey(room.name), { index, id } satisfies Round);
        await over.set(room.name, at + time, { room: room.name, id });
        return `${questions[index]?.q} (${formatDuration(time)})`;
      },
    });

    bot.command({
      name: 'scores',
      summary: 'Who leads',
      in: 'room',
      cooldown: { room: '15s' },
      async run({ room }) {
        if (room === undefined) return undefined;
        const prefix = `score/${room.name}/`;
        const scores = await bot.store.entries<number>(prefix);
        if (scores.length === 0) return 'Nobody has a point yet.';
        return [...scores]
          .sort((a, b) => b.value - a.value)
          .slice(0, 5)
          .map(({ key, value }) => `${key.slice(prefix.length)}: ${value}`)
          .join(', ');
      },
    });
  },
});
