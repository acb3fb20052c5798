/*
 * Polls in a room. Trusted people ask with !newpoll 30m Tea or coffee? | tea | coffee; everybody votes with !vote 1, and
 * may change their mind. When the time is over the result is told, and who voted for what is forgotten.
 *
 *   plugins:
 *     ./plugins-examples/poll.ts: {}
 */
import { arg, definePlugin, formatDuration, s } from 'seekeeper';

interface Poll {
  question: string;
  options: string[];
  ends: number;
}

export default definePlugin({
  name: 'poll',
  needs: ['room.say'],
  config: s.object({ longest: s.duration().default('7d') }),
  personal: [{ keys: 'vote/*/{user}', what: 'what you voted for in a poll that is still open' }],
  setup(bot) {
    const { longest } = bot.config;
    const pollKey = (room: string) => `poll/${room}`;
    const votes = (room: string) => `vote/${room}/`;

    async function resultOf(room: string, { question, options }: Poll): Promise<string> {
      const given = await bot.store.entries<number>(votes(room));
      const counted = options
        .map((option, index) => ({ option, count: given.filter(({ value }) => value === index).length }))
        .sort((a, b) => b.count - a.count)
        .map(({ option, count }) => `${option}: ${count}`);
      return `${question} ${counted.join(', ')} (${given.length} ${given.length === 1 ? 'vote' : 'votes'})`;
    }

    async function close(room: string): Promise<string | undefined> {
      const poll = await bot.store.get<Poll>(pollKey(room));
      if (poll === undefined) return undefined;
      const result = `The poll is over. ${await resultOf(room, poll)}`;
      await bot.store.delete(pollKey(room));
      await bot.store.deleteAll(votes(room));
      return result;
    }

    const ends = bot.timer<{ room: string }>('end', async ({ room }) => {
      const result = await close(room);
      if (result !== undefined) await bot.say(room, result);
    });

    bot.command({
      name: 'newpoll',
      summary: 'Ask the room',
      in: 'room',
      args: { for: arg.duration({ min: '1m' }), question: arg.text() },
      allow: ['trusted', 'room.operator', 'room.owner'],
      examples: ['newpoll 30m Tea or coffee? | tea | coffee'],
      async run({ args, room, at }) {
        if (room === undefined) return 'Polls are for rooms.';
        if ((await bot.store.get(pollKey(room.name))) !== undefined)
          return 'One poll at a time: !endpoll ends this one.';
        if (args.for > longest) return `That is too long: ${formatDuration(longest)} at most.`;
        const [question = '', ...options] = args.question.split('|').map((part) => part.trim());
        if (question === '' || options.length < 2 || options.length > 9 || options.includes(''))
          return 'A poll is a question and 2 to 9 answers, with | between them.';
        const poll: Poll = { question, options, ends: at + args.for };
        await bot.store.set(pollKey(room.name), poll);
        await ends.set(room.name, poll.ends, { room: room.name });
        const list = options.map((option, index) => `${index + 1} ${option}`).join(', ');
        return `${question} !vote ${list} (${formatDuration(args.for)})`;
      },
    });

    bot.command({
      name: 'vote',
      summary: 'Vote in the poll, by number',
      in: 'room',
      args: { number: arg.int({ min: 1, max: 9 }) },
      async run({ args, room, user }) {
        const poll = room && (await bot.store.get<Poll>(pollKey(room.name)));
        if (room === undefined || poll === undefined) return 'There is no poll.';
        if (poll.options[args.number - 1] === undefined)
          return `${user}: there are ${poll.options.length} answers.`;
        // Without a word: the room sees the result, a line for every vote would be noise.
        await bot.store.set(votes(room.name) + user, args.number - 1);
        return undefined;
      },
    });

    bot.command({
      name: 'poll',
      summary: 'How the poll stands',
      in: 'room',
      cooldown: { room: '10s' },
      async run({ room, at }) {
        const poll = room && (await bot.store.get<Poll>(pollKey(room.name)));
        if (room === undefined || poll === undefined) return 'There is no poll.';
        const left = formatDuration(Math.max(1000, Math.round((poll.ends - at) / 1000) * 1000));
        return `${await resultOf(room.name, poll)}, ${left} left`;
      },
    });

    bot.command({
      name: 'endpoll',
      summary: 'End the poll now',
      in: 'room',
      allow: ['trusted', 'room.operator', 'room.owner'],
      async run({ room }) {
        if (room === undefined) return undefined;
        await ends.cancel(room.name);
        return (await close(room.name)) ?? 'There is no poll.';
      },
    });
  },
});
